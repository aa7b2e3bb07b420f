"""Reports that people keep and share. Sharing lends the question; the rows stay with the rights of who runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can, Role
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible, StaleRecord
from records import events
from reports.datasets import base, querying
from reports.datasets.base import Definition
from reports.exports import asking
from reports.models import SavedReport, Schedule, Sharing


@dataclass(frozen=True)
class ReportData:
    """What is kept: a name, a question, for whom."""

    name: str
    definition: Mapping[str, Any]
    sharing: str = Sharing.MINE
    roles: tuple[str, ...] = ()


def visible(actor: Actor) -> list[SavedReport]:
    """One's own, and those shared with one's branches and roles, on datasets that one may see."""
    scope = querying.scope_for(actor, Can.VIEW_MEASURES)
    here = Q() if scope.everything else Q(branch_id__in=scope.branch_ids)
    shared = Q(sharing=Sharing.EVERYONE) | (Q(sharing=Sharing.BRANCH) & here)
    rows = SavedReport.objects.filter(Q(owner_id=actor.user_id) | shared, removed_at=None)
    return [row for row in rows.select_related("owner", "branch").order_by("name") if _may_see(actor, row)]


def _may_see(actor: Actor, report: SavedReport) -> bool:
    dataset = base.find(report.dataset)
    if dataset is None or not access.allowed(actor, dataset.can, None):
        return False
    roles = {role for _branch, role in actor.roles}
    return report.owner_id == actor.user_id or not report.roles or bool(roles & set(report.roles))


def report_for(actor: Actor, pk: int) -> SavedReport:
    """One report. Raises NotVisible."""
    found = next((report for report in visible(actor) if report.pk == pk), None)
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def own(actor: Actor, pk: str) -> SavedReport | None:
    """One's own report by its key, to change it; nothing without a key. Raises NotVisible."""
    if not pk:
        return None
    found = (
        SavedReport.objects.filter(pk=pk, owner_id=actor.user_id, removed_at=None).first() if pk.isdecimal() else None
    )
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@transaction.atomic
def keep(actor: Actor, data: ReportData, report: SavedReport | None = None, version: int | None = None) -> SavedReport:
    """Save a new report or change one's own. Raises DomainError at `name` or `definition`, StaleRecord after another save."""
    branch, owner = asking.placed(actor)
    access.require(actor, Can.VIEW_MEASURES, branch.pk)
    definition = _checked(actor, data, branch)
    if data.sharing == Sharing.EVERYONE:
        access.require_everywhere(actor, Can.VIEW_MEASURES)
    taken = SavedReport.objects.filter(owner_id=owner, name=data.name.strip(), removed_at=None)
    if taken.exclude(pk=report.pk if report else 0).exists():
        raise DomainError(_("You have a report of this name."), fields={"name": _("You have a report of this name.")})
    row = _locked(report, version) if report else SavedReport(owner_id=owner, branch=branch)
    row.name, row.dataset, row.definition = data.name.strip(), definition.dataset, definition.as_json()
    row.sharing, row.roles = data.sharing, [role for role in data.roles if role in Role.values]
    row.changed_at = timezone.now()
    row.version += 1 if report else 0
    row.save()
    events.record("report.saved", actor, events.Fact(row, branch_id=row.branch_id, new={"name": row.name}))
    return row


def _checked(actor: Actor, data: ReportData, branch: Branch) -> Definition:
    definition = Definition.of_json(data.definition)
    if not data.name.strip():
        raise DomainError(_("Name the report."), fields={"name": _("Name the report.")})
    querying.build(actor, definition, asking.today_in(branch), Can.VIEW_MEASURES)
    return definition


def _locked(report: SavedReport, version: int | None) -> SavedReport:
    row = SavedReport.objects.select_for_update().get(pk=report.pk)
    if version is not None and version != row.version:
        raise StaleRecord(_("Somebody else saved first. Look again, then save."), current_version=row.version)
    return row


@transaction.atomic
def remove(actor: Actor, pk: int) -> SavedReport:
    """Take one's own report off the list, and with it what was scheduled of it."""
    row = SavedReport.objects.select_for_update().filter(pk=report_for(actor, pk).pk).get()
    if row.owner_id != actor.user_id:
        raise NotAllowed(_("Only who made the report removes it."), code="not_allowed")
    row.removed_at = timezone.now()
    row.save()
    Schedule.objects.filter(report=row, removed_at=None).update(removed_at=row.removed_at)
    events.record("report.removed", actor, events.Fact(row, branch_id=row.branch_id, old={"name": row.name}))
    return row
