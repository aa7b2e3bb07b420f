"""How it was: asked once some days after the hand-over, three ratings, words; a low one becomes a case with an owner."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import Feedback, FeedbackPlan
from aftersales.things import HANDED_OVER
from branches import access
from branches.models import Branch, User
from branches.roles import Can, Role
from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from core.errors import DomainError
from core.states import Words
from orders.models import FrameChoice, LensSpecification, Order, OrderState
from orders.services.common import Said, lock, tell
from records import events
from records.models import Event

QUESTIONS = ("tracking", "time", "product")
LOW = 3
WENT_WRONG: dict[str, Words] = {
    "late": gettext_lazy("It took too long"),
    "no_news": gettext_lazy("I heard nothing in between"),
    "wrong_news": gettext_lazy("What I was told was not right"),
    "vision": gettext_lazy("I do not see well with them"),
    "fit": gettext_lazy("They do not sit well"),
    "faulty": gettext_lazy("Something is damaged or missing"),
    "service": gettext_lazy("How I was treated"),
}
# After this an answer says little; a practice that was switched off for long does not ask about last season.
_WINDOW = timedelta(days=14)
_ASKER = system("Calendar")


@transaction.atomic
def give(actor: Actor, order_id: int, ratings: Mapping[str, int]) -> bool:
    """Three ratings from 1 to 5, 0 where it was skipped; once per order. False when there was an answer before."""
    order = lock(order_id)
    if set(ratings) != set(QUESTIONS) or not all(0 <= value <= 5 for value in ratings.values()):
        raise DomainError(_("Choose from 1 to 5."), code="rating")
    if order.state not in HANDED_OVER:
        raise DomainError(_("This order has not been handed over yet."), code="not_handed_over")
    if has_answered(order):
        return False
    _keep(order, ratings)
    tell("feedback.given", actor, order, Said(data=dict(ratings)))
    if any(0 < value <= LOW for value in ratings.values()):
        _open_low(order, ", ".join(f"{_WORDS[name]}: {value}" for name, value in ratings.items() if value))
    return True


_WORDS: dict[str, Words] = {
    "tracking": gettext_lazy("Following the order"),
    "time": gettext_lazy("Waiting time"),
    "product": gettext_lazy("Product"),
}


def _keep(order: Order, ratings: Mapping[str, int]) -> Feedback:
    frame = FrameChoice.objects.select_related("frame").filter(order=order).first()
    lens = LensSpecification.objects.select_related("right", "left").filter(order=order).first()
    product = (lens.right or lens.left) if lens else None
    scores = {name: ratings[name] or None for name in QUESTIONS}
    return Feedback.objects.create(
        order=order,
        branch_id=order.collect_branch_id,
        carrier=carrier_of(order),
        frame_brand=frame.frame.brand if frame and frame.frame else "",
        lens=product.name[:120] if product else "",
        **scores,
    )


def carrier_of(order: Order) -> str:
    """Who brought it, as the last shipment's event said; empty when it was collected."""
    event = Event.objects.filter(order_id=order.pk, kind="shipment.shipped").order_by("-pk").first()
    return str(event.data.get("carrier", ""))[:80] if event else ""


def _open_low(order: Order, words: str) -> None:
    owner = _manager_of(order.collect_branch_id)
    cases.open_case(
        system(_("Customer's link")),
        CaseData(
            kind="low_feedback",
            subject=order,
            branch_id=order.collect_branch_id,
            title=_("Low rating for order %(number)s") % {"number": order.number},
            description=words,
            customer_id=order.customer_id,
            order_id=order.pk,
            owner_id=owner.pk if owner else order.owner_id,
        ),
    )


def _manager_of(branch_id: int) -> User | None:
    people = User.objects.filter(
        is_active=True, memberships__branch_id=branch_id, memberships__role=Role.BRANCH_MANAGER
    )
    return people.order_by("pk").first()


def has_answered(order: Order) -> bool:
    return Feedback.objects.filter(order=order).exists()


def is_low(order: Order) -> bool:
    """Whether one of their answers was 3 or less."""
    found = Feedback.objects.filter(order=order).first()
    return found is not None and any(score <= LOW for score in found.scores)


@transaction.atomic
def comment(actor: Actor, order_id: int, words: str, went_wrong: Sequence[str] = ()) -> None:
    """What went wrong and words after the ratings; an open low rating gets them too."""
    order = lock(order_id)
    found = Feedback.objects.select_for_update().filter(order=order).first()
    chips = [code for code in dict.fromkeys(went_wrong) if code in WENT_WRONG]
    text = words.strip()[:1000]
    if found is None or not (text or chips):
        return
    found.words, found.went_wrong = text or found.words, chips or found.went_wrong
    found.save(update_fields=["words", "went_wrong"])
    said = "; ".join(part for part in (*(str(WENT_WRONG[code]) for code in chips), text) if part)
    tell("feedback.commented", actor, order, Said(reason=said[:1000]))
    if Case.objects.filter(kind="low_feedback", order_id=order.pk).exclude(state="closed").exists():
        _open_low(order, said)


@transaction.atomic
def ask_due(now: datetime) -> int:
    """Orders handed over some days ago and not asked about yet: an event each, from which the message follows."""
    plans = {plan.branch_id: plan for plan in FeedbackPlan.objects.all()}
    asked = Event.objects.filter(kind="order.feedback_due").values("order_id")
    found = list(
        Order.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .filter(state__in=[OrderState.COLLECTED, OrderState.CLOSED])
        .filter(collected_at__lte=now - timedelta(days=1), collected_at__gt=now - _longest(plans) - _WINDOW)
        .exclude(pk__in=asked)
        .order_by("pk")[:2000]
    )
    due = [order for order in found if _is_due(order, plans.get(order.collect_branch_id), now)]
    for order in due[:200]:
        tell("order.feedback_due", _ASKER, order)
    return len(due[:200])


def _longest(plans: Mapping[int, FeedbackPlan]) -> timedelta:
    return timedelta(days=max([settings.FEEDBACK_AFTER_DAYS, *(plan.days for plan in plans.values())]))


def _is_due(order: Order, plan: FeedbackPlan | None, now: datetime) -> bool:
    if order.collected_at is None or (plan is not None and not plan.is_on):
        return False
    days = timedelta(days=plan.days if plan else settings.FEEDBACK_AFTER_DAYS)
    return order.collected_at + days <= now < order.collected_at + days + _WINDOW


@transaction.atomic
def plan(actor: Actor, branch_id: int, days: int, *, is_on: bool) -> FeedbackPlan:
    """When this branch asks, or that it does not."""
    access.require(actor, Can.MANAGE_SETTINGS, branch_id)
    if not 1 <= days <= 60:
        message = _("Choose from 1 to 60 days.")
        raise DomainError(message, fields={"days": message}, code="days")
    Branch.objects.select_for_update(no_key=True).get(pk=branch_id)
    found, _made = FeedbackPlan.objects.get_or_create(branch_id=branch_id)
    old = {"days": str(found.days), "asks": str(found.is_on)}
    found.days, found.is_on, found.version = days, is_on, found.version + 1
    found.save()
    fact = events.Fact(found, branch_id, old=old, new={"days": str(days), "asks": str(is_on)})
    events.record("feedback_plan.changed", actor, fact)
    return found
