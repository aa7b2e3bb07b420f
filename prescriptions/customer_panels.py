"""What prescriptions add to the customer's page: the current one at the left, buttons, and what moves when records merge."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.along import read_along
from core.prepared import Slot, prepared
from core.ui import Badge
from customers import merging
from customers.models import Customer
from customers.panels import RAIL, Action, Extras, Panel, Viewer, register, register_extras
from prescriptions import rows, screens, selectors
from prescriptions.models import Prescription, PrescriptionState
from prescriptions.services import moving


def _found(customer: Customer, viewer: Viewer) -> list[Prescription]:
    """The latest prescriptions, drafts included, read once for head and panel; the eyes only of the one that is shown."""

    def read() -> list[Prescription]:
        return _newest().rows(customer=customer.pk)

    return viewer.once("prescriptions", read)


@prepared
def _newest() -> QuerySet[Prescription]:
    found = selectors.prescriptions().filter(customer=Slot("customer"))
    return found.prefetch_related(None).order_by("-pk")[:20]


def _panel(customer: Customer, viewer: Viewer) -> Mapping[str, Any] | None:
    found = _found(customer, viewer)
    standing = [row for row in found if row.state == PrescriptionState.CURRENT]
    spectacles = next((row for row in standing if not row.is_contact_lens), None)
    if spectacles is not None:
        read_along([spectacles], "eyes")
    today = timezone.localdate()
    return {
        "row": spectacles,
        "table": screens.short_table(rows.data_of(spectacles)) if spectacles else None,
        "is_expired": bool(spectacles and spectacles.expires_on and spectacles.expires_on < today),
        "contact": next((row for row in standing if row.is_contact_lens), None),
        "drafts": [row for row in found if row.is_draft],
        "earlier": [row for row in standing if row is not spectacles and not row.is_contact_lens],
        "customer": customer,
        "may_write": viewer.may(Can.WRITE_PRESCRIPTIONS),
        "may_test": viewer.may(Can.RUN_EYE_TESTS),
    }


def _extras(customer: Customer, viewer: Viewer) -> Extras:
    if not viewer.may(Can.WRITE_PRESCRIPTIONS):
        return Extras()
    waiting = any(row.is_draft for row in _found(customer, viewer))
    alerts = [Badge(_("Prescription not signed"), "warning", "pen")] if waiting else []
    action = Action(_("New prescription"), reverse("prescriptions:new", args=[customer.number]), key="r")
    return Extras(actions=[action], alerts=alerts)


register(Panel("prescription", RAIL, 10, "prescriptions/_customer_panel.html", _panel, can=Can.VIEW_PRESCRIPTIONS))
register_extras("prescriptions", _extras)
merging.register("prescriptions", moving.move)
