"""The table of rules and the editor of texts, with what the customer would get beside it."""

from dataclasses import dataclass

from django.conf import settings
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
    return page(request, "notifications/rules.html", {"rows": rows, "languages": _languages()})


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
    """Editor left, preview right; publishing makes a version. "Show preview" saves nothing."""
    trigger = _known(key, channel, language)
    now = library.current(key, channel, language)
    form = TextForm(request.POST or None, initial={"subject": now.subject, "body": now.body, "seen": now.version})

    def save() -> Done:
        values = form.values
        texts.publish(
            request.actor,
            TextData(key, channel, language, values["subject"], values["body"], values["reason"], values["seen"]),
        )
        return Done(request.path, _("Published, used from now on"))

    only_show = request.method == "POST" and "preview" in request.POST
    answer = None if only_show else submit(request, form, save)
    if answer is not None:
        return answer
    typed = (
        (request.POST.get("subject", ""), request.POST.get("body", ""))
        if request.method == "POST"
        else (now.subject, now.body)
    )
    if only_show:
        form = TextForm(initial={**request.POST.dict(), "seen": now.version})
    words = Words(key, channel, language, now.version, typed[0], typed[1].replace("\r\n", "\n"))
    chosen = samples.sample(request.POST.get("sample", request.GET.get("sample", "")))
    context = _preview(words, chosen) | {
        "form": form, "trigger": trigger, "now": now, "language": language, "channel": channel, "chosen": chosen,
        "channel_label": dict(Channel.choices)[Channel(channel)], "samples": samples.SAMPLES, "languages": _languages(),
        "channels": _cells(trigger, set()), "variables": variables.OF_SUBJECT[trigger.subject],
        "versions": Template.objects.select_related("published_by").filter(key=key, channel=channel, language=language).order_by("-version")[:10],
        "original": library.original(key, channel, language),
    }  # fmt: skip
    return page(request, "notifications/text.html", context)


def _preview(words: Words, chosen: samples.Sample) -> dict[str, object]:
    """What the customer would get; with a mistake, the mistake."""
    problems = texts.mistakes_of(words.key, words.subject, words.body)
    if problems:
        return {"problems": list(problems.values())}
    rendered = rendering.render(words, samples.facts_of(chosen, words.language))
    shown = addresses.for_reading(rendered.body)
    return {"rendered": rendered, "shown": shown, "segments": segments(shown) if words.channel == "sms" else None}


@require_safe
@staff_page(Can.EDIT_TEMPLATES)
def sample_mail(request: StaffRequest, key: str, language: str) -> HttpResponse:
    """The published e-mail, drawn for a sample: the frame of the editor."""
    _known(key, "email", language)
    chosen = samples.sample(request.GET.get("sample", ""))
    try:
        rendered = rendering.render(library.current(key, "email", language), samples.facts_of(chosen, language))
    except grammar.UnknownVariable as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")
    return mail_page(addresses.with_picture(addresses.for_reading(rendered.html), pictures.SAMPLE))
