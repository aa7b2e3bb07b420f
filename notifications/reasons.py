"""Why a message was not sent, or not by its way, as staff read it: messages keep the reason as a code or an English sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.states import Words
from customers.models import Channel

_SAID: dict[str, Words] = {
    "no address": gettext_lazy("no address on file"),
    "no consent": gettext_lazy("does not want messages of this kind"),
    "no subscription": gettext_lazy("no browser of theirs asked for notices"),
    "address is blocked": gettext_lazy("the address is blocked"),
    "quiet hours": gettext_lazy("quiet hours"),
    "its day has passed": gettext_lazy("its day has passed"),
    "its worker ended without a word": gettext_lazy("its worker ended without a word"),
    "its worker ended without a word each time": gettext_lazy("its worker ended without a word each time"),
    "no receipt in time, and no other way could be written": gettext_lazy(
        "no receipt in time, and no other way could be written"
    ),
    "no receipt, nor for the others: the provider has stopped reporting": gettext_lazy(
        "no receipt, nor for the others: the provider has stopped reporting"
    ),
}
_REPLACED, _WENT_ON = "replaced by: ", "no receipt in time, went on by "


def in_words(why: str) -> str:
    """In the reader's language; what a provider said stays as it was said."""
    if why.startswith(_REPLACED):
        return _("replaced by: %(newer)s") % {"newer": _(why.removeprefix(_REPLACED))}
    channel = why.removeprefix(_WENT_ON)
    if channel != why and channel in Channel.values:
        return _("no receipt in time, went on by %(channel)s") % {"channel": Channel(channel).label}
    return str(_SAID.get(why, why))
