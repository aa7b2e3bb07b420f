"""How the steps of a case read in the story of its order and in an audit; its page has sentences of its own."""

from django.utils.translation import gettext_lazy as _

from records.phrases import ORDERS, Phrase, register

register(
    {
        "case.noted": Phrase(_("Note on a case"), ORDERS, "chat"),
        "case.coded": Phrase(_("Cause named"), ORDERS, "flag", hidden=True),
        "case.ticked": Phrase(_("Condition of a case met"), ORDERS, "check", hidden=True),
        "case.escalated": Phrase(_("Case went to the next level"), ORDERS, "flag", "warning"),
    }
)
