"""Somebody wants to bring something back: the customer by the link, or staff for them at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from aftersales.models import OVER, Remedy, Return, ReturnItem, ReturnReason
from aftersales.rules import Verdict
from aftersales.services import common
from aftersales.things import HANDED_OVER, Thing, things_of, verdicts
from branches import numbers
from branches.roles import Can
from core.actor import Actor, Source
from core.errors import DomainError, Problems
from orders.models import Order
from orders.services import common as orders
from orders.services.common import Said
from records.models import EvidenceKind
from records.services import evidence
from records.services.evidence import EvidenceData, Subject, Upload

MOST_PHOTOS = 4


@dataclass(frozen=True)
class RequestData:
    """What is asked for. `keys` name things of the order; photos become evidence of the return."""

    order_id: int
    keys: Sequence[str]
    reason: str
    remedy: str
    words: str = ""
    photos: Sequence[Upload] = ()


@transaction.atomic
def request(actor: Actor, data: RequestData) -> Return:
    """Ask for it. The policy answers at once and its answer is kept; a person decides. Raises DomainError at the field.

    A customer needs no right for their own order: the link was the proof.
    """
    order = orders.lock(data.order_id)
    if actor.source is not Source.LINK:
        orders.require_here(actor, Can.MANAGE_RETURNS, order)
    _possible(order)
    found = {thing.key: thing for thing in things_of(order)}
    _check(data, found)
    chosen = [found[key] for key in dict.fromkeys(data.keys)]
    made = _create(actor, order, data, verdicts(order, chosen, data.reason))
    for thing in chosen:
        ReturnItem.objects.create(
            parent=made,
            key=thing.key,
            goods=thing.goods,
            description=thing.description,
            frame_id=thing.frame_id,
            amount=thing.amount,
        )
    _keep_photos(actor, order, made, data.photos)
    common.tell("return.requested", actor, made, Said(reason=made.words[:200], reason_code=made.reason))
    return made


def _possible(order: Order) -> None:
    if order.state not in HANDED_OVER:
        raise DomainError(
            _("Only what was handed over can come back. Cancel the order instead."), code="not_handed_over"
        )
    if Return.objects.filter(order=order).exclude(state__in=OVER).exists():
        raise DomainError(_("A return of this order is under way already."), code="return_open")


def _check(data: RequestData, found: dict[str, Thing]) -> None:
    problems = Problems()
    if not data.keys or any(key not in found for key in data.keys):
        problems.add("keys", _("Choose what comes back."))
    if data.reason not in ReturnReason.values:
        problems.add("reason", _("Choose the reason."))
    if data.remedy not in Remedy.values:
        problems.add("remedy", _("Choose what is wanted."))
    if data.reason != ReturnReason.NOT_SATISFIED and not data.words.strip():
        problems.add("words", _("Say what is wrong, so that we can look at the right place."))
    if len(data.photos) > MOST_PHOTOS:
        problems.add("photos", _("At most %(n)d photos.") % {"n": MOST_PHOTOS})
    problems.raise_if_any(_("The return was not asked for."))


def _create(actor: Actor, order: Order, data: RequestData, said: dict[str, Verdict]) -> Return:
    made = Return.objects.create(
        number=f"RET-{numbers.draw('return'):05d}",
        order=order,
        branch_id=order.collect_branch_id,
        reason=data.reason,
        words=data.words.strip()[:2000],
        remedy=data.remedy,
        explained=[{"key": key, "allowed": one.allowed, "why": one.why} for key, one in said.items()],
        requested_by_id=actor.user_id,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    made.order = order
    return made


def _keep_photos(actor: Actor, order: Order, made: Return, photos: Sequence[Upload]) -> None:
    about = Subject(made, made.branch_id, order.customer_id, order.pk)
    for photo in photos:
        evidence.add(actor, about, EvidenceData(EvidenceKind.PHOTO, str(_("Photo for the return")), upload=photo))
