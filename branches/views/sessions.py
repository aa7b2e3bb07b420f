"""Where a person is signed in, each with a button that ends it."""

from allauth.usersessions.models import UserSession
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from core.views import Done, act, page


@staff_page(needs_branch=False)
def show(request: StaffRequest) -> HttpResponse:
    sessions = UserSession.objects.purge_and_list(request.user)
    current = request.session.session_key
    rows = [
        {"session": one, "is_current": one.session_key == current, "device": device(one.user_agent)} for one in sessions
    ]
    return page(request, "branches/sessions.html", {"rows": rows})


@require_POST
@staff_page(needs_branch=False)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """Sign that browser out. Another person's session is not found."""
    session = UserSession.objects.filter(pk=pk, user=request.user).first()
    if session is None:
        raise Http404

    def finish() -> Done:
        session.end()
        return Done(reverse("branches:sessions"), _("That session is ended"))

    return act(request, finish)


BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "Mac"),
           ("Linux", "Linux"))  # fmt: skip


def device(user_agent: str) -> str:
    """`Chrome on Windows`, from what the browser says about itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), _("Browser"))
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system} if system else browser
