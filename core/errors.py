"""What a service raises when it refuses. Views and the API turn these into words at the right field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


class DomainError(Exception):
    """A refusal with a sentence for the person, a stable code for programs, and, where known, the field.

    `fields` maps a form field to its message. `missing` lists every unmet condition when several stand in the way.
    """

    status = 422

    def __init__(
        self,
        message: str,
        *,
        code: str = "refused",
        fields: Mapping[str, str] | None = None,
        missing: Sequence["Missing"] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.fields = dict(fields or {})
        self.missing = tuple(missing)


@dataclass(frozen=True)
class Missing:
    """One unmet condition of a gate: what, who can mend it, where."""

    code: str
    message: str
    owner: str = ""
    url: str = ""


class NotAllowed(DomainError):
    """The person may see this but not do it (403)."""

    status = 403


class NotVisible(DomainError):
    """The thing is outside the person's branches or does not exist; the two answers are the same (404)."""

    status = 404


class IllegalTransition(DomainError):
    """The state does not allow this step; names the state and what is allowed from it (409)."""

    status = 409


class GateClosed(DomainError):
    """A stage cannot begin; `missing` names everything that stands in the way (409)."""

    status = 409


@dataclass(frozen=True)
class Clash:
    """One field that differs between two people: who set what is stored, when, and which side changed it."""

    field: str
    label: str
    original: str
    theirs: str
    yours: str
    by: str = ""
    at: datetime | None = None
    is_theirs: bool = True
    is_yours: bool = True

    @property
    def is_open(self) -> bool:
        """Both changed it, to different values: a person chooses."""
        return self.is_theirs and self.is_yours


class StaleRecord(DomainError):
    """Someone else saved first (409). `clashes` shows both sides; nothing is lost."""

    status = 409

    def __init__(self, message: str, *, clashes: Sequence[Clash] = (), current_version: int = 0) -> None:
        super().__init__(message, code="stale")
        self.clashes = tuple(clashes)
        self.current_version = current_version


class Busy(DomainError):
    """A lock could not be had in time; try again (503)."""

    status = 503


@dataclass
class Problems:
    """Collects field errors so that a form hears of all of them at once."""

    fields: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, message: str) -> None:
        self.fields.setdefault(name, message)

    def raise_if_any(self, message: str) -> None:
        if self.fields:
            raise DomainError(message, code="invalid", fields=self.fields)
