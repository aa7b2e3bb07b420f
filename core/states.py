"""Transition tables: one readable table per state machine, used by services, pages and the generated diagrams."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import IllegalTransition

Words = str | Promise


@dataclass(frozen=True)
class Transition:
    """One allowed step. `verb` names the service function; `can` is the permission it needs."""

    verb: str
    start: str
    end: str
    can: str
    label: Words
    needs_reason: bool = False


class Machine:
    """The states of one noun and the steps between them."""

    def __init__(self, name: str, states: Iterable[tuple[str, Words]], transitions: Iterable[Transition]) -> None:
        self.name = name
        self.states = dict(states)
        self.transitions = tuple(transitions)
        for step in self.transitions:
            if step.start not in self.states or step.end not in self.states:
                raise ValueError(f"{name}: {step.verb} uses an unknown state")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self.transitions)

    def from_state(self, state: str) -> list[Transition]:
        return [step for step in self.transitions if step.start == state]

    def allows(self, verb: str, state: str) -> bool:
        return any(step.verb == verb and step.start == state for step in self.transitions)

    def step(self, verb: str, state: str, end: str | None = None) -> Transition:
        """The transition for `verb` from `state`. Raises IllegalTransition naming the state and what it allows."""
        for step in self.transitions:
            if step.verb == verb and step.start == state and (end is None or step.end == end):
                return step
        raise IllegalTransition(self._why_not(state), code="illegal_transition")

    def _why_not(self, state: str) -> str:
        word, allowed = self.states.get(state, state), dict.fromkeys(str(step.label) for step in self.from_state(state))
        if not allowed:
            return _("Not possible while it is “%(state)s”: nothing more happens to it.") % {"state": word}
        words = {"state": word, "allowed": ", ".join(allowed)}
        return _("Not possible while it is “%(state)s”. Possible now: %(allowed)s.") % words

    def mermaid(self) -> str:
        """The machine as a Mermaid state diagram for `docs/states/`."""
        lines = ["stateDiagram-v2"]
        lines += [f"    {step.start} --> {step.end}: {step.verb}" for step in self.transitions]
        return "\n".join(lines) + "\n"
