"""A prescription on its way in: what a form, the API, a FHIR document or a test hands to the services."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lensmath.prism import Eye
from prescriptions.models import EyeSide, Origin, PrescriptionKind
from prescriptions.values import EyeValues, PrescriptionValues


@dataclass(frozen=True)
class EyeData(EyeValues):
    """One eye with what the rules do not judge: acuity as noted (6/6, 20/20, N5), and a contact lens's trade data.

    `add_word` is a contact lens maker's add (`low`, `mid`, `high`) where it is no power.
    """

    va: str = ""
    near_va: str = ""
    intermediate_add: Decimal | None = None
    add_word: str = ""
    colour: str = ""
    replacement: str = ""
    wearing_mode: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was written for this eye."""
        return self == EyeData()


@dataclass(frozen=True)
class PrescriptionData:
    """The whole document as written. `branch_id` None is the actor's branch; dates that are None are proposed at signing.

    Powers in dioptres, distances in mm. `external_document` is a FHIR resource kept as it came.
    """

    customer_id: int
    kind: str = PrescriptionKind.DISTANCE.value
    right: EyeData | None = None
    left: EyeData | None = None
    branch_id: int | None = None
    origin: str = Origin.OWN_TEST.value
    visit_id: int | None = None
    eye_test_id: int | None = None
    examined_on: date | None = None
    issued_on: date | None = None
    expires_on: date | None = None
    expiry_reason: str = ""
    prescriber_name: str = ""
    prescriber_registration: str = ""
    far_pd_mm: Decimal | None = None
    near_pd_mm: Decimal | None = None
    vertex_mm: Decimal | None = None
    binocular_va: str = ""
    notes: str = ""
    recall_months: int | None = None
    external_document: Mapping[str, Any] | None = field(default=None, hash=False)

    @property
    def is_contact_lens(self) -> bool:
        return self.kind == PrescriptionKind.CONTACT_LENS

    @property
    def values(self) -> PrescriptionValues:
        """What the rules judge."""
        return PrescriptionValues(
            kind=self.kind,
            right=self.right,
            left=self.left,
            far_pd_mm=self.far_pd_mm,
            near_pd_mm=self.near_pd_mm,
            prescriber=self.prescriber_name,
            expires_on=self.expires_on,
        )

    def eyes(self) -> Iterator[tuple[Eye, EyeData]]:
        """The eyes written for, right first."""
        if self.right is not None:
            yield Eye.RIGHT, self.right
        if self.left is not None:
            yield Eye.LEFT, self.left


EYE_SIDES = {Eye.RIGHT: EyeSide.RIGHT, Eye.LEFT: EyeSide.LEFT}
