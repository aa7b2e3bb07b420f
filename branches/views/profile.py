"""A person's own page: name, language, shortcuts, PIN."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.forms import PinForm, ProfileForm
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.services import profile
from core.views import Done, page, submit


@staff_page(needs_branch=False)
def edit(request: StaffRequest) -> HttpResponse:
    initial = {name: getattr(request.user, name) for name in profile.FIELDS}
    form = ProfileForm(request.POST or None, initial=initial)

    def save() -> Done:
        profile.change(request.user.pk, **form.values)
        return Done(reverse("branches:profile"), _("Profile saved"))

    if answer := submit(request, form, save):
        # A cookie of earlier times would speak for whoever uses this desk next.
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return answer
    return page(request, "branches/profile.html", {"form": form})


@staff_page(needs_branch=False)
def pin(request: StaffRequest) -> HttpResponse:
    """Set or take away the PIN for enrolled computers."""
    form = PinForm(request.POST or None, user=request.user)

    def save() -> Done:
        user = profile.set_pin(request.user.pk, form.values["pin"])
        return Done(reverse("branches:profile"), _("PIN saved") if user.pin_hash else _("You work without a PIN now"))

    return submit(request, form, save) or page(request, "branches/pin.html", {"form": form})
