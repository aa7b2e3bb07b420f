"""Release to the laboratory: what is missing, each with its owner; or laboratory, tray and date."""

from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import Missing
from core.views import Done, page, submit
from customers.page import identity
from labjobs import jobvalues
from labjobs.forms.release import ReleaseForm
from labjobs.models import Lab
from labjobs.selectors import finding
from labjobs.selectors.page import RX_COLUMNS, lens_words, measures, rx_rows
from labjobs.services import release
from labjobs.services.release import ReleaseData
from orders import workdays
from orders.models import Order
from orders.selectors.finding import order_of
from orders.services import common


@staff_page(Can.RELEASE_JOBS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    order = order_of(request.scope, number)
    labs = finding.labs_for(request.scope)
    initial = {"lab": labs[0].pk if labs else None, "promised_on": _date(order, labs)}
    form = ReleaseForm(request.POST or None, labs=labs, version=order.version, initial=initial)

    def save() -> Done:
        values = form.values
        data = ReleaseData(order.pk, values["lab"], values["tray"], values["promised_on"], form.version)
        job = release.release(request.actor, data)
        tray = job.tray.code if job.tray else job.number
        return Done(
            reverse("labjobs:job", args=[job.number]),
            _("Released to %(lab)s in %(tray)s") % {"lab": job.lab, "tray": tray},
        )

    done = submit(request, form, save)
    if done:
        return done
    values = jobvalues.frozen(order)
    context = {
        "order": order,
        "form": form,
        "banner": identity(order.customer),
        "missing": form.missing or with_links(order, release.missing_for(order)),
        "rx": rx_rows(values),
        "rx_columns": RX_COLUMNS,
        "measures": measures(values),
        "lenses": lens_words(values),
        "frame": values["frame"],
        "has_labs": bool(labs),
    }
    return page(request, "labjobs/release.html", context)


def _date(order: Order, labs: list[Lab]) -> date | None:
    """The day promised; a later one where the laboratory needs longer."""
    if not labs:
        return order.promised_on
    soonest = workdays.after(common.today(order.branch), labs[0].lead_days, order.branch)
    return max(order.promised_on or soonest, common.today(order.branch))


_WHERE = {
    "prescription": "orders:dispense", "prescription_unsigned": "orders:dispense", "prescription_changed": "orders:dispense",
    "prescription_expired": "orders:dispense", "frame": "orders:dispense", "frame_not_reserved": "orders:dispense",
    "waiver": "orders:dispense", "lenses": "orders:dispense", "lens_discontinued": "orders:dispense",
    "lens_not_makeable": "orders:dispense", "measurements": "orders:dispense", "approval": "orders:page",
    "approval_out_of_date": "orders:quote", "deposit": "orders:pay", "state": "orders:page", "review": "orders:page",
    "job": "orders:page", "case": "orders:page",
}  # fmt: skip


def with_links(order: Order, missing: list[Missing]) -> list[Missing]:
    """The same with the page on which each is mended."""
    return [
        Missing(one.code, one.message, one.owner, one.url or reverse(_WHERE[one.code], args=[order.number]))
        for one in missing
    ]
