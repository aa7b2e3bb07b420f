"""Publishing a text and switching a line of the trigger table: a manager's change, kept as a version with its reason."""

import difflib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, StaleRecord
from core.states import Words as Words_
from customers.models import Channel
from notifications import grammar, library, triggers, variables
from notifications.library import Words
from notifications.models import Template, TriggerSwitch
from notifications.texts import shipped
from records import events
from records.models import Event


@dataclass(frozen=True)
class TextData:
    """A text as edited. `seen` is the version the editor was opened with."""

    key: str
    channel: str
    language: str
    subject: str
    body: str
    reason: str
    seen: int


@transaction.atomic
def publish(actor: Actor, data: TextData) -> Template:
    """The text becomes the next version, used from now on. Raises DomainError naming every unknown variable's line."""
    access.require(actor, Can.EDIT_TEMPLATES, actor.branch_id)
    _check(data)
    now = library.current(data.key, data.channel, data.language)
    if now.version != data.seen:
        raise StaleRecord(
            _("Somebody else published a version meanwhile. Look at it, then publish yours."),
            current_version=now.version,
        )
    made = Template.objects.create(
        key=data.key,
        channel=data.channel,
        language=data.language,
        version=now.version + 1,
        subject=data.subject.strip(),
        body=data.body.replace("\r\n", "\n").strip(),
        published_by_id=actor.user_id,
        reason=data.reason.strip()[:200],
    )
    fact = events.Fact(
        made,
        reason=made.reason,
        old={"subject": now.subject, "text": now.body},
        new={"subject": made.subject, "text": made.body},
        data={"template": data.key, "channel": data.channel, "language": data.language, "version": made.version},
    )
    events.record("template.published", actor, fact)
    return made


def mistakes_of(key: str, subject: str, body: str) -> dict[str, str]:
    """What stands in the way of publishing, by field."""
    allowed = variables.names(triggers.BY_TEMPLATE[key].subject)
    found = {
        name: " ".join(one.message for one in grammar.mistakes(text.replace("\r\n", "\n"), allowed))
        for name, text in (("subject", subject), ("body", body))
    }
    return {name: message for name, message in found.items() if message}


def _check(data: TextData) -> None:
    problems = mistakes_of(data.key, data.subject, data.body)
    if not data.body.strip():
        problems["body"] = _("Write the text.")
    if data.channel != "sms" and not data.subject.strip():
        problems["subject"] = _("Write the subject line.")
    if "\n" in data.subject.strip():
        problems["subject"] = _("A subject is one line.")
    if not data.reason.strip():
        problems["reason"] = _("Say why the text changes.")
    if problems:
        raise DomainError(_("The text cannot be published yet."), fields=problems, code="invalid_text")


@transaction.atomic
def switch(actor: Actor, template: str, channel: str, *, on: bool) -> TriggerSwitch:
    """Turn one message on one channel on or off for the whole practice; waiting ones still go."""
    access.require(actor, Can.EDIT_TEMPLATES, actor.branch_id)
    if template not in triggers.BY_TEMPLATE or channel not in shipped("en")[template]:
        raise DomainError(_("There is no such message."), code="unknown")
    row, _made = TriggerSwitch.objects.update_or_create(
        template_key=template,
        channel=channel,
        defaults={"enabled": on, "changed_at": timezone.now(), "changed_by_id": actor.user_id},
    )
    data = {"template": template, "channel": channel, "on": on}
    events.record("trigger.switched", actor, events.Fact(row, data=data))
    return row


@dataclass(frozen=True)
class Line:
    """A line of a comparison: `same`, `gone` or `new`."""

    kind: str
    text: str


def difference(live: Words, typed: Words) -> list[Line]:
    """The text in use beside the typed one, line by line; empty when nothing differs."""
    before, after = ([*([one.subject] if one.subject else []), *one.body.split("\n")] for one in (live, typed))
    if before == after:
        return []
    kinds = {" ": "same", "-": "gone", "+": "new"}
    return [Line(kinds[row[0]], row[2:]) for row in difflib.ndiff(before, after) if row[0] in kinds]


def left_out(typed: Words) -> list[str]:
    """What the delivered text names and the typed one does not: worth a second look, no mistake."""
    delivered = library.original(typed.key, typed.channel, typed.language)
    wanted, said = (
        {name for name, _line in grammar.variables_of(f"{one.subject}\n{one.body}")} for one in (delivered, typed)
    )
    return sorted(wanted - said)


@dataclass(frozen=True)
class Switched:
    """A line of the history of switches."""

    at: datetime
    who: str
    what: Words_
    channel: str
    on: bool


def switched(limit: int = 20) -> list[Switched]:
    """Who switched which message on or off, newest first."""
    labels = dict(Channel.choices)
    rows = Event.objects.filter(kind="trigger.switched").order_by("-pk")[:limit]
    return [
        Switched(
            row.at,
            row.actor_name,
            triggers.BY_TEMPLATE[row.data["template"]].label,
            str(labels.get(row.data["channel"], "")),
            bool(row.data["on"]),
        )
        for row in rows
        if row.data.get("template") in triggers.BY_TEMPLATE
    ]
