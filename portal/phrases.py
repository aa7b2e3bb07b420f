"""How the customer's own steps read in the story."""

from django.utils.translation import gettext_lazy as _

from records.phrases import MESSAGES, ORDERS, Phrase, register

register(
    {
        "order.link_asked": Phrase(_("Link to the order asked for"), MESSAGES, "mail", hidden=True),
        "order.code_asked": Phrase(_("Code for the details asked for"), MESSAGES, "mail", hidden=True),
        "order.receipt_confirmed": Phrase(_("The customer confirms to have it, all well"), ORDERS, "pass", "success"),
        "order.problem_reported": Phrase(_("The customer reports a problem"), ORDERS, "alert", "warning"),
        "order.collect_branch_changed": Phrase(_("The customer collects at %(shop)s instead"), ORDERS, "walk"),
        "order.collection_planned": Phrase(_("The customer comes %(when)s"), ORDERS, "clock"),
    }
)
