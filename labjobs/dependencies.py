"""What rests on a prescription, frame, lens or measurement once it is released: the job. It stops at once."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can, Role
from core.actor import Actor
from core.formats import day
from labjobs import states
from labjobs.models import Job, Stage, Warranty
from labjobs.record_kinds import job_title, job_url
from labjobs.services import jobs
from orders.basis import current_prescription
from orders.models import Order, OrderState
from orders.resting import affected, live_lenses, with_lens
from records.events import type_of
from records.services.approvals import Input
from records.services.changes import Affected, Change, Dependency, declare

REVIEW = "lab_job"
_WORN = (OrderState.COLLECTED, OrderState.CLOSED)


def _find(by: Callable[[Any], Q]) -> Callable[[Any], Iterable[Affected]]:
    def find(record: Any) -> Iterable[Affected]:
        found = Job.objects.filter(by(record), state__in=states.OPEN).select_related("order", "lab__lead", "tray")
        for job in found.order_by("pk"):
            yield _affected(job)

    return find


def _affected(job: Job) -> Affected:
    lead = job.lab.lead
    return Affected(
        subject=job,
        title=_("%(job)s, at %(stage)s") % {"job": job_title(job), "stage": job.get_stage_display()},
        url=job_url(job),
        owner_id=lead.pk if lead else None,
        owner_name=lead.full_name if lead else "",
        branch_id=job.lab_branch_id or job.branch_id,
        customer_id=job.order.customer_id,
        order_id=job.order_id,
    )


def _hold(affected: Affected, change: Change, actor: Actor) -> None:
    """Nobody goes on cutting what will not be handed over."""
    job = Job.objects.select_for_update(of=("self",)).select_related("order").get(pk=affected.subject.pk)
    jobs.put_on_hold(actor, job, _("Changed: %(what)s") % {"what": change.sentence})


def _lens_not_cut(product: Any) -> Iterable[Affected]:
    """Jobs that nobody has begun and that need a lens which is no longer made."""
    jobs = Job.objects.filter(order__in=with_lens(product, (OrderState.IN_PRODUCTION,)), stage=Stage.RECEIVED)
    for job in jobs.filter(state__in=states.OPEN).select_related("order__customer", "lab__lead", "tray").order_by("pk"):
        yield replace(_affected(job), subject=job.order)


def _worn(prescription: Any) -> Iterable[Affected]:
    """Pairs that were made to this prescription, are worn, and are still covered by their warranty."""
    covered = Warranty.objects.filter(
        order__prescription=prescription, order__state__in=_WORN, ends_on__gte=timezone.localdate()
    )
    seen: set[int] = set()
    for warranty in covered.select_related("order__owner", "order__seller", "order__customer").order_by(
        "order_id", "ends_on"
    ):
        if warranty.order_id not in seen:
            seen.add(warranty.order_id)
            words = {
                "number": warranty.order.number,
                "covers": warranty.covers,
                "day": day(warranty.ends_on, today=date.min),
            }
            yield affected(warranty.order, _("%(number)s, worn; warranty (%(covers)s) until %(day)s") % words)


def _live_worn(order: Order) -> list[Input]:
    """The prescription as it is now beside the warranty of the pair that is worn."""
    inputs = [
        Input(
            type_of(one),
            one.pk,
            one.version,
            one.covers,
            {_("Until"): day(one.ends_on, today=date.min), _("Used"): str(one.times_used)},
        )
        for one in Warranty.objects.filter(order=order).order_by("pk")
    ]
    now = current_prescription(order)
    if now is not None:
        values = {_("Version"): str(now.version), _("State"): str(now.get_state_display())}
        inputs.append(Input(type_of(now), now.pk, now.version, _("Prescription %(n)s") % {"n": now.number}, values))
    return inputs


def _row(on: str, by: Callable[[Any], Q], fields: frozenset[str] = frozenset()) -> Dependency:
    return Dependency(
        on=on,
        decision=REVIEW,
        label=gettext_lazy("The laboratory job"),
        why=gettext_lazy("Lenses made to the earlier values would have to be made again."),
        before_next_stage=gettext_lazy("The job made with the new values, or the earlier ones let stand"),
        owner_role=Role.LAB_TECHNICIAN,
        find=_find(by),
        blocks="production",
        on_change=_hold,
        fields=fields,
    )


declare(
    [
        Dependency(
            on="prescriptions.prescription",
            decision="worn_pair",
            label=gettext_lazy("The pair that is worn, and its warranty"),
            why=gettext_lazy("Glasses were made to values that were wrong; the customer wears them."),
            before_next_stage=gettext_lazy("Made again under the warranty, or kept because the customer sees well"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_worn,
            live=_live_worn,
            confirm_by=Can.EDIT_ORDERS,
        ),
        Dependency(
            on="orders.order",
            decision="date_of_job",
            label=gettext_lazy("The date of the laboratory job"),
            why=gettext_lazy("The day that was promised moves."),
            before_next_stage=gettext_lazy("Moves along by itself"),
            owner_role=Role.LAB_TECHNICIAN,
            find=_find(lambda record: Q(order=record.pk)),
            fields=frozenset({"promised_on"}),
            reopens=False,
        ),
        _row("prescriptions.prescription", lambda record: Q(order__prescription=record)),
        _row("orders.framechoice", lambda record: Q(order=record.order_id)),
        _row("orders.lensspecification", lambda record: Q(order=record.order_id)),
        _row("orders.measurement", lambda record: Q(order=record.order_id)),
        _row("orders.order", lambda record: Q(order=record.pk), frozenset({"prescription"})),
        _row("inventory.reservation", lambda record: Q(order__frame_choice__reservation_reference=record.reference)),
        Dependency(
            on="catalogue.lensproduct",
            decision="lens_of_job",
            label=gettext_lazy("The lens of a job not begun"),
            why=gettext_lazy("The lens that was chosen is no longer made, so the job may not be possible."),
            before_next_stage=gettext_lazy("The lens found in stock or at the supplier, or the job taken back"),
            owner_role=Role.LAB_TECHNICIAN,
            find=_lens_not_cut,
            blocks="production",
            fields=frozenset({"discontinued_on"}),
            live=live_lenses,
            confirm_by=Can.ADVANCE_JOBS,
        ),
    ]
)
