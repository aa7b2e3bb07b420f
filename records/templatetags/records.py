"""Shared parts of record pages: `{% load records %}` then `{% six_facts record %}`, `{% evidence record %}`."""

from typing import Any

from django import template
from django.template import Context

from core import ui
from core.tags.components import strip
from records import events, facts, handing, phrases, selectors
from records.models import Event, Record

register = template.Library()


@register.simple_tag
def facts_of(record: Record) -> ui.SixFacts:
    """For `{% facts_of record as facts %}{% strip facts %}`."""
    return facts.six_facts(record)


@register.inclusion_tag("components/strip.html")
def six_facts(record: Record) -> dict[str, Any]:
    """The strip of any registered record."""
    return strip(facts.six_facts(record))


@register.inclusion_tag("records/evidence.html", takes_context=True)
def evidence(context: Context, record: Record) -> dict[str, Any]:
    """The evidence of a record with a link to add more."""
    kind = events.type_of(record)
    return {
        "pieces": selectors.evidence_of(kind, record.pk),
        "record_type": kind,
        "record_id": record.pk,
        "back": context["request"].get_full_path(),
    }


@register.inclusion_tag("records/_handovers.html", takes_context=True)
def handovers(context: Context, order_id: int) -> dict[str, Any]:
    """What changed before this stage and waits for the receiver's word."""
    request = context["request"]
    return {"cards": handing.of_order(order_id, request.actor), "back": request.get_full_path(), "request": request}


@register.filter
def said(event: Event) -> str:
    """An event as a sentence: `{{ event|said }}`."""
    return phrases.say(event).text
