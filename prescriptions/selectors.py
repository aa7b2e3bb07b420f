"""What pages, documents and other apps read of prescriptions. They belong to the organisation, not to one branch."""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import NotVisible
from prescriptions import rows
from prescriptions.data import PrescriptionData
from prescriptions.models import EyeTest, Prescription, PrescriptionKind, PrescriptionState

SIGNED = [PrescriptionState.CURRENT.value, PrescriptionState.SUPERSEDED.value]


def prescriptions() -> QuerySet[Prescription]:
    """With everything that a page or a rule reads of one."""
    return Prescription.objects.select_related("customer", "branch", "signed_by", "recorded_by").prefetch_related(
        "eyes", "contact_lenses"
    )


def current_for(customer_id: int, kind: str | None = None) -> Prescription | None:
    """The newest signed prescription that stands: of that kind, or without a kind the newest for spectacles."""
    of_kind = Q(kind=kind) if kind is not None else ~Q(kind=PrescriptionKind.CONTACT_LENS)
    standing = prescriptions().filter(of_kind, customer_id=customer_id, state=PrescriptionState.CURRENT)
    return standing.order_by("-issued_on", "-pk").first()


def choices_for(customer_id: int, chosen_id: int | None = None) -> list[Prescription]:
    """What glasses can be made for besides the chosen one: signed, standing, for spectacles; the newest first."""
    standing = Prescription.objects.filter(customer_id=customer_id, state=PrescriptionState.CURRENT)
    found = standing.exclude(kind=PrescriptionKind.CONTACT_LENS).exclude(pk=chosen_id or 0)
    return list(found.select_related("signed_by").order_by("-issued_on", "-pk"))


def previous_of(customer_id: int, kind: str, series: uuid.UUID | None = None) -> Prescription | None:
    """The last one to compare with: spectacles with spectacles, contact lenses with contact lenses, never its own series."""
    earlier = prescriptions().filter(customer_id=customer_id, state=PrescriptionState.CURRENT)
    if series is not None:
        earlier = earlier.exclude(series=series)
    if kind == PrescriptionKind.CONTACT_LENS:
        earlier = earlier.filter(kind=kind)
    else:
        earlier = earlier.exclude(kind=PrescriptionKind.CONTACT_LENS)
    return earlier.order_by("-issued_on", "-pk").first()


def values_of(prescription: Prescription) -> PrescriptionData:
    """Both eyes as written; `data.values` for the rules, `eye.lens(kind)` for the arithmetic (minus form and the rest)."""
    return rows.data_of(prescription)


def of_customer(customer_id: int) -> QuerySet[Prescription]:
    """All of a customer's, newest first, drafts included."""
    return prescriptions().filter(customer_id=customer_id).order_by("-pk")


def versions(prescription: Prescription) -> list[Prescription]:
    """Every version of the document, oldest first."""
    return list(prescriptions().filter(series=prescription.series).order_by("version"))


def visible(actor: Actor, prescription_id: int) -> Prescription:
    """For a page or the API. Raises NotVisible when there is none, NotAllowed for a role that may not see prescriptions."""
    access.require(actor, Can.VIEW_PRESCRIPTIONS, None)
    found = prescriptions().filter(pk=prescription_id).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def open_test(customer_id: int, optometrist_id: int | None) -> EyeTest | None:
    """The examination this optometrist has under way with this customer."""
    return (
        EyeTest.objects.filter(customer_id=customer_id, optometrist_id=optometrist_id, finished_at=None)
        .order_by("-pk")
        .first()
    )


def drafts_in(branch_id: int) -> QuerySet[Prescription]:
    """What waits for a signature in a branch."""
    return prescriptions().filter(branch_id=branch_id, state=PrescriptionState.DRAFT)


def signed(actor: Actor, prescription_id: int) -> Prescription:
    """Like `visible`, but a draft is not there yet: it has no paper and no document."""
    found = visible(actor, prescription_id)
    if found.is_draft:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def before(row: Prescription) -> Prescription | None:
    """The signed one that stood before this document, to read beside it."""
    earlier = prescriptions().filter(customer_id=row.customer_id, state__in=SIGNED).exclude(series=row.series)
    contact = PrescriptionKind.CONTACT_LENS
    earlier = earlier.filter(kind=contact) if row.is_contact_lens else earlier.exclude(kind=contact)
    if row.issued_on is not None:
        earlier = earlier.filter(issued_on__lte=row.issued_on)
    return earlier.order_by("-issued_on", "-pk").first()


def eye_test(actor: Actor, test_id: int) -> EyeTest:
    """For a page. Raises NotVisible when there is none, NotAllowed for a role that may not see clinical records."""
    access.require(actor, Can.VIEW_PRESCRIPTIONS, None)
    found = EyeTest.objects.select_related("customer", "optometrist", "branch").filter(pk=test_id).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def eye_tests_of(customer_id: int) -> QuerySet[EyeTest]:
    """A customer's examinations, newest first."""
    return (
        EyeTest.objects.filter(customer_id=customer_id).select_related("optometrist", "branch").order_by("-started_at")
    )
