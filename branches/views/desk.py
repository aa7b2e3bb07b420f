"""Locking, unlocking and changing the person at a shared computer."""

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from branches import lock as locks
from branches.desk import at_this_desk, day_start, desk_of
from branches.login import StaffAccountAdapter
from branches.models import Desk, User
from branches.services import desks
from core.views import SeeOther, next_url, page


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """Lock now. A script gets the form to put over the page; others are sent to the lock page."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    locks.lock(request.session)
    if _by_script(request):
        return page(request, "branches/desk/locked.html#form", _locked_context(request, request.user.pk))
    return SeeOther(f"{reverse('branches:locked')}?next={next_url(request, reverse('home'))}")


@never_cache
def locked(request: HttpRequest) -> HttpResponse:
    """The lock page; with `?person=` it asks for that person's PIN. Also serves signed-out people of an enrolled desk."""
    context = _locked_context(request, _wanted(request.GET.get("person", "")) or request.user.pk)
    if context["person"] is None:
        return redirect("account_login")
    return page(request, "branches/desk/locked.html", context)


@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Same person: the page goes on as it was. Another person of this desk: their own session begins."""
    user_id = _wanted(request.POST.get("person", ""))
    context = _locked_context(request, user_id)
    person = context["person"]
    if not isinstance(person, User):
        return redirect("account_login")
    error = _try(request, person, uses_pin=bool(context["uses_pin"]))
    if error:
        return _refused(request, {**_locked_context(request, person.pk), "error": error})
    same = request.user.pk == person.pk
    if not same:
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    locks.unlock(request.session)
    there = next_url(request, reverse("home")) if same else reverse("home")
    return JsonResponse({"url": there, "same": same}) if _by_script(request) else SeeOther(there)


@require_POST
def awake(request: HttpRequest) -> HttpResponse:
    """A key was pressed on an open page: the session stays unlocked (the middleware noted it)."""
    return HttpResponse(status=204)


def _wanted(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 12 else None


def _locked_context(request: HttpRequest, user_id: int | None) -> dict[str, object]:
    """`person` is None unless it is the session's own or one who may use a PIN here today."""
    shown = at_this_desk(request)
    people = shown["people"] if isinstance(shown["people"], list) else []
    by_pin = next((user for user in people if user.pk == user_id), None)
    own = request.user if isinstance(request.user, User) and request.user.pk == user_id else None
    desk = shown["desk"]
    uses_pin = by_pin is not None and isinstance(desk, Desk) and desks.tries_left(desk, by_pin.pk) > 0
    others = [user for user in people if user.pk != user_id]
    return {
        "desk": desk, "people": others, "person": own or by_pin, "uses_pin": uses_pin, "next": next_url(request, "")
    }  # fmt: skip


def _try(request: HttpRequest, person: User, *, uses_pin: bool) -> str:
    """Empty when PIN or password was right, else what to say."""
    secret = request.POST.get("secret", "")
    desk = desk_of(request)
    if uses_pin and desk:
        verdict = desks.try_pin(desk, person.pk, secret, day_start=day_start(desk), at=timezone.now())
        return "" if verdict.is_right else _wrong_pin(verdict.tries_left)
    if request.user.pk != person.pk:
        return _("Your PIN is used up here. Sign in with your password.")
    try:
        right = StaffAccountAdapter(request).authenticate(request, email=person.email, password=secret)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if right and right.pk == person.pk else _("That is not your password.")


def _wrong_pin(tries_left: int) -> str:
    if not tries_left:
        return _("That was not your PIN. It is used up here for today: use your password.")
    left = ngettext("%(n)d try left", "%(n)d tries left", tries_left) % {"n": tries_left}
    return _("That was not your PIN, %(left)s.") % {"left": left}


def _refused(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    name = "branches/desk/locked.html#form" if _by_script(request) else "branches/desk/locked.html"
    return page(request, name, context, status=422)


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"
