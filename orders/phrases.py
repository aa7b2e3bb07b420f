"""How the events of selling read in a story."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import formats
from core.money import money
from orders.models import PaymentMethod
from orders.repromise import CAUSES
from records.models import ApprovalMethod, Event
from records.phrases import CHANGES, MESSAGES, MONEY, ORDERS, Phrase, register, register_labels


def _amount(text: Any) -> str:
    try:
        return money(abs(Decimal(str(text))))
    except (InvalidOperation, ValueError):
        return ""


def _day(text: Any) -> str:
    try:
        return formats.day(date.fromisoformat(str(text)), today=timezone.localdate())
    except ValueError:
        return ""


def _quotation(event: Event) -> Mapping[str, Any]:
    return {
        "amount": _amount(event.data.get("total", "")),
        "version": event.data.get("version") or event.new.get("version", ""),
        "how": dict(ApprovalMethod.choices).get(event.data.get("method", ""), ""),
        "day": _day(event.new.get("promised", "")),
    }


def _paid(event: Event) -> Mapping[str, Any]:
    code = event.data.get("method", "")
    method = str(PaymentMethod(code).label).lower() if code in PaymentMethod else ""
    return {"amount": _amount(event.data.get("amount", "")), "method": method}


def _promise(event: Event) -> Mapping[str, Any]:
    return {
        "old_day": _day(event.old.get("promised", "")),
        "day": _day(event.new.get("promised", "")),
        "cause": dict(CAUSES).get(event.reason_code, ""),
    }


def _refund(event: Event) -> Mapping[str, Any]:
    return {"refund": _amount(event.data.get("refund_due", ""))}


def _claim(event: Event) -> Mapping[str, Any]:
    return {name: _amount(event.data.get(name, "")) for name in ("amount", "approved", "shortfall")}


register_labels({"promised": _("promised"), "owner": _("owner"), "note": _("note"), "total": _("total")})

register(
    {
        "quotation.made": Phrase(_("Quotation version %(version)s, %(amount)s"), ORDERS, "orders", values=_quotation),
        "quotation.sent": Phrase(_("Quotation sent for approval"), MESSAGES, "mail", values=_quotation),
        "quotation.opened": Phrase(_("Quotation opened by the customer"), MESSAGES, "eye"),
        "quotation.approved": Phrase(
            _("Version %(version)s approved, %(amount)s: %(how)s"), ORDERS, "pass", "success", values=_quotation
        ),
        "quotation.declined": Phrase(_("Quotation declined by the customer"), ORDERS, "cross", "warning"),
        "quotation.lapsed": Phrase(_("Quotation lapsed"), ORDERS, "clock", "warning"),
        "quotation.reopened": Phrase(
            _("The agreement to version %(version)s is opened again"), ORDERS, "review", "review"
        ),
        "quotation.replaced": Phrase(_("Quotation no longer holds"), ORDERS, "pen"),
        "order.confirmed": Phrase(
            _("Order %(number)s confirmed, promised %(day)s"), ORDERS, "check", "success", values=_quotation
        ),
        "payment.taken": Phrase(_("Paid %(amount)s, %(method)s"), MONEY, "money", "success", values=_paid),
        "payment.refunded": Phrase(_("Refunded %(amount)s, %(method)s"), MONEY, "money", "warning", values=_paid),
        "payment.asked": Phrase(_("The customer opens the payment page for %(amount)s"), MONEY, "money", values=_paid),
        "payment.declined": Phrase(_("Online payment of %(amount)s declined"), MONEY, "cross", "warning", values=_paid),
        "payment.refund_asked": Phrase(
            _("%(amount)s on its way back to the card"), MONEY, "hourglass", "warning", values=_paid
        ),
        "payment.refund_refused": Phrase(
            _("The gateway refused to pay %(amount)s back"), MONEY, "alert", "danger", values=_paid
        ),
        "claim.submitted": Phrase(_("Claim of %(amount)s on %(insurer)s"), MONEY, "money", values=_claim),
        "claim.answered": Phrase(
            _("%(insurer)s approves %(approved)s of %(amount)s"), MONEY, "money", "info", values=_claim
        ),
        "claim.paid": Phrase(_("%(insurer)s has paid its claim"), MONEY, "money", "success", values=_claim),
        "claim.withdrawn": Phrase(_("Claim on %(insurer)s withdrawn"), MONEY, "cross", "warning", values=_claim),
        "payment.reversed": Phrase(
            _("Transfer of %(amount)s taken off this order"), MONEY, "money", "warning", values=_paid
        ),
        "payment.adjusted": Phrase(_("Account corrected by %(amount)s"), MONEY, "money", "warning", values=_paid),
        "order.repromised": Phrase(
            _("Promised %(day)s instead of %(old_day)s: %(cause)s"), ORDERS, "clock", "warning", values=_promise
        ),
        "bank.statement_uploaded": Phrase(_("Bank statement uploaded"), MONEY, "doc", hidden=True),
        "bank.statement_discarded": Phrase(_("Bank statement discarded"), MONEY, "cross", hidden=True),
        "bank.line_settled": Phrase(_("Line of a bank statement settled"), MONEY, "money", hidden=True),
        "bank.line_reopened": Phrase(_("Line of a bank statement opened again"), MONEY, "money", hidden=True),
        "order_view.saved": Phrase(_("View of the orders kept: %(name)s"), CHANGES, "list"),
        "order_view.renamed": Phrase(_("View of the orders renamed: %(name)s"), CHANGES, "list"),
        "order_view.shared": Phrase(_("View of the orders shared or taken back: %(name)s"), CHANGES, "list"),
        "order_view.deleted": Phrase(_("View of the orders deleted: %(name)s"), CHANGES, "list"),
        "order.delivery_changed": Phrase(_("Delivery of %(number)s: %(way)s"), ORDERS, "truck"),
        "order.assigned": Phrase(_("Owner of %(number)s"), CHANGES, "user", shows_changes=True),
        "order.note": Phrase(_("Note: %(note)s"), ORDERS, "pen"),
        "order.cancelled": Phrase(_("Order %(number)s cancelled"), ORDERS, "cross", "danger", values=_refund),
        "order.sent_back": Phrase(_("Sent back to the laboratory"), ORDERS, "lab", "warning"),
        "order.link_revoked": Phrase(_("Customer's link cut off"), MESSAGES, "lock", "warning"),
        "drawer.opened": Phrase(_("Cash drawer opened"), MONEY, "money"),
        "drawer.closed": Phrase(_("Cash drawer closed"), MONEY, "money"),
    }
)
