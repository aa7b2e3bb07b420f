"""The kit of every screen: show a page, send a form once, answer a refusal, go on to the next page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core import idempotency, versions
from core.actor import Actor
from core.forms import KEY, Form

UNDO = "undo:"


class SeeOther(HttpResponseRedirect):
    """303: the browser fetches the next page with GET, so that reloading it sends nothing again."""

    status_code = 303


class _WithActor(Protocol):
    actor: Actor


@dataclass(frozen=True)
class Done:
    """Where to go after a write, and what to say there. `undo_url` adds an undo button to the toast (drafts only)."""

    url: str
    toast: str = ""
    undo_url: str = ""


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, partial: str = "", status: int = 200
) -> HttpResponse:
    """Render a page, or for htmx its named partial. A form with errors in the context makes it 422 and titles it "Error:"."""
    refused = [value for value in context.values() if isinstance(value, BaseForm) and value.is_bound and value.errors]
    if refused and status == 200:
        status = 409 if any(getattr(form, "is_stale", False) for form in refused) else 422
    name = f"{template}#{partial}" if partial and is_fragment(request) else template
    return render(request, name, {**context, "error_forms": refused}, status=status)


def submit(request: HttpRequest, form: Form, action: Callable[[], Done]) -> HttpResponse | None:
    """For a POST: validate, run the action once for this page's key, go on with 303. None when there is a page to show.

    The action calls one service with `form.values` and says where to go; refusals land in the form.
    """
    if request.method != "POST" or not form.attempt(lambda: _once(request, form.idempotency_key, _telling(action))):
        return None
    return see_other(request, form.result)


def _telling(action: Callable[[], Done]) -> Callable[[], Done]:
    """The same action, whose message also says what somebody else saved a moment before and was kept."""

    def told() -> Done:
        with versions.noticing() as kept:
            done = action()
        if not kept:
            return done
        words = _("Somebody else saved a moment before you. Theirs was kept: %(what)s.") % {"what": "; ".join(kept)}
        return replace(done, toast=f"{done.toast}. {words}" if done.toast else words)

    return told


def act(request: HttpRequest, action: Callable[[], Done]) -> HttpResponse:
    """A verb without fields (a button): runs once for its key. Refusals become the page "Not possible now"."""
    form = Form(request.POST)
    form.is_valid()
    return see_other(request, _once(request, form.idempotency_key, action))


def see_other(request: HttpRequest, done: Done) -> HttpResponse:
    """Go to a page with a toast; htmx is told to navigate."""
    if done.toast:
        messages.success(request, done.toast, extra_tags=f"{UNDO}{done.undo_url}" if done.undo_url else "")
    if is_fragment(request):
        return HttpResponseClientRedirect(done.url)
    return SeeOther(done.url)


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def next_url(request: HttpRequest, default: str) -> str:
    """The `next` address of the request when it is one of ours, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else default


def _once(request: HttpRequest, key: Any, action: Callable[[], Done]) -> Done:
    sent = {name: request.POST.getlist(name) for name in request.POST if name not in {KEY, "csrfmiddlewaretoken"}}
    actor = cast(_WithActor, request).actor
    outcome = idempotency.once(
        f"user:{actor.user_id}" if actor.user_id else f"{actor.role}:{request.path}",
        key,
        idempotency.fingerprint({"path": request.path, **sent}),
        lambda: vars(action()),
    )
    return Done(**outcome)
