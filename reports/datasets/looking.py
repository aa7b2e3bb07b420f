"""Who opened whose record."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from records.models import Look, Way
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.beside import record_columns
from reports.datasets.holding import roles
from reports.datasets.selling import words_of


def _looks(scope: Scope) -> QuerySet[Any]:
    """Looks of people who work in the scope, and looks at its records from anywhere."""
    if scope.everything:
        return Look.objects.all()
    return Look.objects.filter(Q(branch_id__in=scope.branch_ids) | Q(record_branch_id__in=scope.branch_ids))


declare(
    Dataset(
        "looks",
        _("Who opened what"),
        _("One row a person, record and day: first and last time, and how often"),
        Can.VIEW_AUDIT,
        _looks,
        (
            Column("first", _("Opened first"), Kind.MOMENT, source="first_at"),
            Column("last", _("Opened last"), Kind.MOMENT, source="last_at"),
            Column("times", _("Times"), Kind.NUMBER),
            Column("person", _("Who"), source="person__full_name"),
            Column("role", _("Role"), Kind.CHOICE, choices=roles),
            Column("branch", _("Worked in"), source="branch__name"),
            Column("record_branch", _("Record of"), source="record_branch__name"),
            Column("way", _("As"), Kind.CHOICE, choices=words_of(Way)),
            *record_columns(),
        ),
        ("first", "last", "times", "person", "role", "branch", "way", "subject", "subject_id", "customer", "order"),
        "first",
        order=("-first_at", "-pk"),
    )
)
