"""Make a quotation, send its link, hand the tablet over."""

from decimal import Decimal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.pricebook import When
from core.actor import Actor
from core.along import read_along
from core.errors import DomainError
from core.prepared import Slot, prepared
from core.views import Done, SeeOther, act, page, submit
from customers.models import Channel
from customers.page import identity
from orders import kiosk, needs, pricing, rules, signature
from orders.dispensing.frame_panel import drawing_of
from orders.dispensing.options import LensOption, three
from orders.forms.order import DeclineForm, KioskForm, SendForm
from orders.forms.quoting import QuoteForm, initial_of, request_of
from orders.models import FrameChoice, Order, OrderState, Purpose, Quotation
from orders.needs import Parts
from orders.selectors import pricemoves
from orders.selectors.finding import order_of
from orders.services import agreement, decisions, dispense, quotations
from orders.services.common import today
from orders.services.decisions import ApprovalAnswer
from orders.services.dispense import LensData
from orders.services.quotations import QuoteRequest
from orders.views.page import back
from records.models import ApprovalMethod
from records.selectors import affected


@staff_page(Can.EDIT_ORDERS)
def quote(request: StaffRequest, number: str) -> HttpResponse:
    """Lines with discount boxes; "Work out" shows the sums without saving, "Make" saves."""
    order = order_of(request.scope, number)
    parts = needs.parts_of(order)
    lines = pricing.lines_of(order, parts=parts)
    previous = None if request.method == "POST" else _newest(order)
    proposed = quotations.proposed_date(order, parts=parts)
    initial = {"promised_on": proposed, **initial_of(previous, lines)}
    agreed = agreement.standing(order)
    form = QuoteForm(
        request.POST or None, initial=initial, version=order.version, lines=lines, is_agreed=agreed is not None
    )

    def save() -> Done:
        made = quotations.make(request.actor, order.pk, form.request(), parts)
        return Done(back(order), _("Quotation version %(n)s made") % {"n": made.version})

    worked_out = "work_out" in request.POST
    answer = None if worked_out else submit(request, form, save)
    if answer is not None:
        return answer
    if request.method == "POST":
        previous = _newest(order)
    sums = _worked_out(request.actor, order, form, previous, parts) if not form.errors else None
    context = {
        "order": order,
        "form": form,
        "banner": identity(order.customer),
        "previous": previous,
        "moves": pricemoves.since(order, previous, parts),
        "options": options_of(order, parts),
        "sums": sums,
        "deposit": _deposit(order, form, sums) if sums else None,
        "proposed": proposed,
        "affected": affected(order, {agreement.QUOTED}, request.scope) if agreed else [],
    }
    return page(request, "orders/quote.html", context)


def _deposit(order: Order, form: QuoteForm, sums: quotations.Priced) -> Decimal:
    """What is typed, else the branch's share of the total."""
    typed: Decimal | None = form.cleaned_data.get("deposit") if form.is_bound else None
    return rules.deposit(sums.sums.total, order.branch.deposit_percent) if typed is None else typed


def _newest(order: Order) -> Quotation | None:
    newest = _newest_version().row(order=order.pk)
    if newest is not None:
        read_along([newest], "lines")
    return newest


@prepared
def _newest_version() -> QuerySet[Quotation]:
    return Quotation.objects.filter(order=Slot("order")).order_by("-version")[:1]


def _worked_out(
    actor: Actor, order: Order, form: QuoteForm, previous: Quotation | None, parts: Parts
) -> quotations.Priced | None:
    """Sums of what is typed; when the page opens, of what it is prefilled with. A refusal shows at its field."""
    if not form.is_bound:
        return _prefilled(actor, order, request_of(previous, form.lines), parts) if form.lines else None
    if not form.attempt(lambda: quotations.price(actor, order, form.request(), parts)):
        return None
    priced: quotations.Priced = form.result
    return priced


def _prefilled(actor: Actor, order: Order, asked: QuoteRequest, parts: Parts) -> quotations.Priced | None:
    """A discount that a second person allowed has to be allowed again: until then there is no sum."""
    try:
        return quotations.price(actor, order, asked, parts)
    except DomainError:
        return None


@require_POST
@staff_page(Can.EDIT_ORDERS)
def take_option(request: StaffRequest, number: str, product: int) -> HttpResponse:
    """Choose one of the lenses side by side; the page comes back with its prices."""
    order = order_of(request.scope, number)

    def done() -> Done:
        parts = needs.parts_of(order)
        taken = next((one for one in options_of(order, parts) if one.product.pk == product), None)
        if taken is None:
            raise DomainError(_("This lens is not offered for the order now. Look at the columns again."), code="gone")
        saved = parts.specification
        data = LensData(
            product,
            taken.add_on_ids,
            purpose=saved.purpose if saved else Purpose.AS_PRESCRIBED,
            tint=saved.tint if saved else "",
            remark=saved.remark if saved else "",
        )
        dispense.choose_lenses(request.actor, order.pk, data)
        return Done(reverse("orders:quote", args=[order.number]), _("%(lens)s chosen") % {"lens": taken.product.name})

    return act(request, done)


def options_of(order: Order, parts: Parts) -> list[LensOption]:
    """Offered until the customer has agreed; afterwards a change of lens is made at the dispensing desk, with its reason."""
    if order.state not in (OrderState.DRAFT, OrderState.QUOTED):
        return []
    return three(order, When(today(order.branch), order.branch_id), parts)


@staff_page(Can.EDIT_ORDERS)
def send(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    form = SendForm(request.POST or None, order=order)

    def save() -> Done:
        channel = form.values["channel"]
        quotations.mark_sent(request.actor, order.pk, channel)
        return Done(back(order), _("Approval link on its way by %(channel)s") % {"channel": Channel(channel).label})

    context = {"order": order, "form": form, "title": _("Send the approval link"), "verb": _("Send the link")}
    if not form.offered:
        context["explained"] = _("Neither e-mail nor mobile is known. Add one to the customer first.")
    return submit(request, form, save) or page(request, "orders/verb.html", context)


@require_POST
@staff_page(Can.APPROVE_ORDERS)
def hand_over(request: StaffRequest, number: str) -> HttpResponse:
    """The tablet goes to the customer; from here on only the quotation can be reached."""
    order = order_of(request.scope, number)

    def done() -> Done:
        quotations.waiting_now(order)
        return Done(reverse("orders:tablet", args=[order.number]))

    answer = act(request, done)
    kiosk.enter(request.session, order.number)
    return answer


@staff_page(Can.APPROVE_ORDERS)
def tablet(request: StaffRequest, number: str) -> HttpResponse:
    """The quotation full screen: draw or type, agree, thank you."""
    order = order_of(request.scope, number)
    if kiosk.order_in(request.session) != order.number:
        return SeeOther(back(order))
    quotation = order.quotations.exclude(state="replaced").order_by("-version").prefetch_related("lines").first()
    if quotation is None:
        kiosk.leave(request.session)
        return SeeOther(back(order))
    form = KioskForm(request.POST or None, initial={"seen_hash": quotation.content_hash})

    def save() -> Done:
        decisions.approve(request.actor, quotation.pk, _answer(request, order, form))
        return Done(request.path)

    return submit(request, form, save) or page(request, "orders/tablet.html", tablet_context(order, quotation, form))


def _answer(request: StaffRequest, order: Order, form: KioskForm) -> ApprovalAnswer:
    values = form.values
    drawn = signature.read(values["signature"]) if values["signature"] else b""
    return ApprovalAnswer(
        method=ApprovalMethod.SIGNED_IN_SHOP if drawn else ApprovalMethod.TYPED_IN_SHOP,
        name=values["name"] or order.customer.full_name,
        seen_hash=values["seen_hash"],
        signature_png=drawn,
        device=request.headers.get("User-Agent", ""),
        ip=request.META.get("REMOTE_ADDR"),
    )


def tablet_context(order: Order, quotation: Quotation, form: KioskForm) -> dict[str, object]:
    choice = FrameChoice.objects.filter(order=order).select_related("frame").first()
    return {
        "order": order,
        "quotation": quotation,
        "lines": quotation.lines.all(),
        "form": form,
        "decline_form": DeclineForm(initial={"seen_hash": quotation.content_hash}),
        "drawing": drawing_of(choice, None),
        "rest": quotation.total - quotation.deposit_required,
        "missing": form.missing,
    }


@require_POST
@staff_page(Can.APPROVE_ORDERS)
def decline(request: StaffRequest, number: str) -> HttpResponse:
    """On the tablet: not like this. The reason goes to staff."""
    order = order_of(request.scope, number)
    quotation = order.quotations.exclude(state="replaced").order_by("-version").first()
    if kiosk.order_in(request.session) != order.number or quotation is None:
        return SeeOther(back(order))
    form = DeclineForm(request.POST, initial={"seen_hash": quotation.content_hash})

    def save() -> Done:
        answer = ApprovalAnswer(ApprovalMethod.TYPED_IN_SHOP, order.customer.full_name, form.values["seen_hash"])
        decisions.decline(request.actor, quotation.pk, answer, form.values["reason"])
        return Done(reverse("orders:tablet", args=[order.number]))

    context = {**tablet_context(order, quotation, KioskForm(initial={"seen_hash": quotation.content_hash}))}
    return submit(request, form, save) or page(request, "orders/tablet.html", {**context, "decline_form": form})


@require_POST
@staff_page(needs_branch=False)
def take_back(request: StaffRequest, number: str) -> HttpResponse:
    """Staff take the tablet: the session locks and asks for PIN or password."""
    kiosk.leave(request.session)
    locked = reverse("branches:locked")
    return SeeOther(f"{locked}?next={reverse('orders:page', args=[number])}")
