"""Who is booked or sits in the shop."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.closing import Obstacle, register
from branches.models import Branch
from branches.roles import Can
from visits import states
from visits.models import Appointment, AppointmentState, Visit


def _ahead(branch: Branch) -> QuerySet[Appointment]:
    booked = Appointment.objects.filter(branch=branch, state=AppointmentState.BOOKED)
    return booked.filter(period__endswith__gt=timezone.now()).order_by("period")


def _first_day(branch: Branch) -> str:
    first = _ahead(branch).first()
    day = timezone.localtime(first.period.lower).date() if first else timezone.localdate()
    return f"{reverse('visits:today')}?day={day.isoformat()}"


register(
    Obstacle(
        "waiting",
        _("People who are in the shop"),
        _("End each visit on Today."),
        90,
        Can.MANAGE_VISITS,
        lambda branch: reverse("visits:today"),
        lambda branch: Visit.objects.filter(branch=branch, state__in=states.OPEN_VISIT).count(),
    )
)
register(
    Obstacle(
        "appointments",
        _("Appointments ahead"),
        _("Cancel them, or book them in another branch; this opens the day of the first."),
        100,
        Can.MANAGE_VISITS,
        _first_day,
        lambda branch: _ahead(branch).count(),
    )
)
