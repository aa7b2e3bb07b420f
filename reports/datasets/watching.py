"""What auditors look at: every event, approvals, decisions that were let stand."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from branches.models import Membership
from branches.roles import Can
from branches.scope import Scope
from records import phrases
from records.models import SOURCES, Approval, ApprovalMethod, Event, Review, ReviewState
from reports.audit import kinds
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.beside import record_columns
from reports.datasets.holding import roles
from reports.datasets.selling import words_of


def of_branches(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Rows of the scope with the clock they are told by; what belongs to no branch has the practice's own."""
    found: QuerySet[Any] = rows.annotate(clock=Coalesce("branch__time_zone", Value(settings.DEFAULT_TIME_ZONE)))
    return found if scope.everything else found.filter(branch_id__in=scope.branch_ids)


def values_in_words(values: Any) -> str:
    """`right axis: 065, reason: typed wrong`."""
    if not isinstance(values, Mapping):
        return ""
    return ", ".join(f"{phrases.label(name)}: {value}" for name, value in values.items() if value not in (None, ""))


def _events(scope: Scope) -> QuerySet[Any]:
    return of_branches(Event.objects.all(), scope)


declare(
    Dataset(
        "events",
        _("Who changed what"),
        _("One row an event: who, when, where, what, why"),
        Can.VIEW_AUDIT,
        _events,
        (
            Column("at", _("When"), Kind.MOMENT, zone="clock"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("kind", _("What"), Kind.CHOICE, choices=kinds.names),
            Column("actor", _("Who"), source="actor_name"),
            Column("role", _("Role"), Kind.CHOICE, choices=roles),
            Column("source", _("By"), Kind.CHOICE, choices=lambda: dict(SOURCES)),
            *record_columns(),
            Column("reason", _("Reason")),
            Column("before", _("Before"), source="old", is_personal=True, show=values_in_words),
            Column("after", _("After"), source="new", is_personal=True, show=values_in_words),
            Column("details", _("Details"), source="data", is_personal=True, show=values_in_words),
        ),
        ("at", "branch", "kind", "actor", "role", "subject", "subject_id", "reason"),
        "at",
        order=("-at", "-pk"),
    )
)


def _approvals(scope: Scope) -> QuerySet[Any]:
    return of_branches(Approval.objects.all(), scope)


declare(
    Dataset(
        "approvals",
        _("Approvals"),
        _("One row a decision: who decided what, how, and whether it still stands"),
        Can.VIEW_AUDIT,
        _approvals,
        (
            Column("at", _("When"), Kind.MOMENT, source="decided_at", zone="clock"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("kind", _("What"), Kind.CHOICE, choices=kinds.decisions),
            Column("approved", _("Approved"), Kind.YES_NO),
            Column("method", _("How"), Kind.CHOICE, choices=words_of(ApprovalMethod)),
            Column("by", _("Decided by (staff)"), source="decided_by__full_name"),
            Column("by_name", _("Decided by (as signed)"), source="decided_by_name", is_personal=True),
            Column("role", _("Role"), Kind.CHOICE, choices=roles),
            Column("amount", _("Amount"), Kind.MONEY),
            Column("reason", _("Reason")),
            Column("out_of_date", _("Out of date since"), Kind.MOMENT, source="out_of_date_at", zone="clock"),
            Column("because", _("Because"), source="out_of_date_because"),
            *record_columns(),
        ),
        ("at", "branch", "kind", "approved", "method", "by", "role", "amount", "out_of_date", "because"),
        "at",
        order=("-decided_at", "-pk"),
    )
)


def _reviews(scope: Scope) -> QuerySet[Any]:
    return of_branches(Review.objects.all(), scope)


declare(
    Dataset(
        "reviews",
        _("Reviews and overrides"),
        _("One row a decision whose basis changed: decided again, or let stand with a reason"),
        Can.VIEW_AUDIT,
        _reviews,
        (
            Column("opened", _("Opened"), Kind.MOMENT, source="opened_at", zone="clock"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(ReviewState)),
            Column("decision", _("Decision"), Kind.CHOICE, choices=kinds.decisions),
            Column("changed", _("What changed"), source="what_changed", is_personal=True),
            Column("owner_role", _("Answered by"), Kind.CHOICE, choices=roles),
            Column("resolved", _("Resolved"), Kind.MOMENT, source="resolved_at", zone="clock"),
            Column("resolved_by", _("Resolved by"), source="resolved_by__full_name"),
            Column("reason", _("Reason"), source="resolution_reason"),
            *record_columns(),
        ),
        ("opened", "branch", "state", "decision", "owner_role", "resolved", "resolved_by", "reason"),
        "opened",
        order=("-opened_at", "-pk"),
    )
)


def _memberships(scope: Scope) -> QuerySet[Any]:
    """Roles in every branch are head office's; a role of one branch is seen there."""
    return of_branches(Membership.history.all(), scope)


declare(
    Dataset(
        "memberships",
        _("Roles given and taken"),
        _("One row a change: who may do what where, from when, by whom, why"),
        Can.VIEW_AUDIT,
        _memberships,
        (
            Column("at", _("When"), Kind.MOMENT, source="history_date", zone="clock"),
            Column(
                "what",
                _("What"),
                Kind.CHOICE,
                source="history_type",
                choices=lambda: {"+": _("Given"), "-": _("Taken"), "~": _("Changed")},
            ),
            Column("person", _("Person"), source="user__full_name"),
            Column("role", _("Role"), Kind.CHOICE, choices=roles),
            Column("branch", _("Branch"), source=lambda: Coalesce("branch__name", Value(str(_("Every branch"))))),
            Column("by", _("By"), source="history_user__full_name"),
            Column("reason", _("Reason"), source="history_change_reason"),
        ),
        ("at", "what", "person", "role", "branch", "by", "reason"),
        "at",
        order=("-history_date", "-history_id"),
    )
)
