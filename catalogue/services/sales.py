"""Services that are sold without stock."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Service
from catalogue.services import common
from catalogue.services.common import AS_IT_STANDS, Opened
from core.actor import Actor
from core.errors import Problems
from records.services.changes import FieldChange


@dataclass(frozen=True)
class ServiceData:
    """An eye examination, a repair, an adjustment."""

    code: str
    name: str
    price: Decimal
    cost: Decimal = Decimal(0)
    minutes: int = 30
    is_active: bool = True


@transaction.atomic
def save_service(
    actor: Actor, data: ServiceData, service_id: int | None = None, opened: Opened = AS_IT_STANDS
) -> Service:
    """Add or change a service. Raises DomainError at the fields."""
    common.allow(actor)
    service = common.locked(Service, service_id) if service_id else Service()
    values, problems = asdict(data), Problems()
    for name in ("code", "name"):
        if not values[name].strip():
            problems.add(name, _("Fill this in."))
    for name in ("price", "cost"):
        if values[name] < 0:
            problems.add(name, _("An amount is not negative."))
    if Service.objects.exclude(pk=service.pk).filter(code__iexact=data.code).exists():
        problems.add("code", _("Another service has this code."))
    problems.raise_if_any(_("The service is not complete."))
    if service.pk:
        common.require_fresh(service, opened, values)
    moved = common.differences(service, values) if service.pk else [FieldChange("code", _("code"), "", data.code)]
    if moved:
        common.write(service, values)
        common.tell("catalogue.service_saved", actor, service, moved, opened.reason)
    return service
