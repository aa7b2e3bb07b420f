"""What the inbox and the case page show, assembled from selectors and services."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from branches.scope import Scope
from cases import forms, kinds, selectors
from cases.models import Case, CaseLink, CaseState
from cases.services import cases
from core import ui
from core.actor import Actor
from records import facts
from records.models import Event
from records.selectors import subject_of

TONES = {1: "danger", 2: "warning", 3: "neutral"}


@dataclass(frozen=True)
class Row:
    """A line of the inbox."""

    case: Case
    kind: str
    owner: str
    missing: str
    due_at: datetime | None
    badge: ui.Badge
    subject: str
    subject_url: str


def tabs(scope: Scope, actor: Actor, current: str) -> list[ui.View]:
    """The saved views with their counts; closed cases are not counted."""
    labels = {
        "open": (_("All open"), ""),
        "mine": (_("Mine"), ""),
        "unowned": (_("Without an owner"), "danger"),
        "waiting": (_("Waiting for approval"), "warning"),
        "breaching": (_("Late"), "danger"),
        "closed": (_("Closed"), ""),
    }
    return [
        ui.View(
            label,
            f"{reverse('cases:inbox')}?view={view}",
            None if view == "closed" else selectors.inbox(scope, view, actor.user_id).count(),
            tone,
            view == current,
        )
        for view, (label, tone) in labels.items()
    ]


def row(case: Case) -> Row:
    """One line: what it is, whose it is, what is missing."""
    subject, url = subject_of(case.subject_type, case.subject_id)
    missing = [] if case.state == CaseState.CLOSED else cases.still_missing(case)
    return Row(
        case=case,
        kind=str(kinds.get(case.kind).label),
        owner=case.owner.full_name if case.owner else "",
        missing=missing[0].message if missing else "",
        due_at=case.due_at,
        badge=state_badge(case),
        subject=subject,
        subject_url=url,
    )


def state_badge(case: Case) -> ui.Badge:
    """The state of a case in a word."""
    if case.state == CaseState.CLOSED:
        return ui.Badge(_("Closed"), "success", "pass")
    if case.state == CaseState.WAITING_APPROVAL:
        return ui.Badge(_("Waiting for decision"), "warning", "hourglass")
    if case.owner_id is None:
        return ui.Badge(_("No owner"), "danger", "alert")
    return ui.Badge(_("Open"), "info", "flag")


def case_page(case: Case, actor: Actor) -> dict[str, Any]:
    """Everything the page of one case shows."""
    kind = kinds.get(case.kind)
    subject, subject_url = subject_of(case.subject_type, case.subject_id)
    lines = cases.closure_rule(case)
    is_open = case.state != CaseState.CLOSED
    return {
        "case": case,
        "kind": kind,
        "badge": state_badge(case),
        "late": bool(is_open and case.due_at and case.due_at < timezone.now()),
        "subject": subject,
        "subject_url": subject_url,
        "closure": lines,
        "met": sum(line.done for line in lines),
        "missing": cases.still_missing(case) if is_open else [],
        "story": _story(case),
        "links": [_touched(link) for link in case.links.order_by("pk")],
        "earlier": case.earlier_value.items(),
        "is_open": is_open,
        "may_manage": is_open and access.allowed(actor, Can.MANAGE_CASES, case.branch_id),
        "may_decide": _may_decide(case, actor),
        "asked": kind.option(case.decision),
        "parties": dict(forms.PARTIES).get(case.party_at_fault, ""),
        "next": _next(case, actor),
        "forms": _forms(case),
    }


@dataclass(frozen=True)
class Touched:
    """A person, resource, approval or amount the case touches, with the way there."""

    label: str
    role: str
    url: str


def _touched(link: CaseLink) -> Touched:
    return Touched(link.label, link.role, subject_of(link.record_type, link.record_id)[1])


def coding_form(case: Case, data: Any = None) -> forms.CodingForm:
    """Cause, party and cost as they are recorded."""
    coding = {"cause_code": case.cause_code, "party_at_fault": case.party_at_fault, "cost": case.cost}
    return forms.CodingForm(data, initial=coding, edits=case)


def _forms(case: Case) -> dict[str, Any]:
    return {
        "AssignForm": forms.AssignForm(branch_id=case.branch_id),
        "NoteForm": forms.NoteForm(),
        "CodingForm": coding_form(case),
        "RequestForm": forms.RequestForm(options=kinds.get(case.kind).decisions, version=case.version),
        "DecideForm": forms.DecideForm(version=case.version),
        "CloseForm": forms.CloseForm(),
    }


def _may_decide(case: Case, actor: Actor) -> bool:
    right = kinds.get(case.kind).decision_needs or Can.DECIDE_CASES
    waiting = case.state == CaseState.WAITING_APPROVAL
    return waiting and case.requested_by_id != actor.user_id and access.allowed(actor, right, case.branch_id)


def _next(case: Case, actor: Actor) -> dict[str, str]:
    """The one next action: its words, owner and reason."""
    owner = case.owner.full_name if case.owner else facts.role_word(case.owner_role)
    if case.state == CaseState.CLOSED:
        return {"verb": _("Nothing more to do"), "owner": "", "why": case.closing_note}
    if case.owner_id is None:
        return {"verb": _("Take the case"), "owner": owner, "why": _("Nobody answers for it yet.")}
    if case.state == CaseState.WAITING_APPROVAL:
        option = kinds.get(case.kind).option(case.decision)
        label = str(option.label) if option else case.decision
        who = _("someone other than %(who)s") % {"who": case.requested_by.full_name if case.requested_by else ""}
        return {"verb": _("Decide: %(what)s") % {"what": label}, "owner": who, "why": case.decision_reason}
    missing = cases.still_missing(case)
    if missing:
        return {"verb": _("Meet the closure rule"), "owner": owner, "why": " ".join(m.message for m in missing)}
    return {"verb": _("Close the case"), "owner": owner, "why": _("Every condition is met.")}


def _story(case: Case) -> list[ui.Group]:
    """What happened on the case, newest first."""
    found = Event.objects.filter(subject_type="cases.case", subject_id=case.pk).order_by("-id")[:100]
    entries = [
        ui.Entry(
            text=_sentence(event),
            at=event.at,
            meta=", ".join(part for part in (event.actor_name, facts.role_word(event.role).lower()) if part),
            icon={"case.opened": "flag", "case.noted": "chat", "case.closed": "pass"}.get(event.kind, "user"),
            tone={"case.opened": "danger", "case.closed": "success"}.get(event.kind, "neutral"),
        )
        for event in found
    ]
    return [ui.Group("", entries)] if entries else []


def _sentence(event: Event) -> str:
    words = {
        "case.opened": _("Case opened"),
        "case.assigned": _("Owner: %(owner)s") % {"owner": event.new.get("owner", "")},
        "case.noted": f"“{event.reason}”",
        "case.coded": _("Cause named"),
        "case.ticked": _("Condition met: %(reason)s") % {"reason": event.reason},
        "case.requested": _("Decision asked: %(reason)s") % {"reason": event.reason},
        "case.decided": (_("Approved: %(reason)s") if event.new.get("approved") else _("Rejected: %(reason)s"))
        % {"reason": event.reason},
        "case.closed": _("Case closed: %(reason)s") % {"reason": event.reason},
        "evidence.added": _("Evidence added"),
        "case.escalated": _("Escalated: %(reason)s") % {"reason": event.reason},
    }
    return words.get(event.kind, event.kind)
