"""What the review pages and the panels on records read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches import access
from branches.roles import Can
from branches.scope import Scope
from core import ui
from core.actor import Actor
from core.errors import NotVisible
from core.prepared import Slot, prepared
from core.shortlived import remembered
from records import registry
from records.facts import role_word
from records.models import Evidence, Review, ReviewState
from records.services import changes

REVIEW_VIEWS = ("mine", "branch", "unowned", "decided")


@dataclass(frozen=True)
class ReviewCard:
    """A review as a page shows it."""

    review: Review
    shown: ui.Review
    subject: str
    url: str
    override_url: str
    decide_url: str = ""


@dataclass(frozen=True)
class ReviewGroup:
    """What one change reopened on a record: one panel, and each decision's own way out."""

    shown: ui.Review
    cards: Sequence[ReviewCard]

    @property
    def is_many(self) -> bool:
        return len(self.cards) > 1

    @property
    def ways(self) -> list[ReviewCard]:
        """Those that the viewer may decide from here."""
        return [one for one in self.cards if one.decide_url or one.override_url]


def visible_reviews(scope: Scope) -> QuerySet[Review]:
    """Reviews of the scope's branches; those without a branch are the organisation's and seen by all."""
    found = Review.objects.select_related("owner", "branch", "resolved_by")
    return found if scope.everything else found.filter(Q(branch_id__in=scope.branch_ids) | Q(branch=None))


def review(scope: Scope, review_id: int) -> Review:
    """One review. Raises NotVisible outside the scope."""
    found = visible_reviews(scope).filter(pk=review_id).first()
    if found is None:
        raise NotVisible(_("Not found."))
    return found


def reviews_in(scope: Scope, actor: Actor, view: str) -> QuerySet[Review]:
    """One view, oldest first: what a person owns themselves or holds the role for, all, unowned, or decided."""
    roles = {role for _branch, role in actor.roles}
    conditions = {
        "mine": Q(state=ReviewState.OPEN) & (Q(owner_id=actor.user_id) | Q(owner=None, owner_role__in=roles)),
        "branch": Q(state=ReviewState.OPEN),
        "unowned": Q(state=ReviewState.OPEN, owner=None),
        "decided": ~Q(state=ReviewState.OPEN),
    }
    return (
        visible_reviews(scope).filter(conditions[view]).order_by("-resolved_at" if view == "decided" else "opened_at")
    )


def owners_of_mine(scope: Scope, actor: Actor) -> list[int | None]:
    """Who owns each review that waits for this person or their role (None: nobody yet); read once a request."""

    def read() -> list[int | None]:
        return list(reviews_in(scope, actor, "mine").order_by().values_list("owner_id", flat=True)[:1000])

    return remembered(("reviews", actor.user_id, actor.branch_id), read)


def review_cards(scope: Scope, actor: Actor, view: str, limit: int = 50) -> list[ReviewCard]:
    """The first reviews of a view."""
    return [card(entry, actor) for entry in reviews_in(scope, actor, view)[:limit]]


def cards_of_order(order_id: int, actor: Actor) -> list[ReviewCard]:
    """The open reviews of an order, for its page."""
    found = Review.objects.filter(order_id=order_id, state=ReviewState.OPEN).select_related("owner", "branch")
    return [card(entry, actor) for entry in found.order_by("pk")]


def together(cards: Sequence[ReviewCard]) -> list[ReviewGroup]:
    """One panel for each change, in the order of the cards; with several decisions each names its owner."""
    groups: dict[tuple[str, int, str], list[ReviewCard]] = {}
    for one in cards:
        found = one.review
        groups.setdefault((found.cause_type, found.cause_id, found.what_changed), []).append(one)
    return [ReviewGroup(_joined(found), found) for found in groups.values()]


def _joined(cards: Sequence[ReviewCard]) -> ui.Review:
    first = cards[0].shown
    if len(cards) == 1:
        return first
    owners = list(dict.fromkeys(str(one.shown.owner) for one in cards))
    steps = [(one, step) for one in cards for step in one.shown.before]
    return replace(
        first,
        why=" ".join(dict.fromkeys(str(one.shown.why) for one in cards)),
        owner=", ".join(owners),
        before=[replace(step, meta=step.meta or (one.shown.owner if len(owners) > 1 else "")) for one, step in steps],
    )


def card(entry: Review, actor: Actor) -> ReviewCard:
    """The four answers of one review; the override link only for those who may."""
    subject, url = subject_of(entry.subject_type, entry.subject_id)
    decided = entry.state != ReviewState.OPEN
    owner = entry.owner.full_name if entry.owner else role_word(entry.owner_role)
    shown = ui.Review(
        title=subject,
        changed=entry.what_changed,
        why=entry.matters,
        owner=owner,
        before=[ui.Step(entry.asks, done=decided, meta=entry.resolution_reason)],
        when=entry.opened_at,
        url=subject_of(entry.cause_type, entry.cause_id)[1],
    )
    may = not decided and access.allowed(actor, Can.OVERRIDE_REVIEWS, entry.branch_id)
    own_page = not decided and changes.of_decision(entry.decision) is not None
    return ReviewCard(
        entry,
        shown,
        subject,
        url,
        reverse("records:override", args=[entry.pk]) if may else "",
        reverse("records:decide", args=[entry.pk]) if own_page else "",
    )


def affected(
    record: models.Model, fields: Collection[str] | None = None, scope: Scope | None = None
) -> list[ui.Affected]:
    """ "This affects" of a change panel: what rests on the record, with its owner and what must be done.

    With a `scope`, what belongs to other branches is only counted.
    """
    effects = changes.preview(record, fields)
    here = [effect for effect in effects if scope is None or scope.covers(effect.affected.branch_id)]
    lines = [
        ui.Affected(
            title=effect.affected.title,
            decision=effect.dependency.before_next_stage,
            owner=effect.affected.owner_name or role_word(effect.dependency.owner_role),
            needs_review=effect.dependency.reopens,
            url=effect.affected.url,
        )
        for effect in here
    ]
    away = len(effects) - len(here)
    if away:
        title = ngettext("%(n)d decision in another branch", "%(n)d decisions in other branches", away) % {"n": away}
        lines.append(ui.Affected(title, _("Their owners there are told"), needs_review=True))
    return lines


def subject_of(record_type: str, record_id: int) -> tuple[str, str]:
    """(title, address) of a record for a link; plain words when it is gone or not registered."""
    kinds = registry.all_kinds()
    kind = kinds.get(record_type)
    record = kind.model._default_manager.filter(pk=record_id).first() if kind else None
    if kind is None or record is None:
        return record_type.split(".")[-1], ""
    return kind.title(record), kind.url(record)


def evidence_of(record_type: str, record_id: int) -> Sequence[Evidence]:
    """The evidence of a record that still stands, oldest first."""
    return _evidence().rows(kind=record_type, key=record_id)


@prepared
def _evidence() -> QuerySet[Evidence]:
    found = Evidence.objects.filter(subject_type=Slot("kind"), subject_id=Slot("key"), withdrawn_at=None)
    return found.order_by("pk")
