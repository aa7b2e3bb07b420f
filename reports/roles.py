"""Dashboards of one's own work: the optometrist's, and a laboratory's for those who work in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import NotVisible
from labjobs.models import Lab, LabKind
from reports import figures, pages, saying, selectors
from reports.figures import Sums
from reports.measures import get
from reports.periods import Period

# Which cause of a measure says that it is one's own.
OPTOMETRIST: Mapping[str, str] = {
    "capture": "prescriber",
    "no_show": "clinician",
    "rework": "prescriber",
    "on_time": "prescriber",
    "order_turnaround": "prescriber",
}
LABORATORY: Mapping[str, str] = {
    "lab_turnaround": "lab",
    "rework": "lab",
    "on_time": "lab",
    "order_turnaround": "lab",
    "satisfaction": "lab",
}


@dataclass(frozen=True)
class Own:
    """Whose figures: the causes that name them by measure, the value, and the branches their work went to."""

    keys: Mapping[str, str]
    value: str
    name: str
    branch_ids: Sequence[int]
    url_name: str
    args: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnCard:
    """One measure of one's own beside that of everybody in the same branches."""

    label: str
    value: str
    change: figures.Change | None
    everybody: str
    counted: str
    url: str
    question: str
    spark: SafeString | None


def optometrist(actor: Actor, branch_ids: Sequence[int]) -> Own:
    """The person's own tests, in the branches where they may test."""
    held = access.branches_with(actor, Can.SIGN_PRESCRIPTIONS)
    ids = [pk for pk in branch_ids if None in held or pk in held]
    return Own(OPTOMETRIST, str(actor.user_id), actor.name, ids, "mine_rows")


def laboratories(actor: Actor) -> list[Lab]:
    """The laboratories whose benches the person may work at."""
    held = access.branches_with(actor, Can.ADVANCE_JOBS)
    labs = Lab.objects.filter(is_active=True)
    mine = labs if None in held else labs.filter(branch_id__in=[pk for pk in held if pk is not None])
    return sorted(mine, key=lambda lab: lab.kind != LabKind.OWN)


def laboratory(labs: Sequence[Lab], code: str, branch_ids: Sequence[int]) -> Own:
    """One of them, by code; its work goes to every branch. Raises NotVisible for any other."""
    lab = next((lab for lab in labs if lab.code == code or not code), None)
    if lab is None:
        raise NotVisible(_("Not found."))
    return Own(LABORATORY, str(lab.pk), lab.name, branch_ids, "lab_rows", (lab.code,))


def cards(own: Own, period: Period, query: str) -> list[OwnCard]:
    """The measures with their figures; two queries."""
    measures = [get(code) for code in own.keys]
    mine = selectors.narrowed(own.keys, own.value, own.branch_ids, period)
    every = selectors.trends(measures, own.branch_ids, period)
    found = []
    for measure in measures:
        now, before = mine[measure.code].now, mine[measure.code].before
        all_of_them = pages.trend_of(every, measure, own.branch_ids).now if own.branch_ids else figures.NOTHING
        url = reverse(f"measures:{own.url_name}", args=[*own.args, measure.code])
        found.append(
            OwnCard(
                str(measure.label),
                _shown(measure.code, now),
                figures.change(measure, _value(measure.code, now), _value(measure.code, before)),
                _shown(measure.code, all_of_them),
                figures.of_counted(measure, now) if figures.enough(measure, now) else saying.few(measure),
                f"{url}?{query}" if query else url,
                str(measure.question),
                pages.spark(measure, period, mine[measure.code]),
            )
        )
    return found


def _value(code: str, sums: Sums) -> Decimal | None:
    measure = get(code)
    return figures.value(measure, sums) if figures.enough(measure, sums) else None


def _shown(code: str, sums: Sums) -> str:
    return figures.text(get(code), _value(code, sums))
