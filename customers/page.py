"""Everything the customer's page shows beside the story, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core import formats, ui
from customers import panels, selectors
from customers.contact import shown_phone
from customers.models import Customer
from records import phrases
from records.facts import six_facts
from records.models import Evidence
from records.selectors import evidence_of


def customer_page(customer: Customer, viewer: panels.Viewer) -> dict[str, Any]:
    """The context of `customers/page.html` without the story."""
    extras = panels.extras_of(customer, viewer)
    pieces = evidence_of("customers.customer", customer.pk)
    return {
        "customer": customer,
        "banner": identity(customer, extras.alerts),
        "facts": facts(customer, pieces, extras.closes_when),
        "pieces": pieces,
        "summary": _summary(customer, extras.summary),
        "actions": [action for action in extras.actions if not action.primary],
        "primary": next((action for action in extras.actions if action.primary), None),
        "rail": panels.built(panels.RAIL, customer, viewer),
        "aside": panels.built(panels.ASIDE, customer, viewer),
        "next": _next(customer, extras.next),
        "consents": selectors.consents_of(customer),
        "household": [
            (member, formats.age(member.birth_date, today=timezone.localdate()) if member.birth_date else None)
            for member in selectors.household_of(customer)
        ],
        "phone_shown": shown_phone(customer.phone),
        "other_phone_shown": shown_phone(customer.other_phone),
        "may_edit": viewer.may(Can.EDIT_CUSTOMERS),
        "may_merge": viewer.may(Can.MERGE_CUSTOMERS),
        "chips": phrases.GROUPS,
    }


def identity(customer: Customer, alerts: Sequence[ui.Badge] = ()) -> ui.Identity:
    """The banner of every page about this customer: taken from the record on the page."""
    return ui.Identity(
        surname=customer.family_name or customer.given_names,
        given=customer.given_names if customer.family_name else "",
        url=reverse("customers:page", args=[customer.number]),
        born=customer.birth_date,
        number=customer.number,
        phone=customer.phone or customer.other_phone,
        alerts=alerts[:2],
    )


def facts(customer: Customer, pieces: Sequence[Evidence], closes_when: Sequence[Any] = ()) -> ui.SixFacts:
    """The six facts of a customer record; what other apps have open closes it."""
    shared = six_facts(customer, pieces)
    words = ", ".join(str(words) for words in closes_when)
    return replace(shared, branch=customer.home_branch.name, closes_when=words or shared.closes_when)


def _summary(customer: Customer, parts: Sequence[Any]) -> str:
    since = _("customer since %(year)s") % {"year": timezone.localtime(customer.recorded_at).year}
    return ", ".join([since, *map(str, parts)])


def _next(customer: Customer, lines: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    recall = formats.day(customer.recall_on, today=timezone.localdate()) if customer.recall_on else ""
    return [*lines, *([(_("Recall"), recall)] if recall else [])]
