"""What the screen, the quotation and the release ask: does it fit, and what is still missing."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.demand import Demand
from catalogue.finder import ranges_of
from catalogue.models import LensProduct
from core.errors import GateClosed, Missing
from lensmath.prism import Eye
from orders import fit, measuring, needs
from orders.models import LensSpecification, Measurement, Order, Purpose


def fit_report(order: Order) -> fit.FitReport:
    """The fit check of the order as it stands; empty before there is a prescription and a lens."""
    demand, specification = needs.demand_of(order), needs.specification_of(order)
    if demand is None or specification is None:
        return fit.FitReport()
    return report_of(order, demand, chosen(specification))


def chosen(specification: LensSpecification) -> dict[Eye, LensProduct]:
    """The product of each eye that has one."""
    products = {Eye.RIGHT: specification.right, Eye.LEFT: specification.left}
    return {eye: product for eye, product in products.items() if product is not None}


def report_of(order: Order, demand: Demand, products: dict[Eye, LensProduct]) -> fit.FitReport:
    """The fit check for given lenses."""
    measured, choice = needs.measurement_of(order), needs.frame_choice_of(order)
    elsewhere = measured is not None and has_heights(measured) and not needs.is_for_this_frame(measured, choice)
    lenses = {eye: ranges_of(product) for eye, product in products.items()}
    return fit.report(fit.Fitting(demand, lenses, elsewhere))


def has_heights(measured: Measurement) -> bool:
    return measured.right_height_mm is not None or measured.left_height_mm is not None


def as_stored(report: fit.FitReport) -> dict[str, Any]:
    """The report as it is kept with the lenses it was made for."""
    return {
        "verdict": report.verdict.value,
        "checks": [vars(check) | {"verdict": check.verdict.value} for check in report.checks],
    }


def missing(order: Order) -> list[Missing]:
    """Everything that stands between this order and a quotation, each with where to mend it; empty when it may be quoted."""
    url = reverse("orders:dispense", args=[order.number])
    found = list(_not_chosen(order, url))
    if not found:
        found += [Missing(check.code, f"{check.title}: {check.detail}", url=url) for check in fit_report(order).refused]
        found += _not_measured(order, url)
    return found


def require_fit(order: Order) -> None:
    """Raises GateClosed naming everything that does not fit: such glasses are not quoted."""
    url = reverse("orders:dispense", args=[order.number]) + "#fit"
    refused = fit_report(order).refused
    if refused:
        raise GateClosed(
            _("These lenses do not fit: %(what)s.") % {"what": "; ".join(check.title for check in refused)},
            code="does_not_fit",
            missing=[Missing(check.code, f"{check.title}: {check.detail}", url=url) for check in refused],
        )


def _not_chosen(order: Order, url: str) -> list[Missing]:
    steps = [
        ("prescription", order.prescription_id is not None, _("No prescription is chosen.")),
        ("frame", needs.frame_choice_of(order) is not None, _("No frame is chosen.")),
        ("lenses", needs.specification_of(order) is not None, _("No lens is chosen.")),
    ]
    return [Missing(code, message, url=f"{url}#{code}") for code, done, message in steps if not done]


def _not_measured(order: Order, url: str) -> list[Missing]:
    names = unmeasured(order)
    if not names:
        return []
    labels = ", ".join(str(measuring.LABELS[name]) for name in names)
    return [Missing("measurements", _("Not measured: %(what)s.") % {"what": labels}, url=f"{url}#measurements")]


def unmeasured(order: Order) -> list[str]:
    """The fields of the measurement that the chosen lens asks for and that are not known for this frame."""
    specification, measured = needs.specification_of(order), needs.measurement_of(order)
    demand, choice = needs.demand_of(order), needs.frame_choice_of(order)
    if demand is None:
        return []
    product = specification.product if specification else None
    asked = measuring.Asked(
        frozenset(eye.value for eye in demand.eyes),
        product.design if product else "",
        bool(specification and specification.purpose == Purpose.NEAR),
    )
    values = {name: getattr(measured, name) for name in measuring.FIELDS} if measured else {}
    if measured is not None and not needs.is_for_this_frame(measured, choice):
        values |= {"right_height_mm": None, "left_height_mm": None}
    return measuring.missing(values, asked)
