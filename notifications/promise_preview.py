"""What an order's customer would read about a new date: the live words, nothing stored, nothing sent."""

from datetime import date

from django.utils.translation import gettext as _

from customers.models import Channel
from notifications import facts, library, rendering, triggers
from notifications.services import planning
from orders import promise_notices
from orders.models import Order
from orders.promise_notices import Notice
from records.models import Event

_KIND = "order.repromised"


def connect() -> None:
    promise_notices.register(preview)


def preview(order: Order, new_date: date, reason: str) -> Notice:
    """The shortest of the texts that would leave, with the channels they leave by."""
    line = triggers.of_event(_KIND)[0]
    wanted = planning.channels_for(line, order.customer)
    refused = {channel: planning.why_not(line, order.customer, channel, order) for channel in wanted}
    usable = [channel for channel in wanted if not refused[channel]]
    if not usable:
        return Notice(order, "", "", held=_held(refused))
    old = order.promised_on.isoformat() if order.promised_on else ""
    event = Event(kind=_KIND, reason=reason, old={"promised": old}, new={"promised": new_date.isoformat()})
    known = facts.of_order(order, event)
    with facts.reading_as(known.language, known.branch):
        shown = Channel.SMS if Channel.SMS in usable else usable[0]
        words = rendering.render(library.current(line.template, shown, known.language), known)
    names = ", ".join(str(Channel(channel).label) for channel in usable)
    text = words.body.replace(facts.LINK_MARK, _("(link to the order)"))
    return Notice(order, names, text)


def _held(refused: dict[str, str]) -> str:
    """Why nobody is written to; without a single channel the message is switched off."""
    words = {
        "no subscription": "",
        "no address": _("no e-mail address and no phone"),
        "no consent": _("does not want messages"),
        "address is blocked": _("the address is blocked"),
    }
    whys = dict.fromkeys(words.get(why, why) for why in refused.values() if words.get(why, why))
    return ", ".join(whys) or _("this message is switched off")
