"""What a customer does by their link. Each verb is one transaction, safe to repeat, and tells its event."""

import hashlib
import hmac
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.things import HANDED_OVER
from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from core.errors import DomainError
from notifications.codes import code_of
from orders.models import Delivery, Order, OrderState
from orders.services import delivery
from orders.services.common import Said, lock, save, tell
from records.models import Event, EvidenceKind
from records.services import evidence
from records.services.evidence import EvidenceData, Subject, Upload

CODE_LIFE = timedelta(minutes=15)
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
    if order.state not in HANDED_OVER:
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
    if not waits_to_be_collected(order):
        raise DomainError(_("This order waits for nobody to collect it."), code="not_to_collect")
    tell("order.collection_planned", actor, order, Said(new={"when": when}))


def waits_to_be_collected(order: Order) -> bool:
    """It is made or being made, and its owner comes for it."""
    waits = order.state in (OrderState.READY, OrderState.CONFIRMED, OrderState.IN_PRODUCTION)
    return waits and order.delivery == Delivery.COLLECT


@transaction.atomic
def collect_at(actor: Actor, order_id: int, branch_id: int) -> bool:
    """Another shop of the practice to collect at, while it is being made. False when it is that one already."""
    order = lock(order_id)
    if order.delivery != Delivery.COLLECT or order.state not in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION):
        raise DomainError(_("This can no longer be changed here. Call us and we arrange it."), code="too_late")
    shop = delivery.shops().filter(pk=branch_id).first()
    if shop is None:
        message = _("Choose one of the shops.")
        raise DomainError(message, fields={"shop": message}, code="no_shop")
    if order.collect_branch_id == shop.pk:
        return False
    old = order.collect_branch.name
    order.collect_branch = shop
    save(order)
    tell("order.collect_branch_changed", actor, order, Said(old={"shop": old}, new={"shop": shop.name}))
    return True


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
