"""Invoice, receipt and quotation: one template each for the screen's print view and the PDF."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches.models import Organisation
from core import pdf as paper
from core.errors import NotVisible
from customers.models import Customer
from orders import rules
from orders.models import EntryKind, LedgerEntry, Order, PaperKind, Quotation
from orders.services import ledger
from orders.services.common import local

TEMPLATES = {
    PaperKind.INVOICE: "documents/invoice.html",
    PaperKind.RECEIPT: "documents/receipt.html",
    PaperKind.QUOTATION: "documents/quotation.html",
    PaperKind.CREDIT: "documents/credit.html",
    PaperKind.STATEMENT: "documents/statement.html",
}


@dataclass(frozen=True)
class Document:
    """What a paper says. `key` changes when its content does."""

    order: Order
    kind: PaperKind
    reference: str
    key: str
    context: dict[str, Any]


def _shared(order: Order) -> dict[str, Any]:
    return {
        "order": order,
        "shop": order.branch,
        "customer": order.customer,
        "practice": Organisation.objects.first(),
        "money": ledger.money_of(order),
    }


def invoice(order: Order) -> Document:
    """The tax invoice: items as approved, corrections and payments since. Raises NotVisible before there is one."""
    charge = order.ledger.filter(kind=EntryKind.CHARGE).order_by("pk").first()
    if charge is None:
        raise NotVisible(_("There is no invoice before the order is confirmed."), code="no_invoice")
    entries = list(order.ledger.order_by("pk"))
    charged_for = charge.quotation_version or 1
    quotation = order.quotations.filter(version=charged_for).prefetch_related("lines").first()
    context = {
        **_shared(order),
        "charge": charge,
        "quotation": quotation,
        "corrections": [entry for entry in entries if entry.kind == EntryKind.ADJUSTMENT],
        "payments": [entry for entry in entries if entry.kind in (EntryKind.PAYMENT, EntryKind.REFUND)],
        "on": local(order.branch, charge.at),
    }
    key = f"invoice:{charge.number}:{entries[-1].pk}"
    return Document(order, PaperKind.INVOICE, charge.number, key, context)


def receipt(entry: LedgerEntry) -> Document:
    """The slip of one payment or refund, with the balance after it."""
    order = entry.order
    last = entry.parts.order_by("-pk").first() or entry
    after = sum((one.amount for one in order.ledger.filter(pk__lte=last.pk)), start=entry.amount * 0)
    change = entry.tendered + entry.amount if entry.tendered is not None else None
    context = {
        **_shared(order),
        "entry": entry,
        "amount": abs(entry.amount),
        "change": change,
        "parts": entry.parts.order_by("pk") if entry.kind == EntryKind.PAYMENT else [],
        "balance": after,
        "on": local(order.branch, entry.at),
    }
    return Document(order, PaperKind.RECEIPT, entry.number, f"receipt:{entry.number}", context)


def credit_note(entry: LedgerEntry) -> Document:
    """What is owed less than invoiced, with the tax in it. Raises NotVisible for anything but such a correction."""
    if entry.kind != EntryKind.ADJUSTMENT or entry.amount > 0:
        raise NotVisible(_("Not found."), code="not_visible")
    order = entry.order
    invoice_of = order.ledger.filter(kind=EntryKind.CHARGE).order_by("pk").first()
    version = invoice_of.quotation_version if invoice_of else None
    quotation = order.quotations.filter(version=version).first() if version else None
    percent = quotation.tax_percent if quotation else rules.ZERO
    amount = -entry.amount
    context = {
        **_shared(order),
        "entry": entry,
        "amount": amount,
        "percent": percent,
        "tax": rules.TaxRule(percent, included=True).of(amount),
        "invoice": invoice_of,
        "on": local(order.branch, entry.at),
    }
    return Document(order, PaperKind.CREDIT, entry.number, f"credit:{entry.number}", context)


def statement(customer: Customer) -> Document:
    """The customer's account with the practice: every charge, payment, refund and correction of all orders, and what is open.

    Raises NotVisible while nothing was ever charged.
    """
    found = LedgerEntry.objects.filter(order__customer=customer).select_related("order__branch", "order__customer")
    entries = list(found.order_by("at", "pk"))
    if not entries:
        raise NotVisible(_("Nothing was charged to this customer yet."), code="no_entries")
    order = max(entries, key=lambda entry: entry.pk).order
    rows, balance = [], rules.ZERO
    for entry in entries:
        balance += entry.amount
        rows.append((entry, balance))
    context = {**_shared(order), "rows": rows, "total": balance, "on": local(order.branch, timezone.now())}
    key = f"statement:{customer.pk}:{entries[-1].pk}:{len(entries)}"
    return Document(order, PaperKind.STATEMENT, customer.number, key, context)


def quotation(found: Quotation) -> Document:
    """The offer: items, price, tax, date, deposit and validity. No clinical value."""
    order = found.order
    context = {**_shared(order), "quotation": found, "on": local(order.branch, found.recorded_at)}
    key = f"quotation:{found.pk}:{found.content_hash[:32]}"
    return Document(order, PaperKind.QUOTATION, f"{found.number}-{found.version}", key, context)


def html(document: Document, *, for_pdf: bool = False) -> str:
    """The paper as a page, in the branch's time zone; for a PDF without links to style and icon."""
    with timezone.override(document.order.branch.time_zone):
        return render_to_string(TEMPLATES[document.kind], {**document.context, "for_pdf": for_pdf})


def pdf(document: Document) -> bytes:
    """The same page as PDF. Raises `core.pdf.NoPdf`."""
    with translation.override(document.order.customer.language or settings.LANGUAGE_CODE):
        page = html(document, for_pdf=True)
    return paper.render(page)
