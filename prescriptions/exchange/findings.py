"""What reading a document found: problems that refuse it, notes on what was changed, parts that were left."""

from dataclasses import dataclass, field

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: a stable code, where in the document (`lensSpecification[0].axis`), and the sentence."""

    code: str
    path: str
    message: str


class Unreadable(DomainError):
    """Raised where nothing can be understood at all; the reader turns it into its one problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, code=code)


class Unwritable(DomainError):
    """A prescription that FHIR cannot hold, with the reason."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="fhir")


@dataclass(slots=True)
class Report:
    """Collects findings while a document is read."""

    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    not_taken_over: list[Finding] = field(default_factory=list)

    def problem(self, code: str, path: str, message: str) -> None:
        """Something that refuses the document."""
        self.problems.append(Finding(code, path, message))

    def note(self, code: str, path: str, message: str) -> None:
        """Something that was understood by changing it."""
        self.notes.append(Finding(code, path, message))

    def left(self, path: str, message: str) -> None:
        """Something that was not taken over."""
        self.not_taken_over.append(Finding("not_taken_over", path, message))
