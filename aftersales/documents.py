"""The return slip: laid inside the parcel or shown at the counter, scanned on arrival. In the customer's language, no power."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from aftersales.models import Return
from branches.models import Organisation
from core import pdf as paper
from labjobs.documents import bars_of
from orders.services.common import local


def context_of(found: Return) -> dict[str, Any]:
    """What the slip says. The customer is named as on the page by link: first name and an initial."""
    bars = bars_of(found.number)
    person = found.order.customer
    initial = f" {person.family_name[:1]}." if person.family_name else ""
    return {
        "found": found,
        "order": found.order,
        "shop": found.branch,
        "practice": Organisation.objects.order_by("pk").first(),
        "called": f"{person.first_name}{initial}",
        "items": list(found.items.all()),
        "asked_on": local(found.branch, found.requested_at),
        "bars": bars,
        "width": bars[-1][0] + bars[-1][1] + 10,
    }


def html(found: Return, *, for_pdf: bool = False) -> str:
    """The slip as a page, on the branch's clock."""
    with timezone.override(found.branch.time_zone):
        return render_to_string("documents/return_slip.html", {**context_of(found), "for_pdf": for_pdf})


def pdf(found: Return) -> bytes:
    """Raises `core.pdf.NoPdf`."""
    with translation.override(found.order.customer.language or settings.LANGUAGE_CODE):
        page = html(found, for_pdf=True)
    return paper.render(page)
