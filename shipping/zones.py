"""The zone of a carrier's time that names none: a branch in that country, else the practice's first branch."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.conf import settings

from branches.models import Branch
from shipping.tracking.moments import ZoneOf


def of_branches(home: Branch | None = None) -> ZoneOf:
    """`home` is the branch that ships; its country comes first. One query."""
    rows = list(Branch.objects.order_by("pk").values_list("country", "time_zone"))
    by_country: dict[str, tzinfo] = {}
    for country, zone in rows:
        by_country.setdefault(country.upper(), ZoneInfo(zone))
    if home is not None:
        by_country[home.country.upper()] = ZoneInfo(home.time_zone)
    fallback = home.time_zone if home else rows[0][1] if rows else settings.TIME_ZONE
    return lambda country: by_country.get(country) or ZoneInfo(fallback)
