"""Shared computers: enrolling one, and unlocking there with a PIN."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.models import Desk, DeskSignIn, User
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotVisible

PIN_TRIES = 5


@dataclass(frozen=True)
class Verdict:
    """What a typed PIN led to. `tries_left` 0 means that only the password helps now."""

    is_right: bool
    tries_left: int


@transaction.atomic
def enrol(branch_id: int, name: str, *, actor: Actor, at: datetime) -> tuple[Desk, str]:
    """Let PINs work on this computer. The second value is the token for the browser's cookie; it is not kept here."""
    access.require(actor, Can.MANAGE_STAFF, branch_id)
    if actor.user_id is None:
        raise DomainError(_("A desk is enrolled by a person."), code="no_person")
    token = secrets.token_urlsafe(32)
    desk = Desk.objects.create(
        branch_id=branch_id, name=name, token_hash=hashed(token), enrolled_by_id=actor.user_id, enrolled_at=at
    )
    return desk, token


@transaction.atomic
def retire(desk_id: int, *, actor: Actor, at: datetime) -> Desk:
    """From now on only passwords work there."""
    desk = Desk.objects.select_for_update().filter(pk=desk_id).first()
    if desk is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, Can.MANAGE_STAFF, desk.branch_id)
    if desk.retired_at is None:
        desk.retired_at = at
        desk.save(update_fields=["retired_at"])
    return desk


def note_sign_in(desk: Desk, user_id: int, at: datetime) -> None:
    """After e-mail, password and second factor: from now on until midnight the PIN works here."""
    DeskSignIn.objects.update_or_create(
        desk=desk, user_id=user_id, defaults={"signed_in_at": at, "last_used_at": at, "failed_pins": 0}
    )


@transaction.atomic
def try_pin(desk: Desk, user_id: int, pin: str, *, day_start: datetime, at: datetime) -> Verdict:
    """Check a PIN and count a wrong one; the count stays even though the try fails, hence a verdict and no exception."""
    sign_in = (
        DeskSignIn.objects.select_for_update()
        .select_related("user")
        .filter(desk=desk, user_id=user_id, signed_in_at__gte=day_start, user__is_active=True)
        .exclude(user__pin_hash="")
        .first()
    )
    if sign_in is None or sign_in.failed_pins >= PIN_TRIES:
        return Verdict(is_right=False, tries_left=0)
    if check_password(pin, sign_in.user.pin_hash):
        sign_in.failed_pins, sign_in.last_used_at = 0, at
    else:
        sign_in.failed_pins += 1
    sign_in.save(update_fields=["failed_pins", "last_used_at"])
    return Verdict(is_right=sign_in.failed_pins == 0, tries_left=PIN_TRIES - sign_in.failed_pins)


def people(desk: Desk, day_start: datetime) -> list[User]:
    """Who may use a PIN here today, the last one first. Their roles come with them."""
    signed_in = (
        DeskSignIn.objects.filter(desk=desk, signed_in_at__gte=day_start, user__is_active=True)
        .exclude(user__pin_hash="")
        .select_related("user")
        .order_by("-last_used_at")
    )
    return [sign_in.user for sign_in in signed_in]


def by_token(token: str) -> Desk | None:
    """The enrolled computer that holds this token."""
    if not token:
        return None
    return Desk.objects.select_related("branch").filter(token_hash=hashed(token), retired_at=None).first()


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def tries_left(desk: Desk, user_id: int) -> int:
    """How often a wrong PIN may still be typed here before only the password helps."""
    sign_in = DeskSignIn.objects.filter(desk=desk, user_id=user_id).first()
    return max(PIN_TRIES - sign_in.failed_pins, 0) if sign_in else 0
