"""What a new branch needs before its first customer. Every app names its own; the data tells what is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet
from django.urls import reverse

from branches.access import allowed
from branches.models import Branch
from core.actor import Actor
from core.states import Words

Done = Callable[[Branch], "QuerySet[Any]"]


@dataclass(frozen=True)
class FirstStep:
    """`done`: rows that exist once it is done. `closes`: with it the branch is at work and nobody is reminded any more."""

    key: str
    label: Words
    hint: Words
    url_name: str
    order: int
    can: str
    done: Done
    closes: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


_steps: dict[str, FirstStep] = {}


def register(step: FirstStep) -> None:
    _steps[step.key] = step


def standing(actor: Actor, branch: Branch) -> list[tuple[FirstStep, bool]]:
    """The steps that the actor may take in this branch, each with whether it is done; one query."""
    steps = [step for step in _in_order() if allowed(actor, step.can, branch.pk)]
    asked = Branch.objects.filter(pk=branch.pk).order_by()
    found = asked.values_list(*(Exists(step.done(branch)) for step in steps))
    return list(zip(steps, found[0], strict=True)) if steps else []


def is_at_work(branch: Branch) -> bool:
    return any(step.done(branch).exists() for step in _in_order() if step.closes)


def _in_order() -> Sequence[FirstStep]:
    return sorted(_steps.values(), key=lambda step: step.order)
