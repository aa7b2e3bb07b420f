"""What a kind of case needs: declared by the app that owns the subject, in its `case_kinds.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from branches.roles import Can
from cases.models import Case
from core.actor import Actor

Words = str | Promise


@dataclass(frozen=True)
class ClosureItem:
    """One condition before a case may close. `check` answers from the records; without it a person ticks, with a note.

    `or_by_hand`: what the records cannot always see (a call by telephone) may be ticked as well.
    """

    code: str
    label: Words
    check: Callable[[Case], bool] | None = None
    or_by_hand: bool = False

    @property
    def by_hand(self) -> bool:
        return self.check is None or self.or_by_hand


@dataclass(frozen=True)
class DecisionOption:
    """One way out that can be asked for. `effect` says in words what follows; `apply` does it once it is approved."""

    code: str
    label: Words
    effect: Words = ""
    apply: Callable[[Case, Actor], None] | None = None


@dataclass(frozen=True)
class CaseKind:
    """`due_hours` are hours in which the case's branch is open; a working day has eight.

    `blocks` names the stage that waits while such a case is open (empty: none).

    `decision_needs` is the right that decides where money moves; the requester may not decide. `evidence_needed` says
    in words what must be attached; at least one piece is asked for when it is not empty.
    """

    code: str
    label: Words
    owner_role: str
    due_hours: int
    closure: tuple[ClosureItem, ...]
    evidence_needed: Words = ""
    decision_needs: Can | None = None
    blocks: str = ""
    needs_cause: bool = False
    severity: int = 2
    decisions: tuple[DecisionOption, ...] = ()
    by_hand: bool = True

    def option(self, code: str) -> DecisionOption | None:
        """The option of this code, or None."""
        return next((option for option in self.decisions if option.code == code), None)


_kinds: dict[str, CaseKind] = {}


def register(*kinds: CaseKind) -> None:
    for kind in kinds:
        _kinds[kind.code] = kind


def get(code: str) -> CaseKind:
    return _kinds[code]


def all_kinds() -> tuple[CaseKind, ...]:
    return tuple(_kinds.values())
