"""What the pages of customer imports read. The scope comes first: an import belongs to a branch."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branches.scope import Scope
from core import ui
from core.errors import NotVisible
from core.models import Job, JobState
from core.paging import KeyPage, by_key
from customers.importing import columns as known
from customers.models import Customer, CustomerImport, CustomerImportRow, RowDecision, RowVerdict

SIZE = 25
VIEWS: Mapping[str, Q] = {
    "undecided": Q(verdict=RowVerdict.ALIKE, decision="", done_at=None),
    "alike": Q(verdict=RowVerdict.ALIKE),
    "new": Q(verdict=RowVerdict.NEW),
    "refused": Q(verdict=RowVerdict.REFUSED),
    "notes": ~Q(notes=[]),
    "before": Q(verdict=RowVerdict.BEFORE),
}
STEPS = ("check", "write", "undo")


def imports(scope: Scope) -> QuerySet[CustomerImport]:
    rows = CustomerImport.objects.select_related("branch", "recorded_by")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def one(scope: Scope, number: str) -> CustomerImport:
    """Raises NotVisible outside the scope."""
    found = imports(scope).filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def job_key(batch: CustomerImport, step: str) -> str:
    return f"customers.import.{step}:{batch.pk}:{batch.version}"


def work_of(batch: CustomerImport) -> Job | None:
    """The background job of this version of the import, when it is under way, stopped or given up."""
    keys = [job_key(batch, step) for step in STEPS]
    return Job.objects.filter(key__in=keys).exclude(state=JobState.DONE).order_by("-pk").first()


@dataclass(frozen=True)
class Match:
    """Who a row may be: a stored customer, or an earlier row of the file."""

    why: str
    customer: Customer | None = None
    row: int | None = None


@dataclass(frozen=True)
class Line:
    """A row as the page shows it. `notes` are (column, value, reason)."""

    row: CustomerImportRow
    said: Mapping[str, Any]
    matches: Sequence[Match]
    problems: Sequence[tuple[str, str, str]]
    notes: Sequence[tuple[str, str, str]]

    @property
    def name(self) -> str:
        return f"{self.said.get('given_names', '')} {self.said.get('family_name', '')}".strip()

    @property
    def tells(self) -> str:
        """What tells two people of one name apart."""
        parts = [
            self.said.get("birth_date"),
            self.said.get("phone") or self.said.get("other_phone"),
            self.said.get("email"),
        ]
        return " · ".join(part for part in parts if part)

    @property
    def decided(self) -> str:
        if self.row.decision == RowDecision.UPDATE and self.row.target:
            return _("Update %(number)s") % {"number": self.row.target.number}
        return str(self.row.get_decision_display())


def lines(batch: CustomerImport, view: str, after: str) -> tuple[KeyPage[CustomerImportRow], list[Line]]:
    """One page of rows with the people they may be: three queries."""
    rows = batch.rows.filter(VIEWS[view]).select_related("customer", "target")
    keys = by_key(rows, after, ("row_number",), SIZE)
    ids = {match["id"] for row in keys.rows for match in row.matches if "id" in match}
    people = Customer.objects.select_related("home_branch").in_bulk(ids)
    labels = known.labels()
    return keys, [
        Line(
            row,
            row.values.get("data", {}),
            [Match(match["why"], people.get(match.get("id", 0)), match.get("row")) for match in row.matches],
            _named(row.problems, labels),
            _named(row.notes, labels),
        )
        for row in keys.rows
    ]


def _named(problems: Iterable[Mapping[str, str]], labels: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(labels.get(one["column"], one["column"]), one["value"], one["reason"]) for one in problems]


def tabs(batch: CustomerImport, view: str) -> list[ui.View]:
    """The rows by verdict with their numbers; empty ones are left out but the first."""
    counts, waiting = batch.counts, batch.rows.filter(VIEWS["undecided"]).count()
    words = {
        "undecided": (_("To decide"), waiting),
        "refused": (_("Refused"), counts.get("refused", 0)),
        "new": (_("New"), counts.get("new", 0)),
        "alike": (_("Looks like somebody"), counts.get("alike", 0)),
        "notes": (_("With a note"), counts.get("notes", 0)),
        "before": (_("Imported before"), counts.get("before", 0)),
    }
    return [
        ui.View(label, f"?show={code}#rows", number, is_current=code == view)
        for code, (label, number) in words.items()
        if number or code == view
    ]


def first_view(batch: CustomerImport) -> str:
    """What is looked at first: what waits, else what was refused, else the new ones."""
    if batch.rows.filter(VIEWS["undecided"]).exists():
        return "undecided"
    return "refused" if batch.counts.get("refused") else "new"
