"""Hand-overs as pages show them: who gave what to whom, what changed meanwhile, and the button of the receiver."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.scope import Scope
from core import ui
from core.actor import Actor
from core.errors import NotVisible
from core.states import Words
from records import selectors
from records.facts import role_word
from records.models import Handover
from records.phrases import label
from records.services import handovers

# Hand-overs carry the code of the stage; the words of those that the product itself uses.
STAGES: dict[str, Words] = {
    "production": gettext_lazy("Laboratory"),
    "fitting": gettext_lazy("Fitting and collection"),
}


@dataclass(frozen=True)
class Changed:
    """One value before and after, who changed it and why."""

    what: str
    old: str
    new: str
    who: str
    why: str


@dataclass(frozen=True)
class Card:
    """A hand-over as a page shows it. `must_read`: the next stage waits for the receiver's word."""

    handover: Handover
    title: str
    subject: str
    url: str
    changes: Sequence[Changed]
    must_read: bool
    may_sign: bool
    sign_url: str

    @property
    def alone(self) -> "list[Card]":
        """For the part of a page that shows several."""
        return [self]


def card(handover: Handover, actor: Actor) -> Card:
    """One hand-over for this reader."""
    subject, url = selectors.subject_of(handover.subject_type, handover.subject_id)
    words = {
        "from": role_word(handover.from_role) or _("Nobody"),
        "to": role_word(handover.to_role),
        "stage": STAGES.get(handover.stage, handover.stage),
    }
    return Card(
        handover=handover,
        title=_("%(from)s → %(to)s: %(stage)s") % words,
        subject=subject,
        url=url,
        changes=[
            Changed(label(one["what"]), one["old"], one["new"], one["who"], one["why"]) for one in handover.changes
        ],
        must_read=handovers.must_be_read(handover),
        may_sign=handover.acknowledged_at is None and handovers.may_receive(actor, handover),
        sign_url=reverse("records:acknowledge", args=[handover.pk]),
    )


def of_order(order_id: int, actor: Actor) -> list[Card]:
    """What an order's receiver has not read yet; a hand-over without changes needs no reading."""
    return [card(one, actor) for one in handovers.waiting(order_id) if one.changes]


def visible(scope: Scope) -> QuerySet[Handover]:
    """Hand-overs received by the scope's branches."""
    found = handovers.unread().exclude(changes=[])
    return found if scope.everything else found.filter(branch_id__in=scope.branch_ids)


def mine(scope: Scope, actor: Actor) -> list[Handover]:
    """Those that wait for this person's word, oldest first."""
    found = visible(scope).select_related("by", "branch")[:200]
    return [one for one in found if handovers.must_be_read(one) and handovers.may_receive(actor, one)]


def handover(scope: Scope, handover_id: int) -> Handover:
    """One hand-over. Raises NotVisible outside the scope."""
    found = Handover.objects.filter(pk=handover_id).first()
    if found is None or not (scope.everything or found.branch_id in scope.branch_ids):
        raise NotVisible(_("Not found."))
    return found


def review_tabs(scope: Scope, actor: Actor, current: str) -> list[ui.View]:
    """The saved views with their counts."""
    labels = {"mine": _("Mine"), "branch": _("All open"), "unowned": _("Without a person"), "decided": _("Decided")}
    tabs = [
        ui.View(
            label,
            f"{reverse('records:reviews')}?view={view}",
            None if view == "decided" else selectors.reviews_in(scope, actor, view).count(),
            "review" if view == "mine" else "",
            view == current,
        )
        for view, label in labels.items()
    ]
    unread = len(mine(scope, actor))
    return [*tabs, ui.View(_("Hand-overs"), reverse("records:handovers"), unread, "review", current == "handovers")]
