"""Delivery note (A4, in the customer's language, no price and no power) and label (A6, with the number as bars)."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from branches.models import Organisation
from core import pdf as paper
from labjobs.documents import bars_of
from orders.models import PaperKind
from orders.services.common import local
from shipping.models import Shipment

TEMPLATES = {PaperKind.DELIVERY: "documents/delivery_note.html", PaperKind.LABEL: "documents/parcel_label.html"}


def context_of(shipment: Shipment) -> dict[str, Any]:
    """What the papers say, from the snapshot the parcel was packed with."""
    code = shipment.tracking_number or shipment.number
    bars = bars_of(code)
    return {
        "shipment": shipment,
        "order": shipment.order,
        "shop": shipment.branch,
        "practice": Organisation.objects.order_by("pk").first(),
        "address": address_lines(shipment),
        "lines": list(shipment.lines.select_related("line")),
        "packed_on": local(shipment.branch, shipment.packed_at),
        "code": code,
        "bars": bars,
        "width": bars[-1][0] + bars[-1][1] + 10,
    }


def address_lines(shipment: Shipment) -> list[str]:
    """Name first, as it is written on a parcel; empty lines left out."""
    told = shipment.address
    town = " ".join(
        part for part in (told.get("city", ""), told.get("region", ""), told.get("postal_code", "")) if part
    )
    found = [
        told.get("name", ""),
        told.get("line1", ""),
        told.get("line2", ""),
        town,
        country_name(told.get("country", "")),
    ]
    return [str(line) for line in found if line]


def country_name(code: str) -> str:
    """`South Africa` in the language that is active."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse((translation.get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse("en")
    return str(locale.territories.get(code.upper(), code))


def html(shipment: Shipment, kind: str, *, for_pdf: bool = False) -> str:
    """The paper as a page, on the clock of the branch that packed it."""
    with timezone.override(shipment.branch.time_zone):
        return render_to_string(TEMPLATES[PaperKind(kind)], {**context_of(shipment), "for_pdf": for_pdf})


def pdf(shipment: Shipment, kind: str) -> bytes:
    """Raises `core.pdf.NoPdf`."""
    language = shipment.order.customer.language if kind == PaperKind.DELIVERY else ""
    with translation.override(language or settings.LANGUAGE_CODE):
        page = html(shipment, kind, for_pdf=True)
    return paper.render(page)
