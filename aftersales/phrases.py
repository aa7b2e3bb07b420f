"""How what happens after the sale reads in a story."""

from django.utils.translation import gettext_lazy as _

from records.phrases import CHANGES, ORDERS, Phrase, register

register(
    {
        "return.requested": Phrase(_("Return %(number)s asked for: %(items)s"), ORDERS, "return", "warning"),
        "return.approved": Phrase(_("Return %(number)s approved"), ORDERS, "pass", "success"),
        "return.declined": Phrase(_("Return %(number)s declined"), ORDERS, "cross", "danger"),
        "return.withdrawn": Phrase(_("Return %(number)s withdrawn"), ORDERS, "undo"),
        "return.received": Phrase(_("Return %(number)s is here: %(items)s"), ORDERS, "box"),
        "return.inspected": Phrase(_("Return %(number)s looked at: %(places)s"), ORDERS, "ruler"),
        "return.refunded": Phrase(_("Return %(number)s: %(refunded)s paid back"), ORDERS, "money", "success"),
        "return.replaced": Phrase(
            _("Return %(number)s: replaced by order %(replacement)s"), ORDERS, "return", "success"
        ),
        "return.closed": Phrase(_("Return %(number)s closed"), ORDERS, "check"),
        "feedback.given": Phrase(
            _("Feedback: tracking %(tracking)s, time %(time)s, product %(product)s of 5"), ORDERS, "chat"
        ),
        "feedback.commented": Phrase(_("Feedback in words"), ORDERS, "chat"),
        "feedback_plan.changed": Phrase(_("When customers are asked how it was"), CHANGES, "chat", shows_changes=True),
        "return_policy.changed": Phrase(_("Return policy changed"), CHANGES, "doc", shows_changes=True),
        "stock.returned": Phrase(_("Frame came back from a customer"), ORDERS, "box", hidden=True),
    }
)
