"""Payments, refunds, corrections and the cash drawer."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, page, submit
from customers.page import identity
from orders import rules, stages
from orders.forms.money import AdjustmentForm, CreditForm, DrawerCloseForm, DrawerOpenForm, PaymentForm, RefundForm
from orders.models import DrawerSession, Order, PaymentMethod
from orders.selectors import paying
from orders.selectors.finding import entry_of, order_of
from orders.selectors.page import alerts, ledger_rows
from orders.services import credits, drawers, ledger, paying_back, payments
from orders.views.page import back


def money_context(order: Order) -> dict[str, object]:
    money = ledger.money_of(order)
    return {
        "order": order,
        "banner": identity(order.customer, alerts(money)),
        "balance": money.balance,
        "paid": money.paid,
        "money": stages.money_badge(money, timezone.localdate()),
        "ledger": ledger_rows(order),
    }


@staff_page(Can.TAKE_PAYMENTS)
def pay(request: StaffRequest, number: str) -> HttpResponse:
    """Amount prefilled with the deposit still missing, else the balance; one submit, one payment, one receipt."""
    order = order_of(request.scope, number)
    desk = paying.desk(order)
    form = PaymentForm(request.POST or None, initial=desk.initial(request.GET.get("amount", "")))

    def save() -> Done:
        taken = payments.take_split(request.actor, form.rows(order.pk))
        return Done(reverse("orders:receipt", args=[taken[0].number]), _("Payment taken"))

    context = {**money_context(order), "form": form, "desk": desk, "credits": credits.of_customer(order)}
    return submit(request, form, save) or page(request, "orders/pay.html", context)


@staff_page(Can.TAKE_PAYMENTS)
def use_credit(request: StaffRequest, number: str, source: str) -> HttpResponse:
    """Pay with what the customer has too much on another order."""
    order, other = order_of(request.scope, number), order_of(request.scope, source)
    found = next((one for one in credits.of_customer(order) if one.order.pk == other.pk), None)
    most = min(found.amount, ledger.money_of(order).share) if found else rules.ZERO
    form = CreditForm(request.POST or None, initial={"amount": f"{most:.2f}"})

    def save() -> Done:
        credits.use(request.actor, other.pk, order.pk, form.values["amount"], form.idempotency_key)
        return Done(back(order, "pay"), _("Credit used"))

    title = _("Use the credit of %(number)s") % {"number": other.number}
    context = {**money_context(order), "form": form, "title": title, "verb": _("Use the credit")}
    return submit(request, form, save) or page(request, "orders/till_verb.html", context)


@staff_page(Can.REFUND_PAYMENTS)
def refund(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    credit = -ledger.money_of(order).balance
    online = max((left for _paid, left in paying_back.left_of(order)), default=rules.ZERO)
    initial = {"amount": f"{credit:.2f}" if credit > 0 else "", "method": "online" if online > 0 else ""}
    form = RefundForm(request.POST or None, initial=initial, online=online)

    def save() -> Done:
        data = form.data_for(order.pk)
        if data.method == PaymentMethod.ONLINE:
            paying_back.ask(request.actor, data)
            return Done(back(order, "pay"), _("On its way back to the card"))
        entry = payments.refund(request.actor, data)
        return Done(reverse("orders:receipt", args=[entry.number]), _("Refund posted"))

    context = {**money_context(order), "form": form, "title": _("Refund"), "verb": _("Refund")}
    return submit(request, form, save) or page(request, "orders/till_verb.html", context)


@staff_page(Can.REFUND_PAYMENTS)
def adjust(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    form = AdjustmentForm(request.POST or None)

    def save() -> Done:
        payments.adjust(request.actor, form.data_for(order.pk))
        return Done(back(order, "pay"), _("Account corrected"))

    context = {
        **money_context(order),
        "form": form,
        "title": _("Correct the account"),
        "verb": _("Post the correction"),
    }
    return submit(request, form, save) or page(request, "orders/till_verb.html", context)


@staff_page(Can.VIEW_ORDERS)
def receipt(request: StaffRequest, number: str) -> HttpResponse:
    """What was just posted, with its change, and the paper to print."""
    entry = entry_of(request.scope, number)
    money = ledger.money_of(entry.order)
    change = entry.tendered + entry.amount if entry.tendered is not None else None
    parts = list(entry.parts.order_by("pk"))
    context = {**money_context(entry.order), "entry": entry, "change": change, "balance": money.balance, "parts": parts}
    return page(request, "orders/receipt.html", context)


@staff_page(Can.CLOSE_DRAWER)
def drawer(request: StaffRequest) -> HttpResponse:
    """The drawer of the current branch: open it with a float, or count and close it."""
    current = drawers.open_drawer(request.branch.pk)
    return _close(request, current) if current else _open(request)


def _open(request: StaffRequest) -> HttpResponse:
    form = DrawerOpenForm(request.POST or None)

    def save() -> Done:
        drawers.start(request.actor, request.branch.pk, form.values["opening_float"])
        return Done(reverse("orders:drawer"), _("Drawer open"))

    context = {"form": form, "drawer": None, "past": _past(request)}
    return submit(request, form, save) or page(request, "orders/drawer.html", context)


def _close(request: StaffRequest, current: DrawerSession) -> HttpResponse:
    form = DrawerCloseForm(request.POST or None)

    def save() -> Done:
        values = form.values
        drawers.close(request.actor, current.pk, values["counted"], values["variance_reason"])
        return Done(reverse("orders:drawer"), _("Drawer closed"))

    context = {
        "form": form,
        "drawer": current,
        "entries": current.entries.select_related("order", "by").order_by("-pk")[:50],
        "past": _past(request),
    }
    return submit(request, form, save) or page(request, "orders/drawer.html", context)


def _past(request: StaffRequest) -> list[DrawerSession]:
    closed = DrawerSession.objects.filter(branch=request.branch, closed_at__isnull=False)
    return list(closed.select_related("opened_by", "closed_by").order_by("-closed_at")[:10])
