"""How messages read in the story of a customer."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from customers.models import Channel
from notifications.triggers import BY_TEMPLATE
from orders.repromise import CAUSES
from records.models import Event
from records.phrases import CHANGES, MESSAGES, Phrase, register


def _words(event: Event) -> Mapping[str, Any]:
    trigger = BY_TEMPLATE.get(event.data.get("template", ""))
    return {
        "what": trigger.label if trigger else event.data.get("template") or _("Message"),
        "channel_label": dict(Channel.choices).get(event.data.get("channel", ""), ""),
    }


def _answer(event: Event) -> Mapping[str, Any]:
    words = {
        "ask": _("asks for an appointment"),
        "later": _("later"),
        "elsewhere": _("went elsewhere"),
        "stop": _("no more"),
    }
    return {"answer": words.get(event.data.get("choice", ""), "")}


def _cause(event: Event) -> Mapping[str, Any]:
    return {"cause": dict(CAUSES).get(event.reason_code, event.reason)}


register(
    {
        "message.sent": Phrase(_("%(what)s, %(channel_label)s"), MESSAGES, "mail", values=_words),
        "message.failed": Phrase(
            _("Not delivered: %(what)s, %(channel_label)s"), MESSAGES, "mail", "danger", values=_words
        ),
        "message.unconfirmed": Phrase(
            _("No receipt in time: %(what)s, %(channel_label)s; sent another way"),
            MESSAGES,
            "mail",
            "warning",
            values=_words,
        ),
        "order.held_up": Phrase(
            _("Customer told what holds the order up: %(cause)s"), MESSAGES, "alert", values=_cause
        ),
        "recall.plan_set": Phrase(_("Automatic recall changed"), CHANGES, "bell", shows_changes=True),
        "template.published": Phrase(_("Message text published, version %(version)s"), CHANGES, "pen"),
        "trigger.switched": Phrase(_("Message switched: %(what)s, %(channel_label)s"), CHANGES, "bell", values=_words),
        "appointment.reminder_due": Phrase(_("Reminder due"), MESSAGES, "clock", hidden=True),
        "order.feedback_due": Phrase(_("Question how it was due"), MESSAGES, "chat", hidden=True),
        "customer.recall_set": Phrase(
            _("Next visit due set from the prescription"), CHANGES, "clock", shows_changes=True
        ),
        "customer.recall_sent": Phrase(_("Reminded of the next visit, time %(round)s"), MESSAGES, "bell"),
        "customer.recall_answered": Phrase(_("Answered the reminder: %(answer)s"), MESSAGES, "chat", values=_answer),
        "recall.rule_set": Phrase(_("Recall rule: %(months)s months"), CHANGES, "pen"),
        "push.switched_on": Phrase(_("Notices on a device switched on: %(device)s"), MESSAGES, "bell"),
        "push.switched_off": Phrase(_("Notices on a device switched off: %(device)s"), MESSAGES, "bell"),
        "message.handled": Phrase(_("Message closed by hand: %(what)s"), MESSAGES, "mail", values=_words),
    }
)
