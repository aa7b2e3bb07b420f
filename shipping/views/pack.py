"""Pack one, pack many."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, page, submit
from customers.page import identity
from orders.models import Order
from orders.selectors.finding import order_of
from shipping import contents, gates, wording
from shipping.forms.pack import BulkForm, PackForm
from shipping.models import Shipment
from shipping.selectors import finding
from shipping.services import bulk, packing
from shipping.services.packing import PackData


@staff_page(Can.SHIP_ORDERS)
def pack(request: StaffRequest, number: str) -> HttpResponse:
    """Scan, number, Enter: the parcel is packed and handed over past every checkpoint."""
    order = order_of(request.scope, number)
    items = contents.items_of(order)
    branches = list(Branch.objects.filter(is_active=True).exclude(pk=order.collect_branch_id).values_list("pk", "name"))
    initial = {**gates.address_of(order.customer), "how": _usual_how(order)}
    if request.GET.get("code"):
        # The tray was scanned to come here: it is in the hand already, the next scan is the label's.
        initial["codes"] = request.GET["code"][:40]
    if order.customer.address_unverified:
        initial["unverified"] = _("kept as typed on the customer's page")
    form = PackForm(request.POST or None, items=items, branches=branches, version=order.version, initial=initial)
    only_pack = request.POST.get("do") == "pack"

    def save() -> Done:
        made = packing.pack(request.actor, _data(order, form, hand_over=not only_pack))
        toast = _("Packed: %(number)s") if only_pack else _("Handed over: %(number)s")
        words = toast % {"number": made.number}
        warning = wording.WARNINGS.get(made.number_warning)
        return Done(_url(made), f"{words}. {warning}" if warning else words)

    done = submit(request, form, save)
    if done:
        return done
    draft = gates.Draft(
        _address(form, order), form.data.get("unverified", "") if form.is_bound else str(initial.get("unverified", ""))
    )
    checked = gates.check(order, draft)
    context = {
        "order": order,
        "form": form,
        "banner": identity(order.customer),
        "items": items,
        "steps": [gate.step() for gate in checked.gates if gate.code != "items"],
        "closed": [gate for gate in checked.gates if not gate.passed and gate.code not in ("items", "address", "name")],
        "earlier": list(Shipment.objects.filter(order=order).select_related("carrier").order_by("-pk")),
    }
    return page(request, "shipping/pack.html", context)


def _address(form: PackForm, order: Order) -> dict[str, str]:
    if not form.is_bound:
        return gates.address_of(order.customer)
    return {name: str(form.data.get(name, "")) for name in gates.ADDRESS}


def _usual_how(order: Order) -> str:
    """What this branch used last, else the carrier that is chosen first."""
    last = (
        Shipment.objects.filter(branch_id=order.collect_branch_id, carrier__is_active=True)
        .select_related("carrier")
        .order_by("-pk")
        .first()
    )
    return f"{last.carrier.code}:{last.service}" if last else ""


def _url(shipment: Shipment) -> str:
    return reverse("shipping:shipment", args=[shipment.number])


def _data(order: Order, form: PackForm, *, hand_over: bool) -> PackData:
    values = form.values
    carrier, service = form.carrier
    to_branch = values["to_branch"]
    return PackData(
        order.pk,
        carrier,
        service,
        values["method_note"],
        values["tracking_number"],
        values["expected_on"],
        None if to_branch else form.address,
        values["unverified"],
        tuple(values["codes"].split()),
        frozenset(values["lines"]),
        frozenset(values["lines"]),
        to_branch,
        hand_over,
        form.version,
    )


@staff_page(Can.SHIP_ORDERS)
def ready(request: StaffRequest) -> HttpResponse:
    """Ready orders to be sent, and the box into which they are scanned: ten together in a dozen actions."""
    form = BulkForm(request.POST or None, initial={"how": _branch_how(request), "scans": _picked(request)})
    results: list[bulk.Result] = []

    def save() -> Done:
        values = form.values
        carrier, service = form.carrier
        how = bulk.How(carrier, service, values["method_note"], values["expected_on"])
        results.extend(bulk.ship(request.actor, values["scans"], how))
        sent = sum(one.shipment is not None for one in results)
        toast = ngettext("%(n)d parcel handed over", "%(n)d parcels handed over", sent) % {"n": sent}
        failed = [one.code for one in results if one.shipment is None]
        base = reverse("shipping:ready")
        return Done(f"{base}?failed={','.join(failed)}" if failed else base, toast)

    done = submit(request, form, save)
    if done:
        return done
    context: dict[str, Any] = {"form": form, "rows": _rows(request), "failed": _failed(request)}
    return page(request, "shipping/ready.html", context)


def _branch_how(request: StaffRequest) -> str:
    last = (
        Shipment.objects.filter(branch=request.branch, carrier__is_active=True)
        .select_related("carrier")
        .order_by("-pk")
        .first()
    )
    return f"{last.carrier.code}:{last.service}" if last else ""


def _picked(request: StaffRequest) -> str:
    """Orders chosen in the list of orders come along as lines; their trays are still to be scanned."""
    picked = [int(pk) for pk in request.GET.getlist("pick")[:100] if pk.isdecimal() and len(pk) < 12]
    return "\n".join(Order.objects.visible_to(request.scope).filter(pk__in=picked).values_list("number", flat=True))


def _rows(request: StaffRequest) -> list[dict[str, Any]]:
    """Each waiting order with what stands in its way."""
    found = list(finding.ready_to_send(request.scope).order_by("promised_on", "pk")[:50])
    return [{"order": order, "missing": _in_the_way(order), "today": timezone.localdate()} for order in found]


def _in_the_way(order: Order) -> list[str]:
    draft = gates.Draft(gates.address_of(order.customer))
    gates_closed = [gate for gate in gates.check(order, draft).gates if not gate.passed and gate.code != "items"]
    return [one.message for gate in gates_closed for one in gate.missing]


def _failed(request: StaffRequest) -> list[dict[str, Any]]:
    """After a bulk: the codes that did not go, with what each still needs."""
    rows = []
    for code in [one for one in request.GET.get("failed", "")[:2000].split(",") if one][:100]:
        order = finding.order_of_code(request.scope, code)
        why = _in_the_way(order) if order else [_("No ready order has this code.")]
        rows.append({"code": code, "order": order, "why": why or [_("Pack it by itself to see why.")]})
    return rows
