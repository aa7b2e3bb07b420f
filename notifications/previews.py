"""What a customer would read of an event that has not happened: the live words, nothing stored, nothing sent."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from customers.models import Channel
from notifications import facts, library, reasons, rendering, triggers
from notifications.rendering.text import Segments, segments
from notifications.services import planning
from orders.models import Order
from records.models import Event


@dataclass(frozen=True)
class Preview:
    """One channel: what it would say, or why it says nothing. `only_then`: it goes when the ones before do not arrive."""

    channel: str
    label: str
    subject: str = ""
    text: str = ""
    segments: Segments | None = None
    why_not: str = ""
    only_then: bool = False


def of(order: Order, event: Event) -> list[Preview]:
    """Every channel of the event's line, in the order in which they would be used."""
    line = triggers.of_event(event.kind)[0]
    known = facts.of_order(order, event)
    found: list[Preview] = []
    for channel in planning.channels_for(line, order.customer):
        label = str(Channel(channel).label)
        why = planning.why_not(line, order.customer, channel, order)
        if why:
            found.append(Preview(channel, label, why_not=reasons.in_words(why)))
            continue
        with facts.reading_as(known.language, known.branch):
            words = rendering.render(library.current(line.template, channel, known.language), known)
        text = words.body.replace(facts.LINK_MARK, _("(link to the order)"))
        text = text.replace(facts.PREFERENCES_MARK, _("(link to their choices)"))
        counted = segments(text) if channel == Channel.SMS else None
        later = not line.together and any(not one.why_not for one in found)
        found.append(Preview(channel, label, words.subject, text, counted, only_then=later))
    return found
