"""What customers answered: averages by branch, carrier, frame or lens, and the answers themselves, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Avg, Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import Feedback
from aftersales.services.feedback import LOW
from branches.scope import Scope
from core.paging import KeyPage, by_key
from core.states import Words

GROUPS: dict[str, tuple[Words, str]] = {
    "branch": (gettext_lazy("Branch"), "branch__name"),
    "carrier": (gettext_lazy("Carrier"), "carrier"),
    "frame": (gettext_lazy("Frame brand"), "frame_brand"),
    "lens": (gettext_lazy("Lens"), "lens"),
}
DAYS = {"30": 30, "90": 90, "365": 365}
MOST_GROUPS = 50


@dataclass(frozen=True)
class Question:
    """Group, period and the low ones alone, as the address asks."""

    by: str = "branch"
    days: str = "90"
    low: bool = False


@dataclass(frozen=True)
class Trend:
    """One group of answers: how many, and the average of each question, from 1 to 5."""

    label: str
    answers: int
    tracking: Decimal | None
    time: Decimal | None
    product: Decimal | None
    low: int


def read(query: Mapping[str, str]) -> Question:
    by, days = query.get("by", "branch"), query.get("days", "90")
    return Question(by if by in GROUPS else "branch", days if days in DAYS else "90", query.get("low") == "1")


def answers_for(scope: Scope, question: Question) -> QuerySet[Feedback]:
    """Answers about what the scope's branches handed over, within the period."""
    found = Feedback.objects.filter(at__gte=timezone.now() - timedelta(days=DAYS[question.days]))
    return found if scope.everything else found.filter(branch_id__in=scope.branch_ids)


def _is_low() -> Q:
    return Q(tracking__lte=LOW) | Q(time__lte=LOW) | Q(product__lte=LOW)


def trends(scope: Scope, question: Question) -> list[Trend]:
    """The worst group first by the product's average; groups without a name are collected or were unnamed."""
    column = GROUPS[question.by][1]
    rows = (
        answers_for(scope, question)
        .values(column)
        .annotate(
            answers=Count("pk"),
            tracking_average=Avg("tracking"),
            time_average=Avg("time"),
            product_average=Avg("product"),
            low=Count("pk", filter=_is_low()),
        )
        .order_by("-answers", column)[:MOST_GROUPS]
    )
    return [
        Trend(
            row[column] or (_("collected") if question.by == "carrier" else _("not named")),
            row["answers"],
            _one_place(row["tracking_average"]),
            _one_place(row["time_average"]),
            _one_place(row["product_average"]),
            row["low"],
        )
        for row in rows
    ]


def _one_place(value: float | None) -> Decimal | None:
    return Decimal(str(value)).quantize(Decimal("0.1")) if value is not None else None


def page_of(scope: Scope, question: Question, after: str) -> KeyPage[Feedback]:
    """The answers one by one, newest first."""
    found = answers_for(scope, question).select_related("order__customer", "branch")
    return by_key(found.filter(_is_low()) if question.low else found, after, ("-id",))
