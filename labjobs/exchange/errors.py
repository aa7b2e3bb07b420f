"""The refusal of a laboratory file."""

from collections.abc import Mapping

from core.errors import DomainError


class ExchangeError(DomainError):
    """A file that cannot be read or written: a sentence for the person, and the line it concerns (from 1)."""

    def __init__(self, message: str, line: int | None = None, *, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message, code="lab_file", fields=fields)
        self.line = line
