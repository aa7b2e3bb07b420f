"""The table of rules and the editor of texts, with what the customer would get beside it."""

import hashlib
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, act, page, submit
from customers.models import Channel
from notifications import addresses, grammar, library, pictures, rendering, samples, triggers, variables
from notifications.forms import TextForm
from notifications.library import Words
from notifications.models import Template, TriggerSwitch
from notifications.rendering.text import segments
from notifications.services import texts
from notifications.services.texts import TextData
from notifications.texts import LANGUAGES, shipped
from notifications.triggers import Trigger
from notifications.views.log import mail_page


@dataclass(frozen=True)
class Cell:
    """One message on one channel: on or off."""

    channel: str
    label: str
    on: bool


@require_safe
@staff_page(Can.EDIT_TEMPLATES)
def rules(request: StaffRequest) -> HttpResponse:
    """Which event tells the customer what, by which channel; read in a minute, switched by a click."""
    off = set(TriggerSwitch.objects.filter(enabled=False).values_list("template_key", "channel"))
    rows = [(trigger, _cells(trigger, off)) for trigger in triggers.TRIGGERS]
    context = {"rows": rows, "languages": _languages(), "switched": texts.switched()}
    return page(request, "notifications/rules.html", context)


def _cells(trigger: Trigger, off: set[tuple[str, str]]) -> list[Cell]:
    labels = dict(Channel.choices)
    return [
        Cell(channel, str(labels[Channel(channel)]), (trigger.template, channel) not in off)
        for channel in trigger.channels
        if channel in shipped("en")[trigger.template]
    ]


def _languages() -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    return [(code, str(names[code])) for code in LANGUAGES]


@require_POST
@staff_page(Can.EDIT_TEMPLATES)
def switch(request: StaffRequest, key: str, channel: str, state: str) -> HttpResponse:
    words = _("Switched on") if state == "on" else _("Switched off")

    def save() -> Done:
        texts.switch(request.actor, key, channel, on=state == "on")
        return Done(reverse("messages:rules"), words)

    return act(request, save)


def _known(key: str, channel: str, language: str) -> Trigger:
    trigger = triggers.BY_TEMPLATE.get(key)
    if trigger is None or channel not in shipped("en")[key] or language not in LANGUAGES:
        raise Http404
    return trigger


@staff_page(Can.EDIT_TEMPLATES)
def edit(request: StaffRequest, key: str, channel: str, language: str) -> HttpResponse:
    """Editor left, preview right, which follows the typing; publishing makes a version. A preview saves nothing."""
    trigger = _known(key, channel, language)
    now = library.current(key, channel, language)
    row = library.newest(key, channel, language)
    stored = {"subject": now.subject, "body": now.body}
    form = TextForm(request.POST or None, initial=_start(request, now), edits=[row] if row else [], stored=stored)

    def save() -> Done:
        values = form.values
        texts.publish(
            request.actor,
            TextData(key, channel, language, values["subject"], values["body"], values["reason"], form.version or 0),
        )
        return Done(request.path, _("Published, used from now on"))

    only_show = request.method == "POST" and "preview" in request.POST
    answer = None if only_show else submit(request, form, save)
    if answer is not None:
        return answer
    if only_show:
        form = TextForm(initial=request.POST.dict())
    words = _typed(request, form, now)
    chosen = samples.sample(request.POST.get("sample", request.GET.get("sample", "")))
    context = _preview(request, words, now, chosen) | {
        "form": form, "trigger": trigger, "now": now, "language": language, "channel": channel, "chosen": chosen,
        "channel_label": dict(Channel.choices)[Channel(channel)], "samples": samples.SAMPLES, "languages": _languages(),
        "variables": variables.OF_SUBJECT[trigger.subject], "original": library.original(key, channel, language),
        "versions": Template.objects.select_related("published_by").filter(key=key, channel=channel, language=language).order_by("-version")[:10],
    }  # fmt: skip
    return page(request, "notifications/text.html", context, partial="preview" if only_show else "")


def _start(request: StaffRequest, now: Words) -> dict[str, object]:
    """What the editor opens with: the text in use, or an older one that somebody wants back (0 is the delivered one)."""
    asked = request.GET.get("from", "")
    wanted = library.version(now, int(asked)) if asked.isdigit() else None
    if wanted is None:
        return {"subject": now.subject, "body": now.body}
    reason = (
        _("Back to version %(n)s") % {"n": wanted.version} if wanted.version else _("Back to the text as delivered")
    )
    return {"subject": wanted.subject, "body": wanted.body, "reason": reason}


def _typed(request: StaffRequest, form: TextForm, now: Words) -> Words:
    found = request.POST if request.method == "POST" else form.initial
    body = str(found.get("body", "")).replace("\r\n", "\n")
    return Words(now.key, now.channel, now.language, now.version, str(found.get("subject", "")), body)


def _preview(request: StaffRequest, words: Words, now: Words, chosen: samples.Sample) -> dict[str, object]:
    """What the customer would get, and what differs from the text in use; with a mistake, the mistake."""
    told: dict[str, object] = {"difference": texts.difference(now, words), "left_out": texts.left_out(words)}
    problems = texts.mistakes_of(words.key, words.subject, words.body)
    if problems:
        return told | {"problems": list(problems.values())}
    rendered = rendering.render(words, samples.facts_of(chosen, words.language))
    shown = addresses.for_reading(rendered.body)
    draft = _keep_draft(request, words) if words.channel == Channel.EMAIL else ""
    counted = segments(shown) if words.channel == Channel.SMS else None
    return told | {"rendered": rendered, "shown": shown, "segments": counted, "draft": draft}


def _keep_draft(request: StaffRequest, words: Words) -> str:
    """For the frame that draws the e-mail as typed: kept an hour, for this person alone. Empty when nothing can be kept."""
    place = _draft_place(request, words.key, words.language)
    try:
        cache.set(place, (words.subject, words.body), 3600)
    except Exception:  # the cache is away: the frame shows the published text
        return ""
    return hashlib.sha256(f"{words.subject}\n{words.body}".encode()).hexdigest()[:12]


def _draft_place(request: StaffRequest, key: str, language: str) -> str:
    return f"mail-draft:{request.actor.user_id}:{key}:{language}"


def _drawn(request: StaffRequest, key: str, language: str) -> Words:
    """The e-mail to draw: as typed when the address names a draft, else the one in use."""
    now = library.current(key, "email", language)
    if not request.GET.get("draft"):
        return now
    try:
        kept = cache.get(_draft_place(request, key, language))
    except Exception:  # as above
        kept = None
    return Words(key, "email", now.language, now.version, kept[0], kept[1]) if kept else now


@require_safe
@staff_page(Can.EDIT_TEMPLATES)
def sample_mail(request: StaffRequest, key: str, language: str) -> HttpResponse:
    """The e-mail in use, or as it is being typed, drawn for a sample: the frame of the editor."""
    _known(key, "email", language)
    chosen = samples.sample(request.GET.get("sample", ""))
    try:
        rendered = rendering.render(_drawn(request, key, language), samples.facts_of(chosen, language))
    except grammar.UnknownVariable as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return mail_page(addresses.with_picture(addresses.for_reading(rendered.html), pictures.SAMPLE))
