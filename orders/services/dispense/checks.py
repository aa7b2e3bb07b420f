"""What the screen, the quotation and the release ask: does it fit, and what is still missing."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalogue.assessing import ranges_of
from catalogue.demand import Demand
from catalogue.models import LensProduct
from core.errors import GateClosed, Missing
from lensmath.prism import Eye
from orders import fit, measuring, needs
from orders.models import FrameChoice, LensSpecification, Measurement, Order, Purpose
from orders.needs import Parts


def fit_report(order: Order, parts: Parts | None = None) -> fit.FitReport:
    """The fit check of the order as it stands; empty before there is a prescription and a lens."""
    known = parts or needs.parts_of(order)
    demand = needs.demand_of(order, known)
    if demand is None or known.specification is None:
        return fit.FitReport()
    return report_of(demand, chosen(known.specification), known.frame, known.measurement)


def chosen(specification: LensSpecification) -> dict[Eye, LensProduct]:
    """The product of each eye that has one."""
    products = {Eye.RIGHT: specification.right, Eye.LEFT: specification.left}
    return {eye: product for eye, product in products.items() if product is not None}


def report_of(
    demand: Demand, products: dict[Eye, LensProduct], choice: FrameChoice | None, measured: Measurement | None
) -> fit.FitReport:
    """The fit check for given lenses in the frame of the order, with what is measured and saved."""
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


def missing(order: Order, parts: Parts | None = None) -> list[Missing]:
    """Everything that stands between this order and a quotation, each with where to mend it; empty when it may be quoted."""
    url = reverse("orders:dispense", args=[order.number])
    known = parts or needs.parts_of(order)
    found = _not_chosen(order, known, url)
    if not found:
        refused = fit_report(order, known).refused
        found += [Missing(check.code, f"{check.title}: {check.detail}", url=url) for check in refused]
        found += _not_measured(order, known, url)
    return found


def require_fit(order: Order, parts: Parts | None = None) -> None:
    """Raises GateClosed naming everything that does not fit: such glasses are not quoted."""
    url = reverse("orders:dispense", args=[order.number]) + "#fit"
    refused = fit_report(order, parts).refused
    if refused:
        raise GateClosed(
            _("These lenses do not fit: %(what)s.") % {"what": "; ".join(check.title for check in refused)},
            code="does_not_fit",
            missing=[Missing(check.code, f"{check.title}: {check.detail}", url=url) for check in refused],
        )


def _not_chosen(order: Order, known: Parts, url: str) -> list[Missing]:
    steps = [
        ("prescription", order.prescription_id is not None, _("No prescription is chosen.")),
        ("frame", known.frame is not None, _("No frame is chosen.")),
        ("lenses", known.specification is not None, _("No lens is chosen.")),
    ]
    return [Missing(code, message, url=f"{url}#{code}") for code, done, message in steps if not done]


def _not_measured(order: Order, known: Parts, url: str) -> list[Missing]:
    names = unmeasured(order, known)
    if not names:
        return []
    labels = ", ".join(str(measuring.LABELS[name]) for name in names)
    return [Missing("measurements", _("Not measured: %(what)s.") % {"what": labels}, url=f"{url}#measurements")]


def unmeasured(order: Order, parts: Parts | None = None) -> list[str]:
    """The fields of the measurement that the chosen lens asks for and that are not known for this frame."""
    known = parts or needs.parts_of(order)
    demand, specification, measured = needs.demand_of(order, known), known.specification, known.measurement
    if demand is None:
        return []
    product = specification.product if specification else None
    asked = measuring.Asked(
        frozenset(eye.value for eye in demand.eyes),
        product.design if product else "",
        bool(specification and specification.purpose == Purpose.NEAR),
    )
    values = {name: getattr(measured, name) for name in measuring.FIELDS} if measured else {}
    if measured is not None and not needs.is_for_this_frame(measured, known.frame):
        values |= {"right_height_mm": None, "left_height_mm": None}
    return measuring.missing(values, asked)
