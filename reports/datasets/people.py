"""Customers, appointments, prescriptions, consents and messages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from core.states import Words
from customers.models import Channel, Consent, ConsentPurpose, Customer
from notifications import selectors as messages
from notifications.models import MessageState
from prescriptions.models import EyeSide, Origin, PrescribedEye, PrescriptionKind, PrescriptionState
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.expressions import full_name
from reports.datasets.selling import customer_columns, words_of
from visits.models import Appointment, AppointmentKind, AppointmentState


def _within(rows: QuerySet[Any], scope: Scope, path: str) -> QuerySet[Any]:
    return rows if scope.everything else rows.filter(**{f"{path}__in": scope.branch_ids})


def _customers(scope: Scope) -> QuerySet[Any]:
    return _within(Customer.objects.filter(merged_into=None, erased_at=None), scope, "home_branch_id")


declare(
    Dataset(
        "customers",
        _("Customers"),
        _("One row a person of the branch: numbers for all, contact under the right for personal data"),
        Can.VIEW_CUSTOMERS,
        _customers,
        (
            Column("number", _("Customer number"), page="customers:page"),
            Column("name", _("Customer"), source=full_name, is_personal=True),
            Column("branch", _("Home branch"), source="home_branch__name"),
            Column("born", _("Date of birth"), Kind.DAY, source="birth_date", is_personal=True),
            Column("phone", _("Mobile"), is_personal=True),
            Column("email", _("E-mail"), is_personal=True),
            Column("address", _("Address"), source="line1", is_personal=True),
            Column("city", _("Town")),
            Column("postal_code", _("Postal code"), is_personal=True),
            Column("language", _("Language")),
            Column("channel", _("Prefers"), Kind.CHOICE, source="preferred_channel", choices=words_of(Channel)),
            Column("insurer", _("Medical aid or insurer")),
            Column("recall", _("Recall"), Kind.DAY, source="recall_on"),
            Column("recorded", _("Recorded"), Kind.MOMENT, source="recorded_at", zone="home_branch__time_zone"),
        ),
        ("number", "branch", "city", "language", "channel", "insurer", "recall", "recorded"),
        "recorded",
    )
)


def _appointments(scope: Scope) -> QuerySet[Any]:
    return _within(Appointment.objects.all(), scope, "branch_id")


declare(
    Dataset(
        "appointments",
        _("Appointments"),
        _("One row a booked time: kind, with whom, outcome"),
        Can.VIEW_CUSTOMERS,
        _appointments,
        (
            Column("begins", _("Begins"), Kind.MOMENT, source="period__startswith"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("kind", _("Kind"), Kind.CHOICE, choices=words_of(AppointmentKind)),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(AppointmentState)),
            Column("clinician", _("With"), source="clinician__full_name"),
            Column("room", _("Room"), source="room__name"),
            Column("cancelled_reason", _("Why cancelled")),
            Column("booked", _("Booked"), Kind.MOMENT, source="recorded_at"),
            Column("booked_by", _("Booked by"), source="recorded_by__full_name"),
            *customer_columns(),
        ),
        ("begins", "branch", "kind", "state", "clinician", "customer", "cancelled_reason"),
        "begins",
    )
)


def _eyes(scope: Scope) -> QuerySet[Any]:
    return _within(PrescribedEye.objects.exclude(prescription__state="draft"), scope, "prescription__branch_id")


_RX = "prescription"

declare(
    Dataset(
        "prescriptions",
        _("Prescriptions"),
        _("One row an eye of a signed prescription; powers are personal data"),
        Can.VIEW_PRESCRIPTIONS,
        _eyes,
        (
            Column("number", _("Prescription"), source=f"{_RX}__number"),
            Column("branch", _("Branch"), source=f"{_RX}__branch__name"),
            Column("kind", _("Kind"), Kind.CHOICE, source=f"{_RX}__kind", choices=words_of(PrescriptionKind)),
            Column("state", _("State"), Kind.CHOICE, source=f"{_RX}__state", choices=words_of(PrescriptionState)),
            Column("origin", _("Source"), Kind.CHOICE, source=f"{_RX}__origin", choices=words_of(Origin)),
            Column("signed", _("Signed"), Kind.MOMENT, source=f"{_RX}__signed_at", zone=f"{_RX}__branch__time_zone"),
            Column("prescriber", _("Prescriber"), source=f"{_RX}__prescriber_name"),
            Column("valid_to", _("Valid to"), Kind.DAY, source=f"{_RX}__expires_on"),
            Column("eye", _("Eye"), Kind.CHOICE, choices=words_of(EyeSide)),
            Column("sphere", _("Sphere"), Kind.POWER, is_personal=True),
            Column("cylinder", _("Cylinder"), Kind.POWER, is_personal=True),
            Column("axis", _("Axis"), Kind.NUMBER, is_personal=True, adds=False),
            Column("add", _("Add"), Kind.POWER, is_personal=True),
            Column("prism_h", _("Prism, horizontal"), Kind.NUMBER, source="prism_horizontal", is_personal=True),
            Column("prism_v", _("Prism, vertical"), Kind.NUMBER, source="prism_vertical", is_personal=True),
            Column("pd", _("Far PD, mm"), Kind.NUMBER, source="far_pd_mm", is_personal=True, adds=False),
            *customer_columns(f"{_RX}__customer"),
        ),
        ("number", "branch", "kind", "state", "signed", "prescriber", "valid_to", "eye"),
        "signed",
    )
)


def _consents(scope: Scope) -> QuerySet[Any]:
    return _within(Consent.objects.all(), scope, "customer__home_branch_id")


def _sources() -> Mapping[str, Words]:
    return {"counter": _("Counter"), "link": _("Customer's link"), "sms": _("SMS"), "import": _("Import")}


declare(
    Dataset(
        "consents",
        _("Consents"),
        _("One row an answer: who agreed to which messages, and who took it back"),
        Can.VIEW_AUDIT,
        _consents,
        (
            Column("at", _("When"), Kind.MOMENT, zone="customer__home_branch__time_zone"),
            Column("branch", _("Home branch"), source="customer__home_branch__name"),
            Column("purpose", _("For"), Kind.CHOICE, choices=words_of(ConsentPurpose)),
            Column("channel", _("By"), Kind.CHOICE, choices=words_of(Channel)),
            Column("granted", _("Agreed"), Kind.YES_NO),
            Column("source", _("Told"), Kind.CHOICE, choices=_sources),
            Column("by", _("Recorded by"), source="by__full_name"),
            Column("wording", _("Wording shown")),
            *customer_columns(),
        ),
        ("at", "branch", "customer", "purpose", "channel", "granted", "source", "by"),
        "at",
    )
)


def _messages(scope: Scope) -> QuerySet[Any]:
    return messages.visible(scope)


declare(
    Dataset(
        "messages",
        _("Messages"),
        _("One row a message to a customer: what, by which way, what became of it"),
        Can.VIEW_MESSAGES,
        _messages,
        (
            Column("created", _("Made"), Kind.MOMENT, source="created_at"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("template", _("Message"), source="template_key"),
            Column("channel", _("By"), Kind.CHOICE, choices=words_of(Channel)),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(MessageState)),
            Column("sent", _("Sent"), Kind.MOMENT, source="sent_at"),
            Column("delivered", _("Delivered"), Kind.MOMENT, source="delivered_at"),
            Column("tries", _("Tries"), Kind.NUMBER, source="attempts_made"),
            Column("why", _("Why not")),
            Column("order", _("Order"), source="order__number", page="orders:page"),
            Column("recipient", _("Recipient"), is_personal=True),
            *customer_columns(),
        ),
        ("created", "branch", "template", "channel", "state", "sent", "delivered", "why", "order"),
        "created",
    )
)
