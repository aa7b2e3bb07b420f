"""A prescription as it travels between practices: the values the rules judge, and what stands around them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from prescriptions.values import CONTACT_LENS, EyeValues, PrescriptionValues

ACTIVE, CANCELLED, DRAFT, ENTERED_IN_ERROR = "active", "cancelled", "draft", "entered-in-error"


@dataclass(frozen=True, slots=True)
class Party:
    """Patient or prescriber: a reference (`Patient/12`), a name, a number (registration, customer number)."""

    reference: str = ""
    name: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """How long a contact lens is worn: `d` days, `wk` weeks, `mo` months, `a` years (UCUM)."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class EyeDocument:
    """One eye: its values, and what no rule judges. From `colour` on, for contact lenses."""

    values: EyeValues
    va: str = ""
    near_va: str = ""
    intermediate_add: Decimal | None = None
    note: str = ""
    colour: str = ""
    replacement: Replacement | None = None
    wearing_mode: str = ""
    add_level: str = ""


@dataclass(frozen=True, slots=True)
class VisionDocument:
    """One prescription of one kind; `kind` is empty when the sender did not say which. `status` is FHIR's code."""

    kind: str
    written_on: date
    patient: Party
    prescriber: Party
    right: EyeDocument | None = None
    left: EyeDocument | None = None
    status: str = ACTIVE
    created: date | datetime | None = None
    number: str = ""
    number_system: str = ""
    examined_on: date | None = None
    expires_on: date | None = None
    expiry_reason: str = ""
    far_pd_mm: Decimal | None = None
    near_pd_mm: Decimal | None = None
    vertex_mm: Decimal | None = None
    binocular_va: str = ""
    notes: str = ""

    @property
    def is_contact_lens(self) -> bool:
        """A contact lens prescription is a document of its own."""
        return self.kind == CONTACT_LENS

    @property
    def values(self) -> PrescriptionValues:
        """What the prescription rules judge."""
        return PrescriptionValues(
            kind=self.kind,
            right=self.right.values if self.right else None,
            left=self.left.values if self.left else None,
            far_pd_mm=self.far_pd_mm,
            near_pd_mm=self.near_pd_mm,
            prescriber=self.prescriber.name or self.prescriber.number or self.prescriber.reference,
            expires_on=self.expires_on,
        )
