"""Who frames, lenses and add-ons are bought from."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from catalogue.models import Supplier
from catalogue.services import common
from core import versions
from core.actor import Actor
from core.errors import Problems
from records import events


@dataclass(frozen=True)
class SupplierData:
    """`code` stands in imported lists and orders. Nothing more is bought from a supplier that is not active."""

    code: str
    name: str
    email: str = ""
    phone: str = ""
    is_active: bool = True


@transaction.atomic
def save(actor: Actor, data: SupplierData, pk: int | None = None, version: int | None = None) -> Supplier:
    """Add or change a supplier. Raises DomainError at the fields, StaleRecord when two people changed one field."""
    common.allow(actor)
    supplier = common.locked(Supplier, pk) if pk else Supplier()
    values = versions.merged(supplier, version, asdict(data)) if pk else asdict(data)
    _check(values, supplier)
    for name, value in values.items():
        setattr(supplier, name, value)
    supplier.save()
    kind = "catalogue.supplier_changed" if pk else "catalogue.supplier_added"
    events.record(kind, actor, events.Fact(supplier, new={"name": supplier.name}))
    return supplier


def _check(values: dict[str, object], supplier: Supplier) -> None:
    problems, others = Problems(), Supplier.objects.exclude(pk=supplier.pk)
    for name, words in (("code", _("Another supplier has this code.")), ("name", _("Another supplier has this name."))):
        if not str(values[name]).strip():
            problems.add(name, _("Fill this in."))
        elif others.filter(**{f"{name}__iexact": values[name]}).exists():
            problems.add(name, words)
    problems.raise_if_any(_("The supplier is not complete."))
