"""The laboratory at work: our own in Midrand and an outside one, trays, and jobs at every stage, some of them late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from branches.models import Branch
from core.actor import Actor
from demo import clock
from demo.acting import acting
from demo.customers import person
from labjobs import inspection
from labjobs.models import Job, Lab, LabKind, Stage
from labjobs.services import collection, editions, fittings, jobs, labfiles, labs, quality, release
from labjobs.services.collection import CollectionData
from labjobs.services.fittings import FittingData
from labjobs.services.labs import LabData
from labjobs.services.quality import CheckData
from labjobs.services.release import ReleaseData
from orders import workdays
from orders.models import Order, OrderState, PaymentMethod
from orders.services import payments
from orders.services.payments import PaymentData

FIRST_TRAY, TRAYS = 290, 60
_ALL_LOOKS = frozenset(inspection.COSMETIC)
_RELEASERS = {"RSB": "pieter", "DUR": "pieter", "UMH": "themba"}
_FITTERS = {"RSB": "pieter", "DUR": "pieter", "UMH": "themba"}


@dataclass(frozen=True)
class Plan:
    """How far a job has come, in how many steps, and the tray when it is told of elsewhere."""

    go: Callable[[Job], None]
    steps: int = 1
    tray: str = ""
    outside: bool = False


def build(now: datetime) -> None:
    """Laboratories and trays; then every paid order is released and taken as far as its plan says."""
    own, outside = _laboratories()
    ready = Order.objects.filter(state=OrderState.CONFIRMED).select_related("branch", "customer").order_by("pk")
    paid = [order for order in ready if not release.missing_for(order)]
    told = {plan.tray for plan in _OF_THE_STORY.values()}
    free = (code for n in range(FIRST_TRAY, FIRST_TRAY + TRAYS) if (code := f"T-{n}") not in told)
    for place, order in enumerate(paid):
        plan = _OF_THE_STORY.get(order.customer.full_name) or _PLANS[min(place, len(_PLANS) - 1)]
        tray = plan.tray or ("" if plan.outside else next(free))
        _make(order, plan, outside if plan.outside else own, tray, now)


def _laboratories() -> tuple[Lab, Lab]:
    head = acting("grace", "RSB")
    midrand = Branch.objects.get(code="MID")
    own = labs.add(
        head, LabData("Meridian Lab, Midrand", "MID", LabKind.OWN, midrand.pk, person("riaan").pk, lead_days=3)
    )
    labs.add_trays(head, own.pk, "T-", FIRST_TRAY, TRAYS)
    outside = labs.add(
        head,
        LabData(
            "Highveld Lens Works", "HLW", LabKind.OUTSIDE, email="orders@highveld.example", phone="+27 11 555 0900",
            account="MER-2041", lead_days=5,
        ),
    )  # fmt: skip
    labs.set_profile(
        head, outside.pk,
        {"file_name": "MER_{job}.oma", "extra": {"_TRAY": "{tray}", "_PAT": "{patient}"}, "status_vocabulary": "vspone"},
    )  # fmt: skip
    labs.set_credit_rules(
        head, outside.pk,
        [
            (1, {"reasons": ["lab"], "percents": ["100"], "return_required": True}),
            (2, {"reasons": ["P01", "P02"], "percents": ["20"], "within_days": 60}),
            (3, {"reasons": ["C01"], "percents": ["100", "50", "0"], "within_days": 90}),
        ],
    )  # fmt: skip
    return own, outside


def _make(order: Order, plan: Plan, lab: Lab, tray: str, now: datetime) -> None:
    """Released on the working day after it was agreed, then step by step as far as the plan says."""
    code = order.branch.code
    data = ReleaseData(order.pk, lab.pk, tray)
    begins = order.confirmed_at or now
    if workdays.today(order.branch, begins) < workdays.today(order.branch, now):
        begins = clock.on(order.branch, workdays.after(workdays.today(order.branch, begins), 1, order.branch), 35)
    if begins >= now:
        plan.go(release.release(acting(_RELEASERS[code], code), data))
        return
    with clock.at(begins):
        clock.plan_steps(clock.spread(order.branch, begins, now, plan.steps))
        plan.go(release.release(acting(_RELEASERS[code], code), data))


def make_ready(order: Order, lab: Lab, begins: datetime, ends: datetime) -> Job:
    """One more pair from release to the shelf, between the two moments."""
    code = order.branch.code
    with clock.at(begins):
        clock.plan_steps(clock.spread(order.branch, begins, ends, 8))
        job = release.release(acting(_RELEASERS[code], code), ReleaseData(order.pk, lab.pk, ""))
        _ready(job)
    return Job.objects.select_related("tray", "order").get(pk=job.pk)


def _bench() -> Actor:
    return acting("riaan", "MID")


def _to(*stages: Stage) -> Callable[[Job], None]:
    def go(job: Job) -> None:
        for stage in stages:
            clock.step()
            jobs.move(_bench(), job.pk, stage, how="scan")

    return go


def _readings(job: Job) -> dict[str, Decimal]:
    """What a good focimeter shows of a good pair: a hundredth or two off."""
    table = editions.tables(editions.default())
    rows = inspection.rows_of(inspection.bench_of(job.values, job.verification, job.eyes), table)
    plain = {row.name: Decimal((row.target or row.ordered).replace("−", "-").rstrip("°")) for row in rows if row.judged}
    return plain | {"vertical_imbalance": Decimal("0.12"), "horizontal_imbalance": Decimal("0.25")}


def _check(job: Job, **off: str) -> None:
    _to(Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY, Stage.QUALITY)(job)
    readings = _readings(job)
    for name, by in off.items():
        readings[name] = readings[name] + Decimal(by)
    clock.step()
    quality.check(_bench(), CheckData(job.pk, readings, _ALL_LOOKS))


def _failed(job: Job) -> None:
    sides = [side for side in ("right", "left") if f"{side}_axis" in _readings(job)]
    _check(job, **({f"{sides[0]}_axis": "9"} if sides else {"right_sphere": "0.25"}))


def _held(job: Job) -> None:
    _to(Stage.SURFACING, Stage.COATING, Stage.EDGING)(job)
    clock.step()
    jobs.hold(_bench(), job.pk, "Frame to come")


def _ready(job: Job) -> None:
    _check(job)
    clock.step()
    moved = jobs.advance(_bench(), job.pk, "scan")
    if moved.state != "ready":
        code = job.branch.code
        clock.step()
        jobs.advance(acting(_RELEASERS[code], code), job.pk, "scan")


def _collected(job: Job) -> None:
    _ready(job)
    code = job.branch.code
    actor = acting(_FITTERS[code], code)
    clock.step()
    fittings.record(actor, FittingData(job.pk, "passed", frozenset(fittings.CHECKS), {"both": "6/6"}))
    balance = payments.balance(job.order_id)
    if balance > 0:
        clock.pass_minutes(4)
        payments.take(actor, PaymentData(job.order_id, balance, PaymentMethod.CARD, "ending 4402"))
    clock.pass_minutes(3)
    proofs = frozenset({"name", "birth_date"})
    collection.collect(actor, CollectionData(job.pk, proofs, job.order.customer.full_name))


def hand_over(order: Order, begins: datetime, ends: datetime) -> Order:
    """Released at the one moment and handed over at the other: for the parts that tell of what comes after the sale."""
    own = Lab.objects.filter(kind=LabKind.OWN).order_by("pk")[0]
    code = order.branch.code
    with clock.at(begins):
        clock.plan_steps(clock.spread(order.branch, begins, ends, 9))
        _collected(release.release(acting(_RELEASERS[code], code), ReleaseData(order.pk, own.pk)))
    return Order.objects.get(pk=order.pk)


def _at_highveld(job: Job) -> None:
    actor = acting(_RELEASERS[job.branch.code], job.branch.code)
    labfiles.sent(actor, job.pk)
    clock.step()
    labfiles.acknowledged(actor, job.pk, f"HL-{7780 + job.pk}")


_S, _C, _E, _A = Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY
_SURFACED, _COATED, _EDGED, _ASSEMBLED = _to(_S), _to(_S, _C), _to(_S, _C, _E), _to(_S, _C, _E, _A)
_OF_THE_STORY = {
    "Thandi Mokoena": Plan(_SURFACED, tray="T-317"),
    "Hendrik Van Wyk": Plan(_failed, 6, tray="T-305"),
    "Annelie Botha": Plan(_ready, 8),
    "Devi Naicker": Plan(_collected, 9),
}
# From the oldest order to the newest.
_PLANS = (
    Plan(_EDGED, 3),
    Plan(_COATED, 2),
    Plan(_check, 6),
    Plan(_ready, 8),
    Plan(_ready, 8),
    Plan(_ASSEMBLED, 4),
    Plan(_held, 4),
    Plan(_at_highveld, 2, outside=True),
    Plan(_EDGED, 3),
    Plan(_check, 6),
    Plan(_COATED, 2),
    Plan(_ASSEMBLED, 4),
    Plan(_to(_S, _C, _E, _A, Stage.QUALITY), 5),
    Plan(_SURFACED),
    Plan(_ready, 8),
    Plan(_EDGED, 3),
    Plan(_SURFACED),
    Plan(_at_highveld, 2, outside=True),
    Plan(_SURFACED),
    Plan(_to()),
)
