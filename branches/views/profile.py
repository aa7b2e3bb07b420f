"""A person's own page: name, language, shortcuts, password, second factor, sessions."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.forms import ProfileForm
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
        language = form.values["language"]
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")
        return answer
    return page(request, "branches/profile.html", {"form": form})
