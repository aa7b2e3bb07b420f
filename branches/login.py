"""How staff sign in: with e-mail and password, no self sign-up, and the wait after too many tries said in words."""

import datetime as dt
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches import signed_in
from branches.middleware import BRANCH_KEY
from branches.models import Branch, Membership, User
from branches.services import desks
from core import formats


class StaffBackend(AuthenticationBackend):
    """Finds the person of a session together with the roles they hold."""

    def get_user(self, user_id: int) -> User | None:
        found: User | None = signed_in.person(user_id) or super().get_user(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by a manager, never by a visitor."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _lazy("That e-mail and password do not belong together. Check both and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError with the waiting time after too many failed tries."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            now = timezone.now()
            wait = formats.until(now + self._wait(request, **credentials), now=now)
            raise ValidationError(
                _("Too many tries. Wait %(wait)s, then try again, or set a new password.") % {"wait": wait},
                code="too_many_login_attempts",
            ) from error

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """A full sign-in: the PIN works at this desk for today, and the branch of this computer is preselected."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        desk = desks.by_token(request.COOKIES.get("desk", ""))
        if desk:
            desks.note_sign_in(desk, user.pk, timezone.now())
        last = desk.branch_id if desk else _number(request.COOKIES.get("branch", ""))
        if last:
            request.session[BRANCH_KEY] = last
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the choice of a branch when there are several and this computer knows none; else where the person was going."""
        return "/branch/" if _must_choose(request) else settings.LOGIN_REDIRECT_URL

    def _wait(self, request: HttpRequest, **credentials: Any) -> dt.timedelta:
        """Until the oldest counted try falls out of its window, for the limit that holds longest."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        waits = [0.0]
        for rate in ratelimit.parse_rates(settings.ACCOUNT_RATE_LIMITS["login_failed"]):
            name = ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate, key=key)
            tries = cache.get(name, [])
            if len(tries) >= rate.amount:
                waits.append(tries[rate.amount - 1] + rate.duration - time.time())
        return dt.timedelta(seconds=max(60.0, *waits))


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 12 else None


def _must_choose(request: HttpRequest) -> bool:
    if request.COOKIES.get("branch") or request.COOKIES.get("desk"):
        return False
    held = Membership.objects.filter(user_id=request.user.pk or 0).values_list("branch_id", flat=True)
    places = Branch.objects.filter(is_active=True)
    if None not in held:
        places = places.filter(pk__in=held)
    return len(places[:2]) > 1
