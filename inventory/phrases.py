"""How changes of the stock that no order made read in an audit."""

from django.utils.translation import gettext_lazy as _

from records.phrases import CHANGES, Phrase, register

register(
    {
        kind: Phrase(words, CHANGES, "box", hidden=True)
        for kind, words in {
            "stock.adjusted": _("Stock corrected by hand"),
            "stock.minimum_changed": _("Minimum of a frame changed"),
            "stock.count_cancelled": _("Stock count given up"),
            "stock.transfer_sent": _("Frames sent to another branch"),
            "stock.transfer_cancelled": _("Transfer between branches cancelled"),
            "stock.opening_uploaded": _("List of opening stock uploaded"),
            "stock.opening_applied": _("List of opening stock booked"),
            "stock.opening_discarded": _("List of opening stock discarded"),
            "stock.opening_reversed": _("List of opening stock taken back"),
        }.items()
    }
)
