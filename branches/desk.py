"""The shared computer that a browser is, told by its cookie."""

import datetime as dt
import zoneinfo

from django.http import HttpRequest
from django.utils import timezone

from branches.models import Desk
from branches.services import desks

DESK_COOKIE = "desk"
YEAR_SECONDS = 365 * 24 * 3600


def desk_of(request: HttpRequest) -> Desk | None:
    """The enrolled desk that this browser is."""
    return desks.by_token(request.COOKIES.get(DESK_COOKIE, ""))


def day_start(desk: Desk) -> dt.datetime:
    """Last midnight at the desk's branch."""
    here = timezone.localtime(timezone.now(), zoneinfo.ZoneInfo(desk.branch.time_zone))
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def at_this_desk(request: HttpRequest) -> dict[str, object]:
    """For log-in and lock pages: the desk and who may use a PIN here today."""
    desk = desk_of(request)
    return {"desk": desk, "people": desks.people(desk, day_start(desk)) if desk else []}
