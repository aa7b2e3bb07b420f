"""Warranty: starts at collection, one row for each part covered, by the terms that hold on that day."""

from calendar import monthrange
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from core.states import Words
from labjobs.models import Job, Warranty, WarrantyTerm
from labjobs.services import common
from labjobs.services.common import Said
from orders.models import FrameChoice, FrameStatus, LensSpecification, Order
from orders.services import common as orders

_LAPSED_WITH_THE_FRAME = (FrameStatus.PATIENT_OWN, FrameStatus.LENSES_ONLY)

# What a new practice promises; edited under Settings, Warranty terms. Part, months, times, causes of the trade.
SHIPPED: tuple[tuple[str, Words, str, int, int, tuple[str, ...], Words], ...] = (
    ("frame", gettext_lazy("Frame"), "frame", 12, 1, ("W03",), gettext_lazy("Not for breakage by force")),
    ("lenses", gettext_lazy("Lenses"), "lenses", 12, 2, ("L01", "L02", "L03", "L04", "L05", "L06", "L08", "L09"), ""),
    ("coating", gettext_lazy("Coating"), "coating", 24, 1, ("L07", "W01", "W02"), gettext_lazy("Same lenses again")),
    (
        "adaptation", gettext_lazy("Getting used to the lenses"), "adaptation", 3, 1, ("C01", "P01", "P02", "S02"),
        gettext_lazy("Once, with the same or a simpler lens"),
    ),
)  # fmt: skip


def ship() -> None:
    """Lay down the terms of a new practice, each once."""
    for code, name, part, months, times, causes, conditions in SHIPPED:
        WarrantyTerm.objects.get_or_create(
            code=code,
            defaults={
                "name": str(name),
                "part": part,
                "months": months,
                "times_allowed": times,
                "causes": list(causes),
                "conditions": str(conditions),
            },
        )


def start(actor: Actor, order: Order, job: Job) -> list[Warranty]:
    """Open the warranties of a pair handed over now. Running ones of the same order go on; nothing starts twice."""
    today = orders.today(order.collect_branch)
    running = set(order.warranties.filter(ends_on__gte=today).values_list("terms__code", flat=True))
    started = [_begin(actor, order, job, term, today) for term in terms_for(order) if term.code not in running]
    if started:
        data = {"parts": [warranty.terms["code"] for warranty in started]}
        new = {warranty.covers: warranty.ends_on.isoformat() for warranty in started}
        common.tell("warranty.started", actor, job, Said(new=new, data=data))
    return started


def terms_for(order: Order) -> list[WarrantyTerm]:
    """The terms that apply to what was sold: no frame warranty on the customer's own frame."""
    frame = FrameChoice.objects.filter(order=order).first()
    lenses = LensSpecification.objects.filter(order=order).prefetch_related("add_ons").first()
    parts = set()
    if frame is not None and frame.status not in _LAPSED_WITH_THE_FRAME:
        parts.add(WarrantyTerm.Part.FRAME)
    if lenses is not None and lenses.product is not None:
        parts |= {WarrantyTerm.Part.LENSES, WarrantyTerm.Part.ADAPTATION}
        if any(extra.kind == "coating" for extra in lenses.add_ons.all()) or lenses.product.coating_included:
            parts.add(WarrantyTerm.Part.COATING)
    return [term for term in WarrantyTerm.objects.filter(is_active=True) if term.part in parts]


def _begin(actor: Actor, order: Order, job: Job, term: WarrantyTerm, today: date) -> Warranty:
    return Warranty.objects.create(
        order=order,
        job=job,
        covers=term.name[:40],
        terms={"code": term.code, "part": term.part, "causes": term.causes, "conditions": term.conditions},
        starts_on=today,
        ends_on=months_after(today, term.months),
        times_allowed=term.times_allowed,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: a year after 29 February is 28 February."""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def state_word(warranty: Warranty, today: date) -> str:
    """Whether it may be used: running, used up or over."""
    if warranty.ends_on < today:
        return _("over")
    return _("used up") if warranty.times_used >= warranty.times_allowed else _("running")
