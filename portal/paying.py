"""Paying from the order's link: choose the amount, go to the gateway's page, come back and read what became of it."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.money import money
from core.views import Done, SeeOther, page, submit
from orders import gateways
from orders.models import PaymentRequest
from orders.services import online, payments_due
from orders.services.online import Ways
from orders.services.payments_due import Before
from portal.access import OrderRequest, form_token, order_page
from portal.forms import PayForm

# A provider answers in seconds. After this a page that loads itself anew helps nobody.
_LOOKS_AGAIN = timedelta(minutes=30)


@order_page
def pay(request: OrderRequest) -> HttpResponseBase:
    """The deposit, all of it, or another amount."""
    order = request.order
    if not online.offered(order):
        return SeeOther(reverse("portal:order", args=[order.public_code]))
    due, deposit = online.due(order), payments_due.still_due(order, Before.LABORATORY)
    form = PayForm(request.POST or None, choices=choices(deposit, due))

    def save() -> Done:
        asked = online.ask(request.actor, order.pk, form.chosen(deposit, due))
        return Done(reverse("portal:pay_page", args=[order.public_code, asked.public_id]))

    context = {"form": form, "due": due, "deposit": deposit, "gateway": gateways.current()}
    answer = submit(request, form, save) or _show(request, "portal/pay.html", context)
    return _may_lead_to_gateway(answer)


def choices(deposit: Decimal, due: Decimal) -> Sequence[tuple[str, str]]:
    """What to pay, in words with the amount."""
    found = [("all", _("All of it, %(amount)s") % {"amount": money(due)}), ("part", _("Another amount"))]
    if 0 < deposit < due:
        found.insert(0, ("deposit", _("The deposit, %(amount)s, so that we can start") % {"amount": money(deposit)}))
    return found


def _may_lead_to_gateway(answer: HttpResponse) -> HttpResponse:
    """A browser follows a form to another site only when the page's policy names it."""
    gateway = gateways.current()
    if gateway is not None and gateway.page_origins:
        vars(answer)["_csp_update"] = {"form-action": list(gateway.page_origins)}
    return answer


@order_page
def pay_page(request: OrderRequest, asked: UUID) -> HttpResponseBase:
    """On to the gateway; when that cannot be, a page that says so and offers to try again."""
    found = _of(request, asked)
    if found is None:
        return SeeOther(reverse("portal:order", args=[request.order.public_code]))
    back = request.build_absolute_uri(reverse("portal:paid", args=[request.order.public_code, found.public_id]))
    try:
        return SeeOther(online.open_page(found, Ways(back, f"{back}?left=1")))
    except DomainError as error:
        context = {
            "asked": found,
            "refusal": error.message,
            "may_try": error.code in ("not_reached", "gateway_refused"),
        }
        return page(request, "portal/paid.html", _shared(request) | context, status=503)


@order_page
def paid(request: OrderRequest, asked: UUID) -> HttpResponseBase:
    """What became of it: paid, declined and what to do, left, or not told yet."""
    found = _of(request, asked)
    if found is None:
        return SeeOther(reverse("portal:order", args=[request.order.public_code]))
    left = "left" in request.GET
    context = {
        "asked": found,
        "is_paid": found.state == "paid",
        "is_declined": found.state == "open" and found.declined_at is not None,
        "is_left": found.state == "open" and left and found.declined_at is None,
        "is_waiting": found.state == "open" and not left and found.declined_at is None,
        "looks_again": found.created_at > timezone.now() - _LOOKS_AGAIN,
        "due": online.due(request.order),
        "may_pay": online.offered(request.order),
    }
    answer = _show(request, "portal/paid.html", context)
    if context["is_waiting"] and context["looks_again"]:
        answer.headers["Refresh"] = "4"
    return answer


def _of(request: OrderRequest, asked: UUID) -> PaymentRequest | None:
    """A request of this very order; another's is none."""
    found = PaymentRequest.objects.select_related("order", "entry").filter(order=request.order, public_id=asked)
    return found.first()


def _shared(request: OrderRequest) -> dict[str, object]:
    order = request.order
    return {"order": order, "public_branch": order.collect_branch, "form_token": form_token(request.link)}


def _show(request: OrderRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return page(request, template, _shared(request) | context)
