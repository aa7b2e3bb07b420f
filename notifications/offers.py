"""What a customer is offered for a wait: a few usual things, in the reader's language, and words of our own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.states import Words
from notifications.saying import discreet

OFFERS: dict[str, Words] = {
    "expedite": _("quicker making or delivery at our cost"),
    "substitute": _("another lens or frame that is here sooner"),
    "loan_pair": _("a loan pair until then"),
    "discount": _("a discount for the wait"),
    "refund": _("your money back"),
}


def words_of(data: Mapping[str, Any]) -> str:
    """What an event's data offers (`offers`: codes, `offer`: typed words), in the language that is active."""
    codes = data.get("offers") or []
    usual = [str(OFFERS[code]) for code in codes if code in OFFERS] if isinstance(codes, list) else []
    typed = discreet(str(data.get("offer") or ""))
    return ", ".join([*usual, typed] if typed else usual)
