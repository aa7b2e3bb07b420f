"""The laboratory at work: our own in Midrand and an outside one, trays, and jobs at every stage, some of them late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from branches.models import Branch
from core.actor import Actor
from customers.models import Customer
from demo import orders as selling
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
from orders.models import Order, OrderState, PaymentMethod
from orders.services import payments
from orders.services.common import today
from orders.services.payments import PaymentData

FIRST_TRAY, TRAYS = 290, 60
_ALL_LOOKS = frozenset(inspection.COSMETIC)
_RELEASERS = {"RSB": "pieter", "DUR": "pieter", "UMH": "themba"}
_FITTERS = {"RSB": "pieter", "DUR": "pieter", "UMH": "themba"}


@dataclass(frozen=True)
class Plan:
    """How far a job has come, how many days it is late, and the tray when it is told of elsewhere."""

    go: Callable[[Job], None]
    late: int = 0
    tray: str = ""
    outside: bool = False


def build(now: datetime) -> None:
    """Laboratories and trays; then every paid order is released and taken as far as its plan says."""
    own, outside = _laboratories()
    _more_orders()
    ready = Order.objects.filter(state=OrderState.CONFIRMED).select_related("branch", "customer").order_by("pk")
    paid = [order for order in ready if not release.missing_for(order)]
    told = {plan.tray for plan in _BY_NAME.values()}
    by_name = dict(_BY_NAME)  # the first of a name is the one of the story
    free = (code for n in range(FIRST_TRAY, FIRST_TRAY + TRAYS) if (code := f"T-{n}") not in told)
    for place, order in enumerate(paid):
        plan = by_name.pop(order.customer.family_name, None) or _PLANS[place % len(_PLANS)]
        tray = plan.tray or ("" if plan.outside else next(free))
        _make(order, plan, outside if plan.outside else own, tray)


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


def _more_orders() -> None:
    """A board needs more than the counter's dozen: the next customers without an order, a deposit each."""
    waiting = Customer.objects.filter(orders=None, merged_into=None, birth_date__isnull=False).order_by("pk")
    for place, customer in enumerate(waiting[:12]):
        code = ("RSB", "UMH", "RSB", "DUR")[place % 4]
        lens = selling.HD if place % 3 == 0 else selling.SINGLE
        name = (customer.given_names, customer.family_name)
        selling.make(selling.Wish(name, code, lens, selling.deposit, with_exam=False))


def _make(order: Order, plan: Plan, lab: Lab, tray: str) -> None:
    code = order.branch.code
    data = ReleaseData(order.pk, lab.pk, tray)
    job = release.release(acting(_RELEASERS[code], code), data)
    plan.go(job)
    if plan.late:
        _let_days_pass(job, plan.late)


def make_ready(order: Order, lab: Lab) -> Job:
    """One more pair from release to the shelf."""
    code = order.branch.code
    job = release.release(acting(_RELEASERS[code], code), ReleaseData(order.pk, lab.pk, ""))
    _ready(job)
    return Job.objects.select_related("tray", "order").get(pk=job.pk)


def _let_days_pass(job: Job, days: int) -> None:
    """The one thing that no service does: time. The job was released and promised so much earlier."""
    for record in (Job.objects.get(pk=job.pk), Order.objects.get(pk=job.order_id)):
        back = timedelta(days=days) + (record.promised_on - today(job.branch) if record.promised_on else timedelta())
        record.promised_on = record.promised_on - back if record.promised_on else None
        record.first_promised_on = record.first_promised_on - back if record.first_promised_on else None
        if isinstance(record, Job):
            record.released_at -= back
            record.stage_since -= timedelta(days=1)
        record.save()


def _bench() -> Actor:
    return acting("riaan", "MID")


def _to(*stages: Stage) -> Callable[[Job], None]:
    def go(job: Job) -> None:
        for stage in stages:
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
    quality.check(_bench(), CheckData(job.pk, readings, _ALL_LOOKS))


def _failed(job: Job) -> None:
    sides = [side for side in ("right", "left") if f"{side}_axis" in _readings(job)]
    _check(job, **({f"{sides[0]}_axis": "9"} if sides else {"right_sphere": "0.25"}))


def _held(job: Job) -> None:
    _to(Stage.SURFACING, Stage.COATING, Stage.EDGING)(job)
    jobs.hold(_bench(), job.pk, "Frame to come")


def _ready(job: Job) -> None:
    _check(job)
    moved = jobs.advance(_bench(), job.pk, "scan")
    if moved.state != "ready":
        code = job.branch.code
        jobs.advance(acting(_RELEASERS[code], code), job.pk, "scan")


def _collected(job: Job) -> None:
    _ready(job)
    code = job.branch.code
    actor = acting(_FITTERS[code], code)
    fittings.record(actor, FittingData(job.pk, "passed", frozenset(fittings.CHECKS), {"both": "6/6"}))
    balance = payments.balance(job.order_id)
    if balance > 0:
        payments.take(actor, PaymentData(job.order_id, balance, PaymentMethod.CARD, "ending 4402"))
    proofs = frozenset({"name", "birth_date"})
    collection.collect(actor, CollectionData(job.pk, proofs, job.order.customer.full_name))


def hand_over(order: Order) -> Order:
    """Release, make, check, fit and hand over at once: for the parts that tell of what comes after the sale."""
    own = Lab.objects.filter(kind=LabKind.OWN).order_by("pk")[0]
    code = order.branch.code
    _collected(release.release(acting(_RELEASERS[code], code), ReleaseData(order.pk, own.pk)))
    return Order.objects.get(pk=order.pk)


def _at_highveld(job: Job) -> None:
    actor = acting(_RELEASERS[job.branch.code], job.branch.code)
    labfiles.sent(actor, job.pk)
    labfiles.acknowledged(actor, job.pk, f"HL-{7780 + job.pk}")


_S, _C, _E, _A = Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY
_BY_NAME = {
    "Mokoena": Plan(_to(_S), tray="T-317"),
    "Van Wyk": Plan(_failed, late=1, tray="T-305"),
    "Botha": Plan(_ready),
    "Naicker": Plan(_collected),
}
_PLANS = (
    Plan(_to()),
    Plan(_to(_S), late=2),
    Plan(_to(_S, _C), late=3),
    Plan(_at_highveld, outside=True),
    Plan(_to(_S, _C, _E), late=2),
    Plan(_held),
    Plan(_to(_S, _C, _E, _A), late=1),
    Plan(_to(_S, _C, _E, _A, Stage.QUALITY)),
    Plan(_check),
    Plan(_to(_S, _C), late=4),
    Plan(_to(_S, _C, _E), late=1),
    Plan(_ready),
    Plan(_to(_S)),
    Plan(_to()),
)
