"""Which branch a person works in now."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import selectors
from branches.middleware import BRANCH_KEY, StaffRequest
from branches.pages import staff_page
from core.views import Done, next_url, page, see_other


@staff_page()
def choose(request: StaffRequest) -> HttpResponse:
    """The switch as a page, for those without script and for the palette."""
    return page(request, "branches/choose.html", {"next": next_url(request, reverse("home"))})


@require_POST
@staff_page()
def switch(request: StaffRequest) -> HttpResponse:
    """Work in another of one's branches from now on, in this session and after the next log-in."""
    wanted = next((item for item in request.branches if str(item.pk) == request.POST.get("branch")), None)
    if wanted is None:
        raise Http404
    request.session[BRANCH_KEY] = wanted.pk
    response = see_other(request, Done(next_url(request, reverse("home")), _("Now at %(branch)s") % {"branch": wanted}))
    response.set_cookie(
        "branch", str(wanted.pk), max_age=365 * 24 * 3600, samesite="Lax", httponly=True, secure=request.is_secure()
    )
    return response


@staff_page(needs_branch=False)
def none(request: StaffRequest) -> HttpResponse:
    """Signed in, but no branch yet: says whom to ask."""
    if request.branches:
        return redirect("home")
    return page(request, "branches/none.html", {"managers": selectors.managers()})
