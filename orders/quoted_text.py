"""The quotation as the customer reads it, in plain text: kept with the decision word for word."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.formats import dated
from core.money import money
from orders.models import Quotation, QuotationLine


def text(quotation: Quotation, bought: Iterable[QuotationLine]) -> str:
    """Items, prices, date and deposit; no clinical value."""
    lines = [
        _("Quotation %(number)s, version %(version)s") % {"number": quotation.number, "version": quotation.version},
        *(_line(line) for line in bought),
        _("Total %(total)s, %(tax)s") % {"total": money(quotation.total), "tax": tax_words(quotation)},
        _("Ready %(day)s") % {"day": dated(quotation.promised_on, "D j M Y")},
        _("Deposit %(deposit)s, the rest on collection") % {"deposit": money(quotation.deposit_required)},
        _("Valid to %(day)s") % {"day": dated(quotation.valid_until, "D j M Y")},
    ]
    return "\n".join(lines)


def _line(line: QuotationLine) -> str:
    name = f"{line.quantity} × {line.description}" if line.quantity > 1 else line.description
    if line.discount:
        words = {"item": name, "net": money(line.net), "discount": money(line.discount), "reason": line.discount_reason}
        return _("%(item)s: %(net)s (%(discount)s off, %(reason)s)") % words
    return f"{name}: {money(line.net)}"


def tax_words(quotation: Quotation) -> str:
    words = {"tax": money(quotation.tax), "percent": f"{quotation.tax_percent.normalize():f}"}
    if quotation.tax_included:
        return _("VAT of %(tax)s (%(percent)s %%) included") % words
    return _("with VAT of %(tax)s (%(percent)s %%)") % words
