"""The customer's story: every event, newest first, grouped by day, a page at a time by key."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Expression, F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import ui
from core.arrays import OneOf
from core.formats import dated
from core.paging import by_key, cut
from core.prepared import Slot, prepared
from customers import panels
from customers.models import Customer
from records import phrases
from records.models import Event

PAGE = 20
ORDER = ("-told_at", "-id")


@dataclass(frozen=True)
class Story:
    """One page of the story. `older` is the key of the next page, empty at the end."""

    groups: Sequence[ui.Group]
    show: str
    older: str
    is_first: bool


def ids_of(customer: Customer) -> list[int]:
    """The record itself and every record merged into it, through any number of merges: one query a level, none when the
    selector has seen that there are none."""
    found, level = [customer.pk], [customer.pk]
    if not vars(customer).get("has_merged", True):
        return found
    while level:
        level = list(Customer.objects.filter(merged_into_id__in=level).values_list("pk", flat=True))
        found += level
    return found


def story(customer: Customer, show: str = "", before: str = "") -> Story:
    """Events of one filter chip (all without), by when they happened. `before` is the key of the last one shown."""
    customer_ids = ids_of(customer)
    if before:
        page = by_key(_events(Value(customer_ids), show), before, ORDER, PAGE)
    else:
        page = cut(_newest(show).rows(customers=customer_ids), ORDER, PAGE)
    return Story(_groups(customer_ids, page.rows), show, page.next_key, not page.is_later)


@prepared
def _newest(show: str) -> QuerySet[Event]:
    return _events(Slot("customers"), show).order_by(*ORDER)[: PAGE + 1]


def _events(customers: Expression, show: str) -> QuerySet[Event]:
    events = Event.objects.filter(OneOf(F("customer_id"), customers)).select_related("branch")
    if show in phrases.GROUPS:
        events = events.filter(kind__in=phrases.kinds_of(show))
    else:
        events = events.exclude(kind__in=phrases.hidden_kinds())
    return events.annotate(told_at=Coalesce("occurred_at", "at"))


def _groups(customer_ids: Sequence[int], events: Sequence[Event]) -> list[ui.Group]:
    by_day = [(day, list(rows)) for day, rows in itertools.groupby(events, key=_day)]
    visits = panels.visit_days(customer_ids, [day for day, _rows in by_day])
    return [_group(day, rows, visits.get(day)) for day, rows in by_day]


def _day(event: Event) -> date:
    return timezone.localtime(event.occurred_at or event.at).date()


def _group(day: date, events: Sequence[Event], visit: panels.VisitDay | None) -> ui.Group:
    shown = dated(day, "D j M Y")
    if day == timezone.localdate():
        title = _("Today, %(day)s") % {"day": shown}
    else:
        title = _("Visit %(day)s") % {"day": shown} if visit else shown
    places = dict.fromkeys(event.branch.name for event in events if event.branch)
    aside = f"{visit.branch} · {visit.how}" if visit else ", ".join(places)
    alike = itertools.groupby(events, key=lambda event: (event.action, event.kind))
    return ui.Group(title, [_entry(list(rows)) for _key, rows in alike], aside)


def _entry(alike: Sequence[Event]) -> ui.Entry:
    """One line; what one click did several times over (three consents) is told once, the others folded."""
    event, *others = alike
    said = phrases.say(event)
    if others:
        more = "; ".join(phrases.say(other).text for other in others)
        title = ngettext("and %(n)d more", "and %(n)d more", len(others)) % {"n": len(others)}
        said = replace(said, detail=more, detail_title=title)
    return ui.Entry(
        text=said.text,
        at=event.occurred_at or event.at,
        meta=said.meta,
        icon=said.icon,
        tone=said.tone,
        detail=said.detail,
        detail_title=said.detail_title or (_("More") if said.detail else ""),
    )
