"""Every write on a case. A case closes only when its rule holds, and says what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access, numbers, working_time
from branches.models import Branch, User
from branches.roles import Can
from cases import kinds
from cases.models import Case, CaseLink, CaseNote, CaseState, CaseTick
from core.actor import Actor
from core.errors import DomainError, GateClosed, Missing, NotAllowed, NotVisible, StaleRecord
from records import events
from records.models import Evidence


@dataclass(frozen=True)
class Link:
    """A person, resource, approval or amount the case touches."""

    role: str
    record: models.Model
    label: str


@dataclass(frozen=True)
class CaseData:
    """A new case. `earlier_value` keeps what stood before the exception, as a person reads it."""

    kind: str
    subject: models.Model
    branch_id: int
    title: str
    description: str = ""
    customer_id: int | None = None
    order_id: int | None = None
    owner_id: int | None = None
    cause_code: str = ""
    party_at_fault: str = ""
    cost: Decimal | None = None
    earlier_value: Mapping[str, Any] = field(default_factory=dict)
    links: Sequence[Link] = ()


@transaction.atomic
def open_case(actor: Actor, data: CaseData) -> Case:
    """Open a case; while one of the same kind on the same subject is open, that one is returned with a new note."""
    access.require(actor, Can.MANAGE_CASES, data.branch_id)
    kind = kinds.get(data.kind)
    subject_type = events.type_of(data.subject)
    existing = (
        Case.objects.select_for_update()
        .filter(kind=data.kind, subject_type=subject_type, subject_id=data.subject.pk)
        .exclude(state=CaseState.CLOSED)
        .first()
    )
    if existing:
        _note(existing, actor, data.description or data.title)
        return existing
    now = timezone.now()
    case = Case.objects.create(
        number=f"K-{numbers.draw('case'):05d}",
        kind=kind.code,
        title=data.title[:200],
        description=data.description,
        branch_id=data.branch_id,
        subject_type=subject_type,
        subject_id=data.subject.pk,
        customer_id=data.customer_id,
        order_id=data.order_id,
        owner_id=data.owner_id,
        owner_role=kind.owner_role,
        severity=kind.severity,
        due_at=working_time.after(now, kind.due_hours, Branch.objects.get(pk=data.branch_id)),
        blocks=kind.blocks,
        earlier_value=dict(data.earlier_value),
        cause_code=data.cause_code,
        party_at_fault=data.party_at_fault,
        cost=data.cost,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=kind.owner_role,
    )
    for link in data.links:
        CaseLink.objects.create(
            case=case,
            role=link.role,
            record_type=events.type_of(link.record),
            record_id=link.record.pk,
            label=link.label[:160],
        )
    _record("case.opened", case, actor, reason=case.description, new={"kind": case.kind, "title": case.title})
    return case


@transaction.atomic
def assign(actor: Actor, case_id: int, owner_id: int) -> Case:
    """Give the case an owner who works in its branch. Taking it oneself is assigning to oneself."""
    case = _locked(actor, case_id)
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    belongs = owner and owner.memberships.filter(models.Q(branch_id=case.branch_id) | models.Q(branch=None)).exists()
    if owner is None or not belongs:
        raise DomainError(_("Choose someone who works in this branch."), fields={"owner": _("Choose a person.")})
    before = case.owner.full_name if case.owner else ""
    case.owner = owner
    case.escalated_at = None
    _save(case)
    _record("case.assigned", case, actor, old={"owner": before}, new={"owner": owner.full_name})
    return case


@transaction.atomic
def note(actor: Actor, case_id: int, text: str) -> CaseNote:
    """Write down what was done or said."""
    case = _locked(actor, case_id)
    if not text.strip():
        raise DomainError(_("Write the note first."), fields={"text": _("Enter what was done or said.")})
    return _note(case, actor, text)


@dataclass(frozen=True)
class Coding:
    """Cause, party at fault and cost, for the measures."""

    cause_code: str = ""
    party_at_fault: str = ""
    cost: Decimal | None = None


@transaction.atomic
def code(actor: Actor, case_id: int, coding: Coding) -> Case:
    """Name the cause, who bears it and what it cost; earlier values stay in the history."""
    case = _locked(actor, case_id)
    old = {"cause": case.cause_code, "party at fault": case.party_at_fault, "cost": _amount(case.cost)}
    case.cause_code, case.party_at_fault, case.cost = coding.cause_code, coding.party_at_fault, coding.cost
    _save(case)
    new = {"cause": case.cause_code, "party at fault": case.party_at_fault, "cost": _amount(case.cost)}
    _record("case.coded", case, actor, old=old, new=new)
    return case


@transaction.atomic
def tick(actor: Actor, case_id: int, item: str, note_text: str = "") -> CaseTick:
    """Tick an item of the closure rule that the system cannot check by itself; a note says how it is known."""
    case = _locked(actor, case_id)
    rule = {entry.code: entry for entry in kinds.get(case.kind).closure}
    if item not in rule or not rule[item].by_hand:
        raise DomainError(_("The system ticks this item itself."), code="not_by_hand")
    if not note_text.strip():
        raise DomainError(_("Say how you know."), fields={"note": _("Enter how you know.")})
    ticked, _created = CaseTick.objects.get_or_create(
        case=case, item=item, defaults={"ticked_by_id": actor.user_id, "note": note_text[:200]}
    )
    _record("case.ticked", case, actor, new={"item": item}, reason=note_text)
    return ticked


@transaction.atomic
def request_decision(actor: Actor, case_id: int, decision: str, reason: str, version: int | None = None) -> Case:
    """Ask for an approval where money moves; someone else decides. Raises StaleRecord when the case moved since it was read."""
    case = _locked(actor, case_id, version)
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Enter a reason.")})
    if kinds.get(case.kind).option(decision) is None:
        raise DomainError(_("Choose what to do."), fields={"decision": _("Choose one.")})
    case.state = CaseState.WAITING_APPROVAL
    case.decision, case.decision_reason, case.requested_by_id = decision, reason, actor.user_id
    case.decided_at, case.decided_by = None, None
    _save(case)
    _record("case.requested", case, actor, new={"decision": decision}, reason=reason)
    return case


@transaction.atomic
def decide(actor: Actor, case_id: int, approve: bool, reason: str, version: int | None = None) -> Case:
    """Approve or reject what was requested. Never by the requester; always with a reason.

    Raises StaleRecord when what is asked for, its cost or its cause moved since the page was opened.
    """
    case = _locked(actor, case_id, version)
    access.require(actor, kinds.get(case.kind).decision_needs or Can.DECIDE_CASES, case.branch_id)
    if case.state != CaseState.WAITING_APPROVAL:
        raise DomainError(_("Nothing waits for a decision on this case."), code="nothing_to_decide")
    if case.requested_by_id == actor.user_id:
        raise NotAllowed(_("Someone else must decide what you asked for."), code="own_request")
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Enter a reason.")})
    case.state = CaseState.OPEN
    case.decided_at, case.decided_by_id = timezone.now(), actor.user_id
    asked = case.decision
    option = kinds.get(case.kind).option(asked)
    if not approve:
        case.decision = ""
    _save(case)
    _record("case.decided", case, actor, new={"approved": approve, "decision": asked}, reason=reason)
    if approve and option and option.apply:
        option.apply(case, actor)
    return case


@transaction.atomic
def close(actor: Actor, case_id: int, closing_note: str) -> Case:
    """Close when the rule holds. Raises GateClosed naming everything that is missing."""
    case = _locked(actor, case_id)
    missing = still_missing(case)
    if missing:
        raise GateClosed(_("This case cannot be closed yet."), code="closure_rule", missing=missing)
    case.state = CaseState.CLOSED
    case.closed_at, case.closed_by_id, case.closing_note = timezone.now(), actor.user_id, closing_note
    _save(case)
    _record("case.closed", case, actor, reason=closing_note)
    return case


@dataclass(frozen=True)
class RuleItem:
    """One line of the closure rule as it stands now."""

    code: str
    label: str
    done: bool
    by_hand: bool
    note: str = ""


def closure_rule(case: Case) -> list[RuleItem]:
    """The closure rule with its ticks; what the records can answer is asked of them now."""
    ticks = {entry.item: entry for entry in case.ticks.all()}
    lines = []
    for item in kinds.get(case.kind).closure:
        ticked = ticks.get(item.code)
        done = ticked is not None or bool(item.check and item.check(case))
        lines.append(RuleItem(item.code, str(item.label), done, item.by_hand, ticked.note if ticked else ""))
    return lines


# Rules that ask for the cause themselves: it is not asked for twice.
_CAUSE_ITEMS = ("cause_named", "cause_found")


def still_missing(case: Case) -> list[Missing]:
    """What stands between this case and its closing, in words."""
    kind = kinds.get(case.kind)
    missing = [Missing(line.code, line.label) for line in closure_rule(case) if not line.done]
    if case.owner_id is None:
        missing.append(Missing("owner", _("The case has no owner.")))
    if kind.needs_cause and not case.cause_code and not any(one.code in _CAUSE_ITEMS for one in missing):
        missing.append(Missing("cause", _("The cause is not named.")))
    if case.state == CaseState.WAITING_APPROVAL:
        missing.append(Missing("decision", _("A decision is waiting for approval.")))
    if kind.evidence_needed and not _evidence(case).exists():
        missing.append(Missing("evidence", _("Evidence is missing: %(what)s") % {"what": kind.evidence_needed}))
    return missing


def _evidence(case: Case) -> "models.QuerySet[Evidence]":
    return Evidence.objects.filter(subject_type="cases.case", subject_id=case.pk, withdrawn_at=None)


def _locked(actor: Actor, case_id: int, version: int | None = None) -> Case:
    case = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotVisible(_("Not found."))
    access.require(actor, Can.MANAGE_CASES, case.branch_id)
    if case.state == CaseState.CLOSED:
        raise DomainError(_("This case is closed."), code="closed")
    if version is not None and version != case.version:
        message = _("Somebody changed this case since you opened it. Look at what is asked for now, then decide.")
        raise StaleRecord(message, current_version=case.version)
    return case


def _note(case: Case, actor: Actor, text: str) -> CaseNote:
    entry = CaseNote.objects.create(case=case, text=text, by_id=actor.user_id, by_name=actor.name)
    _record("case.noted", case, actor, reason=text)
    return entry


def _save(case: Case) -> None:
    case.version += 1
    case.save()


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _record(
    kind: str,
    case: Case,
    actor: Actor,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    fact = events.Fact(
        case, case.branch_id, case.customer_id, case.order_id, reason=reason, old=old or {}, new=new or {}
    )
    events.record(kind, actor, fact)
