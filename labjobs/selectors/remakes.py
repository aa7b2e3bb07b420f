"""What the pages of a remake show: original and proposal, warranty clock, cost, decision."""

from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from branches.scope import Scope
from core.errors import NotVisible
from core.ui import Badge
from labjobs import jobvalues
from labjobs.credit_rules import REASONS
from labjobs.models import Job, Remake, Warranty
from labjobs.selectors import page
from labjobs.services import warranties
from labjobs.services.remakes import PAYERS
from orders import basis
from orders.models import LensSpecification
from orders.services.common import today
from records.services.changes import FieldChange


def remake_of(scope: Scope, number: str) -> Remake:
    """One request by its number. Raises NotVisible."""
    found = Remake.objects.select_related(
        "order__customer", "order__branch", "order__collect_branch", "order__owner", "job__lab__lead", "job__tray",
        "job__branch", "job__lab_branch", "new_job", "warranty", "requested_by", "decided_by", "case", "recorded_by",
    )  # fmt: skip
    if not scope.everything:
        here = scope.branch_ids
        found = found.filter(
            Q(order__branch_id__in=here) | Q(order__collect_branch_id__in=here) | Q(job__lab_branch_id__in=here)
        )
    remake = found.filter(number=number).first()
    if remake is None:
        raise NotVisible(_("Not found."), code="not_visible")
    remake.job.order = remake.order
    return remake


def comparison(job: Job) -> dict[str, Any]:
    """The job as made, what would be made now, and where they differ."""
    live = jobvalues.frozen(job.order)
    moved: list[FieldChange] = basis.differences(basis.read(job.inputs), basis.live(job.order))
    return {
        "original": _side(job.values),
        "proposed": _side(live),
        "moved": moved,
        "rx_columns": page.RX_COLUMNS,
    }


def _side(values: dict[str, Any]) -> dict[str, Any]:
    return {
        "rx": page.rx_rows(values),
        "measures": page.measures(values),
        "lenses": page.lens_words(values),
        "frame": values.get("frame") or {},
    }


def warranties_of(job: Job) -> list[tuple[Warranty, str, str]]:
    """What is covered, until when, used before: with the words of the causes."""
    day = today(job.order.branch)
    return [
        (
            one,
            warranties.state_word(one, day),
            ", ".join(str(REASONS[code][1]) for code in one.terms.get("causes", []) if code in REASONS),
        )
        for one in job.order.warranties.order_by("pk")
    ]


def usual_cost(job: Job) -> Decimal:
    """What the lenses cost us, by the catalogue: a start for the cost line."""
    lenses = (
        LensSpecification.objects.filter(order=job.order)
        .select_related("right", "left")
        .prefetch_related("add_ons")
        .first()
    )
    if lenses is None:
        return Decimal("0.00")
    made = [lens for lens in (lenses.right, lenses.left) if lens]
    extras = sum((extra.cost for extra in lenses.add_ons.all()), Decimal(0))
    return sum((lens.cost + extras for lens in made), Decimal("0.00"))


_TONES = {"requested": "warning", "approved": "success", "refused": "danger"}


def words_of(remake: Remake) -> dict[str, Any]:
    """The request in words."""
    party, words = REASONS[remake.cause]
    parties = {
        "lab": _("Laboratory"),
        "prescriber": _("Prescriber"),
        "shop": _("Shop"),
        "patient": _("Customer"),
        "warranty": _("Warranty"),
    }
    return {
        "cause": f"{remake.cause} {words}",
        "fault": parties[party.value],
        "payer": PAYERS[remake.payer],
        "badge": Badge(remake.get_state_display(), _TONES[remake.state]),
    }
