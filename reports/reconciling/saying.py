"""What the comparing queries say, in the language of who reads it."""

from django.utils.translation import gettext_lazy as _

from core.states import Words
from orders.models import OrderState

# Days and numbers stand behind.
_SAID: dict[str, Words] = {
    **dict(OrderState.choices),
    "applied": _("applied"),
    "waiting since": _("waiting since"),
    "taken back": _("taken back"),
    "on no statement": _("on no statement"),
    "given back or sold": _("given back or sold"),
    "still held": _("still held"),
    "sold": _("sold"),
    "never held": _("never held"),
    "held": _("still held"),
    "released": _("given back"),
    "received": _("received"),
    "sent": _("sent"),
    "a job under way": _("a job under way"),
    "none": _("none"),
    "an order that goes on": _("an order that goes on"),
    "a parcel handed over": _("a parcel handed over"),
    "a word of the carrier": _("a word of the carrier"),
    "silent since": _("silent since"),
    "a message": _("a message"),
    "queued since": _("waiting since"),
    "retry since": _("waiting since"),
    "sending since": _("waiting since"),
    "dealt with": _("dealt with"),
    "given up": _("given up"),
    "under": _("under"),
}


def in_words(text: str) -> str:
    """One side of a difference as people read it: `silent since 2026-11-12`."""
    known = max((head for head in _SAID if text == head or text.startswith(f"{head} ")), key=len, default="")
    return f"{_SAID[known]}{text[len(known) :]}" if known else text
