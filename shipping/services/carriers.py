"""Carriers of the practice: what every installation starts with, and changing them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core import versions
from core.actor import Actor
from core.errors import DomainError, Problems
from records import events
from shipping.models import Carrier

# Tracking pages as the carriers publish them; a practice may change each.
_SHIPPED: tuple[tuple[str, str, str, list[tuple[str, int]]], ...] = (
    ("courier", "Courier", "", [("Standard", 2), ("Express", 1)]),
    ("ups", "UPS", "https://www.ups.com/track?tracknum={}", [("Standard", 3), ("Express", 1)]),
    ("fedex", "FedEx", "https://www.fedex.com/fedextrack/?trknbr={}", [("Ground", 3), ("Express", 1)]),
    ("dhl", "DHL", "https://www.dhl.com/en/express/tracking.html?AWB={}", [("Express", 1)]),
    ("dpd", "DPD", "https://tracking.dpd.de/status/en_US/parcel/{}", [("Classic", 2), ("Express", 1)]),
    ("usps", "USPS", "https://tools.usps.com/go/TrackConfirmAction?tLabels={}", [("Priority", 3)]),
    ("canada_post", "Canada Post", "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={}", [("Expedited", 3)]),
    ("yodel", "Yodel", "https://www.yodel.co.uk/tracking/{}", [("Standard", 2)]),
    ("postnl", "PostNL", "", [("Standard", 2)]),
    ("post", "Post", "", [("Registered", 5)]),
    ("own", "Own driver", "", [("Driver", 1)]),
)  # fmt: skip


def ship() -> None:
    """After migrations of a new practice; what is there already stays as it is."""
    if Carrier.objects.exists():
        return
    for code, name, link, services in _SHIPPED:
        Carrier.objects.create(
            code=code,
            name=name,
            link_template=link,
            services=[{"name": word, "days": days} for word, days in services],
            is_default=code == "courier",
            is_active=code in {"courier", "ups", "fedex", "dhl", "dpd", "post", "own"},
        )


@dataclass(frozen=True)
class CarrierData:
    """One carrier as a form gives it; `services` are (name, working days)."""

    code: str
    name: str
    link_template: str = ""
    services: Sequence[tuple[str, int]] = ()
    silence_days: int = 3
    phone: str = ""
    is_active: bool = True
    is_default: bool = False


@transaction.atomic
def save(actor: Actor, data: CarrierData, carrier_id: int | None = None, version: int | None = None) -> Carrier:
    """Add or change a carrier. Raises DomainError at the field, StaleRecord where two people changed the same."""
    access.require(actor, Can.MANAGE_SETTINGS, actor.branch_id)
    _check(data, carrier_id)
    known = Carrier.objects.select_for_update().get(pk=carrier_id) if carrier_id is not None else None
    carrier, old = known or Carrier(code=data.code), _shown(known) if known else {}
    versions.merge(carrier, version, lambda row: _fill(row, data))
    if carrier.is_default:
        for other in Carrier.objects.select_for_update().filter(is_default=True).exclude(code=carrier.code):
            other.is_default = False
            other.save()
    carrier.save()
    new = _shown(carrier)
    changed = {name for name in new if old.get(name) != new[name]}
    if changed:
        fact = events.Fact(
            carrier,
            actor.branch_id,
            old={name: old.get(name, "") for name in changed},
            new={name: new[name] for name in changed},
            data={"carrier": carrier.name},
        )
        events.record("carrier.changed", actor, fact)
    return carrier


def _fill(carrier: Carrier, data: CarrierData) -> None:
    carrier.name, carrier.link_template, carrier.phone = data.name, data.link_template, data.phone
    carrier.services = [{"name": name, "days": days} for name, days in data.services]
    carrier.silence_days, carrier.is_active, carrier.is_default = data.silence_days, data.is_active, data.is_default


def _check(data: CarrierData, carrier_id: int | None) -> None:
    problems = Problems()
    link = data.link_template
    if link and (not link.startswith(("https://", "http://")) or link.count("{}") != 1):
        problems.add("link_template", _("Begin with https:// and write {} where the tracking number goes."))
    if data.is_default and not data.is_active:
        problems.add("is_default", _("A carrier that is not in use cannot be chosen first."))
    if carrier_id is None and Carrier.objects.filter(code=data.code).exists():
        problems.add("code", _("There is a carrier with this code already."))
    problems.raise_if_any(_("The carrier cannot be saved like this."))


def _shown(carrier: Carrier) -> dict[str, Any]:
    return {
        "name": carrier.name,
        "link": carrier.link_template,
        "services": ", ".join(f"{one['name']} {one['days']}" for one in carrier.services),
        "silence": str(carrier.silence_days),
        "phone": carrier.phone,
        "in use": "yes" if carrier.is_active else "no",
    }


def by_code(code: str) -> Carrier:
    """Raises DomainError for a carrier that is not in use."""
    carrier = Carrier.objects.filter(code=code, is_active=True).first()
    if carrier is None:
        raise DomainError(_("Choose the carrier."), fields={"carrier": _("Choose one.")}, code="carrier")
    return carrier
