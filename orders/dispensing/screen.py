"""The dispense screen as one value: prescription, frame, lens, measurements, fit check and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalogue.assessing import ranges_of
from catalogue.demand import Demand
from catalogue.models import LensProduct
from catalogue.pricebook import When
from core import formats, money, ui
from core.errors import Missing
from customers.page import identity
from orders import fit, measuring, needs, stages
from orders.dispensing import frame_panel, lens_panel, prescription_panel
from orders.dispensing.frame_panel import FramePanel
from orders.dispensing.lens_panel import LensPanel, Wish
from orders.dispensing.prescription_panel import PrescriptionPanel
from orders.models import FrameStatus, LensSpecification, Measurement, MeasurementMethod, Order, Purpose
from orders.needs import Parts
from orders.selectors.page import alerts
from orders.services.dispense import MeasurementData
from orders.services.dispense.checks import missing, report_of
from orders.services.dispense.measurements import last_measurement
from records.facts import six_facts


@dataclass(frozen=True)
class Ticks:
    """What stands on the screen and is not saved yet; None for what is saved."""

    wish: Wish | None = None
    measured: MeasurementData | None = None


@dataclass(frozen=True)
class MeasureRow:
    """One eye of the measurements grid: the fields' names, the last pair, what differs much from it."""

    label: str
    eye: str
    last: str
    flags: Sequence[str] = ()


@dataclass(frozen=True)
class FitRow:
    """One line of the fit check with its tone and word."""

    title: str
    detail: str
    tone: str
    word: str


@dataclass(frozen=True)
class Screen:
    order: Order
    identity: ui.Identity
    facts: ui.SixFacts
    steps: Sequence[ui.Stage]
    work: ui.Badge
    rx: PrescriptionPanel
    asks: Sequence[tuple[str, str]]
    frame: FramePanel
    lens: LensPanel
    rows: Sequence[MeasureRow]
    fit: fit.FitReport
    specification: LensSpecification | None
    measurement: Measurement | None
    missing: Sequence[Missing]
    total: str
    alternatives: str = ""
    open_fields: str = ""
    second_person_why: str = ""
    method_label: str = ""

    @property
    def is_agreed(self) -> bool:
        return self.order.state in ("approved", "confirmed", "in_production")

    @property
    def owner(self) -> str:
        return self.order.owner.full_name if self.order.owner else ""

    @property
    def fit_rows(self) -> list[FitRow]:
        return [FitRow(one.title, one.detail, *_word(one.verdict)) for one in self.fit.checks]

    @property
    def fit_badge(self) -> ui.Badge:
        tone, word = _word(self.fit.verdict)
        return ui.Badge(word, tone)

    @property
    def fit_name(self) -> str:
        """`Karoo 214 with Vista HD 1.60`."""
        choice, product = self.frame.choice, self.lens.looked_at
        if product is None:
            return ""
        frame = f"{choice.frame.brand} {choice.frame.model}" if choice and choice.frame else ""
        return _("%(frame)s with %(lens)s") % {"frame": frame, "lens": product.name} if frame else product.name


def _word(verdict: fit.Verdict) -> tuple[str, str]:
    """Tone and word; the tone brings its shape, so that colour never speaks alone."""
    words = {
        fit.Verdict.FITS: ("success", _("Fits")),
        fit.Verdict.CARE: ("warning", _("Look again")),
        fit.Verdict.UNKNOWN: ("neutral", pgettext("fit", "Open")),
        fit.Verdict.REFUSED: ("danger", _("Does not fit")),
    }
    return words[verdict]


def build(order: Order, today: date, ticks: Ticks | None = None) -> Screen:
    """Read everything the screen shows. `ticks` judges what is not saved yet."""
    ticks = ticks or Ticks()
    parts = needs.parts_of(order)
    known = stages.known_of(order, parts)
    choice, saved, measurement = parts.frame, parts.specification, parts.measurement
    wish = ticks.wish or lens_panel.wish_of(saved)
    demand = _demand(order, wish, choice, ticks.measured or measurement)
    lens = lens_panel.panel(demand, wish, When(today, order.branch_id), saved.product if saved else None)
    frame = frame_panel.panel(order, choice, demand, lens.product, When(today, order.branch_id))
    report = _report(demand, lens.looked_at, parts)
    return Screen(
        order=order,
        identity=identity(order.customer, alerts(known.money)),
        facts=replace(six_facts(order), branch=order.branch.name),
        steps=stages.stages(order, known),
        work=stages.work_badge(order.state, bool(known.reviews)),
        rx=prescription_panel.panel(order, today),
        asks=_asks(lens),
        frame=frame,
        lens=lens,
        rows=_measure_rows(order, ticks.measured or measurement),
        fit=report,
        specification=saved,
        measurement=measurement,
        missing=missing(order, parts),
        total=_total(frame, lens),
        alternatives=_shorter(lens, frame, demand, today),
        second_person_why=_second_person(ticks.measured or measurement),
        method_label=_method(ticks.measured or measurement),
        open_fields=_open_fields(demand, lens, ticks.measured or measurement, wish),
    )


def demand_of(order: Order, wish: Wish, measured: MeasurementData | None) -> Demand | None:
    """The demand of what stands on the screen; without measurements, of what is saved."""
    return _demand(order, wish, needs.frame_choice_of(order), measured or needs.measurement_of(order))


def _demand(order: Order, wish: Wish, choice: Any, measured: Any) -> Demand | None:
    if order.prescription is None:
        return None
    if isinstance(measured, MeasurementData):
        measured = Measurement(**measured.values, frame_version=choice.version if choice else 0)
    return needs.build(order.prescription, wish.purpose, choice, measured)


def _report(demand: Demand | None, product: LensProduct | None, parts: Parts) -> fit.FitReport:
    if demand is None or product is None:
        return fit.FitReport()
    return report_of(demand, dict.fromkeys(demand.eyes, product), parts.frame, parts.measurement)


def _asks(lens: LensPanel) -> list[tuple[str, str]]:
    """What this prescription with this lens asks of a frame: icon and words."""
    found = []
    if lens.looked_at is not None:
        ranges = ranges_of(lens.looked_at)
        depth = fit.depth_needed(ranges)
        if depth is not None:
            height = fit.short(ranges.minimum_fitting_height_mm)
            found.append(("ruler", _("Fitting height %(mm)s mm or more") % {"mm": height}))
            found.append(("ruler", _("Lens depth %(mm)s mm or more") % {"mm": fit.short(depth)}))
    if lens.advice:
        found.append(("info", lens.advice))
    return found


def _second_person(measured: Any) -> str:
    values = {name: getattr(measured, name) for name in measuring.FIELDS} if measured else {}
    return measuring.wants_second_person(values)


def _method(measured: Any) -> str:
    return str(MeasurementMethod(measured.method if measured else MeasurementMethod.PUPILOMETER).label).lower()


def _open_fields(demand: Demand | None, lens: LensPanel, measured: Any, wish: Wish) -> str:
    """What this lens still wants measured, in words."""
    if demand is None:
        return ""
    design = lens.product.design if lens.product else ""
    asked = measuring.Asked(frozenset(eye.value for eye in demand.eyes), design, wish.purpose == Purpose.NEAR)
    values = {name: getattr(measured, name) for name in measuring.FIELDS} if measured else {}
    for eye, need in demand:
        values[f"{eye.value}_height_mm"] = need.height_mm
    return ", ".join(str(measuring.LABELS[name]) for name in measuring.missing(values, asked))


def _total(frame: FramePanel, lens: LensPanel) -> str:
    choice = frame.choice
    sold = choice is not None and choice.status in (FrameStatus.SUPPLY, FrameStatus.TO_COME)
    of_frame = frame.prices.price(choice.frame) if choice is not None and choice.frame is not None and sold else 0
    return money.money(of_frame + lens.priced.price)


def _shorter(lens: LensPanel, frame: FramePanel, demand: Demand | None, today: date) -> str:
    """For a frame that is too shallow: a design with a shorter corridor that goes into it."""
    if not frame.shallow or lens.product is None or demand is None:
        return ""
    depth = min(row.frame.b_mm for row in frame.shallow)
    found = lens_panel.shortest(demand, lens.product, depth, today)
    if found is None:
        return _("Choose a deeper frame.")
    return _("Choose a deeper frame, or %(name)s: corridor %(corridor)s, needs %(least)s.") % {
        "name": lens_panel.family_of(found),
        "corridor": fit.short(found.corridor_mm),
        "least": fit.short(found.minimum_fitting_height_mm),
    }


def _measure_rows(order: Order, measured: Any) -> list[MeasureRow]:
    last = last_measurement(order)
    then = {name: getattr(last, name) for name in measuring.FIELDS} if last else {}
    now = {name: getattr(measured, name) for name in measuring.FIELDS} if measured else {}
    flags = measuring.flags(now, then)
    labels = {"right": _("Right"), "left": _("Left")}
    return [
        MeasureRow(labels[eye], eye, _last(then, eye), [name for name in flags if name.startswith(eye)])
        for eye in ("right", "left")
    ]


def _last(then: dict[str, Any], eye: str) -> str:
    values = [then.get(f"{eye}_{kind}") for kind in ("far_pd_mm", "near_pd_mm", "height_mm")]
    return " · ".join(formats.number(value) for value in values) if any(values) else ""
