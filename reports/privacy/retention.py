"""How long what is kept, and what falls due. The years are settings; the law of the place decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.states import Words
from customers.models import Customer
from notifications.models import Message, MessageState
from orders.models import LedgerEntry, Order
from prescriptions.models import EyeTest, Prescription
from records.models import Look
from visits.models import Visit

_OVER = (
    MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.DEAD, MessageState.SUPERSEDED,
    MessageState.SUPPRESSED, MessageState.WITHHELD,
)  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A class of data that stays after a wish to be forgotten, why, and until when."""

    label: Words
    why: Words
    until: date


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_seen(customer: Customer) -> date:
    """The last day the customer was in a shop, was tested, or an order moved."""
    found = [
        Visit.objects.filter(customer=customer).aggregate(at=Max("arrived_at"))["at"],
        EyeTest.objects.filter(customer=customer).aggregate(at=Max("started_at"))["at"],
        Prescription.objects.filter(customer=customer).aggregate(at=Max("signed_at"))["at"],
        Order.objects.filter(customer=customer).aggregate(at=Max("recorded_at"))["at"],
        Order.objects.filter(customer=customer).aggregate(at=Max("collected_at"))["at"],
        customer.recorded_at,
    ]
    return max(timezone.localdate(moment) for moment in found if moment is not None)


def clinical_until(customer: Customer) -> date:
    """Ten years after the last visit; of a child, not before the 25th birthday."""
    end = years_after(last_seen(customer), settings.RETENTION_CLINICAL_YEARS)
    if customer.birth_date is None:
        return end
    return max(end, years_after(customer.birth_date, settings.RETENTION_CHILD_UNTIL_AGE))


def kept(customer: Customer) -> Sequence[Kept]:
    """What must stay for this customer."""
    found: list[Kept] = []
    clinical = Q(customer=customer)
    if Prescription.objects.filter(clinical).exists() or EyeTest.objects.filter(clinical).exists():
        found.append(
            Kept(
                gettext_lazy("Eye tests, prescriptions, measurements, fitting and checks"),
                gettext_lazy("Clinical records must be kept; they are locked until then."),
                clinical_until(customer),
            )
        )
    newest = LedgerEntry.objects.filter(order__customer=customer).aggregate(at=Max("at"))["at"]
    if newest is not None:
        until = years_after(timezone.localdate(newest), settings.RETENTION_FINANCIAL_YEARS)
        found.append(
            Kept(
                gettext_lazy("Invoices and payments"),
                gettext_lazy("Tax law asks for them, under the number alone."),
                until,
            )
        )
    found.append(
        Kept(
            gettext_lazy("The sealed history of the records above"),
            gettext_lazy("It proves that nothing was altered, and is open to audits alone."),
            clinical_until(customer),
        )
    )
    return found


# ------------------------------------------------------------------------------------------- what falls due


def messages_due(now_day: date | None = None) -> list[int]:
    """Messages whose words have done their work: older than 90 days and at an end."""
    today = now_day or timezone.localdate()
    before = timezone.now() - timedelta(days=settings.RETENTION_MESSAGE_DAYS + (timezone.localdate() - today).days)
    rows = Message.objects.filter(created_at__lt=before, state__in=_OVER).exclude(body="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


def looks_before(today: date | None = None) -> date:
    """Looks of earlier days have been kept long enough: whole months, this one not counted."""
    day = today or timezone.localdate()
    months = day.year * 12 + day.month - 1 - settings.RETENTION_LOOK_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def drop_looks() -> int:
    """Nightly: who opened what is known for some months, as long as people ask about it."""
    before = looks_before()
    begins = datetime.combine(before, time(), UTC) + timedelta(days=1)
    return Look.objects.filter(first_at__lt=begins, day__lt=before).delete()[0]


def customers_due(today: date | None = None) -> list[int]:
    """Customers whose clinical time is over: they are laid before two people, never erased by themselves."""
    day = today or timezone.localdate()
    oldest = timezone.now() - timedelta(days=365 * settings.RETENTION_CLINICAL_YEARS)
    rows = Customer.objects.filter(erased_at=None, merged_into=None, recorded_at__lt=oldest)
    return [row.pk for row in rows.order_by("pk").iterator() if clinical_until(row) <= day]


@transaction.atomic
def cut_messages() -> int:
    """Nightly: the words of old messages go; what was sent to whom, when, by which template stays."""
    due = messages_due()
    return Message.objects.filter(pk__in=due).update(body="", html="", subject="")


def said(one: Kept) -> dict[str, str]:
    """For the request's own record."""
    return {"label": str(one.label), "why": str(one.why), "until": one.until.isoformat()}


def title() -> str:
    return _("What is kept, and until when")
