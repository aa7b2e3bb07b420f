"""The first page of an empty practice."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from branches.forms import SetUpForm
from branches.models import User
from branches.services import organisation
from branches.services.organisation import FirstDay
from core.views import Done, page, submit

ALWAYS_OPEN = ("/static/", "/setup/", "/theme/", "/ping/", "/health/", "/help/")


@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Asks once for practice, branch and manager; afterwards it sends to the log-in."""
    if not organisation.needs_setup():
        return redirect("account_login")
    initial = {"country": settings.DEFAULT_COUNTRY, "time_zone": settings.DEFAULT_TIME_ZONE}
    form = SetUpForm(request.POST or None, initial=initial)

    def save() -> Done:
        organisation.set_up(FirstDay(**form.values), timezone.now())
        return Done(
            reverse("branches:first_steps"),
            _("Your practice is ready. These are the first steps; they stay under Settings."),
        )

    if answer := submit(request, form, save):
        manager = User.objects.get(email=form.values["email"].lower())
        login(request, manager, backend=settings.AUTHENTICATION_BACKENDS[0])
        return answer
    return page(request, "branches/setup.html", {"form": form, "currency_code": settings.CURRENCY})


class SetUpMiddleware:
    """Until somebody works here every page leads to the set-up. Asked only of signed-out people, and only until then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_done = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_done and not request.path.startswith(ALWAYS_OPEN) and not request.user.is_authenticated:
            if organisation.needs_setup():
                return redirect("branches:setup")
            self.is_done = True
        return self.get_response(request)
