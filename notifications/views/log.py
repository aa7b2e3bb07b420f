"""The message log: did she get it, what exactly did it say, send it again."""

from datetime import date

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from branches.access import allowed
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import paging, ui
from core.views import Done, act, page, submit
from customers.models import Channel
from notifications import addresses, selectors
from notifications.forms import CloseForm
from notifications.models import Message
from notifications.rendering.text import segments
from notifications.selectors import Filters
from notifications.services import messages
from notifications.triggers import TRIGGERS

_MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox allow-popups"
)


@require_safe
@staff_page(Can.VIEW_MESSAGES)
def log(request: StaffRequest) -> HttpResponse:
    """Newest first, with filters in the address."""
    filters = _filters(request)
    found = paging.by_key(selectors.log(request.scope, filters), request.GET.get("after", ""), ("-created_at", "-id"))
    context = {
        "filters": filters,
        "page": found,
        "lines": [selectors.line(row) for row in found.rows],
        "views": _views(filters),
        "channels": Channel.choices,
        "templates": {one.template: one.label for one in TRIGGERS}.items(),
        "local": selectors.local_channels(),
        "pauses": selectors.pauses(),
        "may_recall": allowed(request.actor, Can.MANAGE_VISITS, request.actor.branch_id),
        "may_edit": allowed(request.actor, Can.EDIT_TEMPLATES, request.actor.branch_id),
    }
    return page(request, "notifications/log.html", context)


def _filters(request: StaffRequest) -> Filters:
    asked = request.GET
    try:
        since = date.fromisoformat(asked.get("since", ""))
    except ValueError:
        since = None
    return Filters(
        asked.get("q", "").strip()[:80], asked.get("channel", ""), asked.get("view", ""), asked.get("what", ""), since
    )


def _views(filters: Filters) -> list[ui.View]:
    here = reverse("messages:log")
    return [
        ui.View(label, f"{here}?view={code}" if code else here, is_current=filters.view == code)
        for code, label in (
            ("", _("All")),
            ("trouble", _("Not delivered")),
            ("waiting", _("Waiting")),
            ("not_sent", _("Not sent")),
        )
    ]


@require_safe
@staff_page(Can.VIEW_MESSAGES)
def message(request: StaffRequest, pk: int) -> HttpResponse:
    """The exact text, what became of it, and what can be done."""
    return page(request, "notifications/message.html", _message_context(request, selectors.message(request.scope, pk)))


def _message_context(request: StaffRequest, found: Message) -> dict[str, object]:
    text = addresses.for_reading(found.body)
    may = allowed(request.actor, Can.RESEND_MESSAGES, request.actor.branch_id)
    return {
        "line": selectors.line(found),
        "message": found,
        "language": dict(settings.LANGUAGES).get(found.language, found.language),
        "text": text,
        "segments": segments(text) if found.channel == Channel.SMS else None,
        "attempts": list(found.attempts.order_by("pk")),
        "others": messages.channels_left(found) if may else [],
        "may_repeat": may and messages.can_repeat(found),
        "may_close": may and messages.can_close(found),
        "follow_ups": [selectors.line(one) for one in selectors.visible(request.scope).filter(fallback_of=found)],
        "local": selectors.local_channels(),
    }


@require_safe
@staff_page(Can.VIEW_MESSAGES)
def html(request: StaffRequest, pk: int) -> HttpResponse:
    """The e-mail as a mail program draws it: a page of its own in a frame that runs nothing."""
    found = selectors.message(request.scope, pk)
    return mail_page(addresses.with_picture(addresses.for_reading(found.html), found.picture))


def mail_page(text: str) -> HttpResponse:
    """An e-mail brings its own inline style, so it gets its own policy: no script, no address outside, our frame only."""
    response = HttpResponse(text)
    response.headers["Content-Security-Policy"] = _MAIL_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_POST
@staff_page(Can.RESEND_MESSAGES)
def resend(request: StaffRequest, pk: int) -> HttpResponse:
    return act(request, lambda: _done(messages.resend(request.actor, pk), _("Sent again")))


@require_POST
@staff_page(Can.RESEND_MESSAGES)
def send_by(request: StaffRequest, pk: int, channel: str) -> HttpResponse:
    label = dict(Channel.choices).get(channel, channel)
    words = _("On its way by %(channel)s") % {"channel": label}
    return act(request, lambda: _done(messages.send_by(request.actor, pk, channel), words))


@staff_page(Can.RESEND_MESSAGES)
def close(request: StaffRequest, pk: int) -> HttpResponse:
    found = selectors.message(request.scope, pk)
    form = CloseForm(request.POST or None)

    def save() -> Done:
        return _done(messages.close(request.actor, pk, form.values["reason"]), _("Message closed"))

    context = {"form": form, "message": found, "line": selectors.line(found)}
    return submit(request, form, save) or page(request, "notifications/close.html", context)


def _done(message: Message, words: str) -> Done:
    return Done(reverse("messages:message", args=[message.pk]), words)
