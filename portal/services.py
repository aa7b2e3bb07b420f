"""What a customer does by their link. Each verb is one transaction, safe to repeat, and tells its event."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from core.errors import DomainError
from notifications.codes import code_of
from orders.models import Order, OrderState
from orders.services.common import Said, lock, tell
from records.models import Event, EvidenceKind
from records.services import evidence
from records.services.evidence import EvidenceData, Subject, Upload

QUESTIONS = ("tracking", "time", "product")
LOW = 3
CODE_LIFE = timedelta(minutes=15)
_HANDED_OVER = (OrderState.COLLECTED, OrderState.CLOSED, OrderState.SHIPPED)
_HERE = system("Customer's link")


@transaction.atomic
def report_problem(actor: Actor, order_id: int, words: str, photo: Upload | None = None) -> Case:
    """Something is wrong: a case with an owner, the photo as its evidence. While one is open, words are added to it."""
    order = lock(order_id)
    text = words.strip()
    if not text:
        raise DomainError(_("Tell us what is wrong."), fields={"words": _("Tell us what is wrong.")}, code="empty")
    case = cases.open_case(
        _HERE,
        CaseData(
            kind="customer_problem",
            subject=order,
            branch_id=order.collect_branch_id,
            title=_("Problem reported by link, order %(number)s") % {"number": order.number},
            description=text[:2000],
            customer_id=order.customer_id,
            order_id=order.pk,
        ),
    )
    if photo is not None:
        about = Subject(case, order.collect_branch_id, order.customer_id, order.pk)
        evidence.add(actor, about, EvidenceData(EvidenceKind.PHOTO, _("Photo from the customer"), upload=photo))
    tell("order.problem_reported", actor, order, Said(reason=text[:200], data={"case": case.pk}))
    return case


@transaction.atomic
def confirm_receipt(actor: Actor, order_id: int) -> bool:
    """They have their glasses and all is well. False when they said so before."""
    order = lock(order_id)
    if order.state not in _HANDED_OVER:
        raise DomainError(_("This order has not been handed over yet."), code="not_handed_over")
    if has_confirmed(order):
        return False
    tell("order.receipt_confirmed", actor, order)
    return True


def has_confirmed(order: Order) -> bool:
    return Event.objects.filter(order_id=order.pk, kind="order.receipt_confirmed").exists()


@transaction.atomic
def plan_collection(actor: Actor, order_id: int, when: str) -> None:
    """When they mean to come, in words for the counter. The latest counts."""
    order = lock(order_id)
    if order.state not in (OrderState.READY, OrderState.CONFIRMED, OrderState.IN_PRODUCTION):
        raise DomainError(_("This order waits for nobody to collect it."), code="not_to_collect")
    tell("order.collection_planned", actor, order, Said(new={"when": when}))


def planned_collection(order: Order) -> str:
    """What they chose last."""
    event = Event.objects.filter(order_id=order.pk, kind="order.collection_planned").order_by("-pk").first()
    return str(event.new.get("when", "")) if event else ""


@transaction.atomic
def give_feedback(actor: Actor, order_id: int, ratings: Mapping[str, int]) -> bool:
    """Three ratings from 1 to 5, once per order; a low one opens a case. False when there was an answer before."""
    order = lock(order_id)
    if set(ratings) != set(QUESTIONS) or not all(0 <= value <= 5 for value in ratings.values()):
        raise DomainError(_("Choose from 1 to 5."), code="rating")
    if has_answered(order):
        return False
    tell("feedback.given", actor, order, Said(data=dict(ratings)))
    low = [value for value in ratings.values() if 0 < value <= LOW]
    if low:
        _open_low(order, ratings)
    return True


def _open_low(order: Order, ratings: Mapping[str, int]) -> None:
    words = ", ".join(f"{question} {value}" for question, value in ratings.items() if value)
    cases.open_case(
        _HERE,
        CaseData(
            kind="low_feedback",
            subject=order,
            branch_id=order.collect_branch_id,
            title=_("Low rating for order %(number)s") % {"number": order.number},
            description=words,
            customer_id=order.customer_id,
            order_id=order.pk,
        ),
    )


def has_answered(order: Order) -> bool:
    return Event.objects.filter(order_id=order.pk, kind="feedback.given").exists()


@transaction.atomic
def comment(actor: Actor, order_id: int, words: str) -> None:
    """Words after the ratings; an open low rating gets them too."""
    order = lock(order_id)
    text = words.strip()[:1000]
    if not text:
        return
    tell("feedback.commented", actor, order, Said(reason=text))
    low = Case.objects.filter(kind="low_feedback", order_id=order.pk).exclude(state="closed").first()
    if low is not None:
        _open_note(order, text)


def _open_note(order: Order, text: str) -> None:
    """An open case of the kind takes the words as a note."""
    data = CaseData("low_feedback", order, order.collect_branch_id, "-", text, order.customer_id, order.pk)
    cases.open_case(_HERE, data)


def phone_ends_with(order: Order, digits: str) -> bool:
    """Whether these are the last four digits of the phone on file; the same work either way."""
    on_file = (order.customer.phone or "+0000000000")[-4:]
    same = hmac.compare_digest(_mac(on_file), _mac("".join(char for char in digits if char.isdigit())))
    return same and bool(order.customer.phone)


def _mac(text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).digest()


@transaction.atomic
def ask_code(actor: Actor, order_id: int) -> None:
    """A code goes to the contact on file; the message follows from the event."""
    tell("order.code_asked", actor, lock(order_id))


def code_is_right(order: Order, typed: str) -> bool:
    """Compare with the codes sent within a quarter of an hour."""
    since = timezone.now() - CODE_LIFE
    events = Event.objects.filter(order_id=order.pk, kind="order.code_asked", at__gt=since).order_by("-pk")[:3]
    digits = "".join(char for char in typed if char.isdigit())
    return any(hmac.compare_digest(code_of(event.pk, order.pk).encode(), digits.encode()) for event in events)
