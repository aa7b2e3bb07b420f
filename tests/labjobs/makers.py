"""A shop with a laboratory of its own: orders that may be released, and jobs anywhere on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from branches.models import Branch
from branches.roles import Role
from core.actor import Actor
from labjobs import inspection
from labjobs.models import Job, Lab, LabKind, Stage, Tray
from labjobs.services import collection, editions, fittings, jobs, quality, release
from labjobs.services.collection import CollectionData
from labjobs.services.fittings import FittingData
from labjobs.services.quality import CheckData
from labjobs.services.release import ReleaseData
from orders.models import Order
from orders.services import ledger, payments
from orders.services.payments import PaymentData
from tests import factories
from tests.orders import makers as selling
from tests.orders.makers import Shop

ALL_LOOKS = frozenset(inspection.COSMETIC)
ALL_CHECKS = frozenset(fittings.CHECKS)


@dataclass
class Bench:
    """A shop, its laboratory and the people at both."""

    shop: Shop
    lab: Lab
    technician: Actor
    lead: Actor
    manager: Actor

    @property
    def lab_branch(self) -> Branch:
        assert self.lab.branch is not None
        return self.lab.branch


def bench(far: bool = False, trays: int = 3) -> Bench:
    """`far`: the laboratory is a branch of its own, so that a finished pair travels to the shop."""
    shop = selling.shop()
    place = factories.branch(is_lab=True, name="Meridian Lab, Midrand") if far else shop.branch
    lead = factories.user(Role.LAB_TECHNICIAN, place, full_name="Riaan Naidoo")
    lab = Lab.objects.create(name=f"Lab {place.code}", code=place.code, branch=place, lead=lead)
    for n in range(trays):
        Tray.objects.create(branch=place, code=f"T-{317 + n}")
    return Bench(
        shop,
        lab,
        factories.staff(Role.LAB_TECHNICIAN, place),
        factories.actor(lead, place),
        factories.staff(Role.BRANCH_MANAGER, place),
    )


def outside_lab(name: str = "Highveld Lens Works") -> Lab:
    return Lab.objects.create(name=name, code=name[:8].upper(), kind=LabKind.OUTSIDE, lead_days=5)


def paid(at: Bench, **fields: Any) -> Order:
    """A confirmed order whose deposit is paid: it may be released."""
    order = selling.confirmed(at.shop, **fields)
    payments.take(at.shop.receptionist, PaymentData(order.pk, payments.deposit_missing(order), "card", "slip 1"))
    return Order.objects.get(pk=order.pk)


def released(at: Bench, tray: str = "", lab: Lab | None = None, **fields: Any) -> Job:
    order = paid(at, **fields)
    return release.release(at.shop.optician, ReleaseData(order.pk, (lab or at.lab).pk, tray))


def at_quality(at: Bench, **fields: Any) -> Job:
    job = released(at, **fields)
    return jobs.move(at.technician, job.pk, Stage.QUALITY)


def exact(job: Job, **readings: str) -> dict[str, Decimal]:
    """Readings that show what was ordered; others as given."""
    table = editions.tables(editions.default())
    rows = inspection.rows_of(inspection.bench_of(job.values, job.verification, job.eyes), table)
    plain = {row.name: Decimal((row.target or row.ordered).replace("−", "-").rstrip("°")) for row in rows}
    return plain | {name: Decimal(value) for name, value in readings.items()}


def checked(at: Bench, job: Job, looks: frozenset[str] = ALL_LOOKS, **readings: str) -> quality.Verdict:
    return quality.check(at.technician, CheckData(job.pk, exact(job, **readings), looks))


def passed(at: Bench, **fields: Any) -> Job:
    job = at_quality(at, **fields)
    checked(at, job)
    return Job.objects.get(pk=job.pk)


def ready(at: Bench, **fields: Any) -> Job:
    job = passed(at, **fields)
    jobs.advance(at.technician, job.pk)
    job.refresh_from_db()
    if job.state != "ready":
        jobs.advance(at.shop.receptionist, job.pk)
    return Job.objects.get(pk=job.pk)


def fitted(at: Bench, job: Job, **fields: Any) -> None:
    defaults: Mapping[str, Any] = {"outcome": "passed", "checks": ALL_CHECKS}
    fittings.record(at.shop.optician, FittingData(job.pk, **(dict(defaults) | fields)))


def pay_rest(at: Bench, order: Order) -> None:
    balance = ledger.money_of(order).balance
    payments.take(at.shop.receptionist, PaymentData(order.pk, balance, "card", "slip 2"))


def handing_over(job: Job, **fields: Any) -> CollectionData:
    defaults: dict[str, Any] = {"proofs": frozenset({"name", "birth_date"}), "received_by": "Thandi Mokoena"}
    return CollectionData(job.pk, **(defaults | fields))


def collected(at: Bench, **fields: Any) -> Job:
    job = ready(at, **fields)
    fitted(at, job)
    pay_rest(at, job.order)
    return collection.collect(at.shop.receptionist, handing_over(job))
