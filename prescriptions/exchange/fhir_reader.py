"""A FHIR VisionPrescription (R4, R4B, R5; JSON) as our prescriptions, with everything that stands in the way."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from lensmath.prism import Eye
from prescriptions import rules
from prescriptions.values import CONTACT_LENS, TYPES
from prescriptions.verdicts import Level, Verdict

from . import json_text, lens_reader, library
from .document import Party, VisionDocument
from .extensions import Extensions
from .findings import Finding, Report, Unreadable
from .lens_reader import LensReading
from .node import Node, shown
from .vocabulary import (
    BINOCULAR_VA,
    CONTACT,
    DIALECT,
    EXAMINED_ON,
    EXPIRES_ON,
    EXPIRY_REASON,
    FAR_PD,
    KIND,
    LEFT,
    LENS,
    NEAR_PD,
    NOTES,
    RIGHT,
    STATUSES,
    VERTEX,
    Dialect,
)

RESOURCE = "VisionPrescription"
RESOURCE_NAME = re.compile(r"[A-Z][A-Za-z]+")
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
MODIFIERS = ("modifierExtension", "implicitRules")
NO_DAY = date.min
HEADER_EXTENSIONS = (KIND, EXAMINED_ON, EXPIRES_ON, EXPIRY_REASON, FAR_PD, NEAR_PD, VERTEX, BINOCULAR_VA, NOTES)
COMPLETED_LATER = frozenset(
    ("type_unknown", "add_required", "base_curve_required", "diameter_required", "product_required")
)
"""What a sender may leave out and the person adds on the import screen: shown as verdicts, no reason to refuse."""

LONGEST_REFERENCE = 500
LONGEST_NAME = 120
LONGEST_NUMBER = 40
LONGEST_REASON = 200
LONGEST_NOTES = 10_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, for the screen before anything is saved.

    `problems` refuse the document. `notes` say what was changed on the way, `not_taken_over` what has no place here,
    `verdicts` what the prescription rules ask or warn of. Spectacles and contact lenses are two documents.
    """

    documents: tuple[VisionDocument, ...] = ()
    problems: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    not_taken_over: tuple[Finding, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the document must not be saved."""
        return bool(self.problems)

    @property
    def document(self) -> VisionDocument | None:
        """The only or the first prescription in it."""
        return self.documents[0] if self.documents else None


def read(content: bytes | str, dialect: Dialect = DIALECT) -> Reading:
    """The prescriptions in a JSON document. Never raises: what is wrong stands in `problems`."""
    report = Report()
    try:
        values = json_text.load(content)
    except Unreadable as refusal:
        report.problem(refusal.code, "", refusal.message)
        return _reading(report)
    resource = _resource(values, report)
    if resource is None:
        return _reading(report)
    lenses = [lens_reader.read(lens, dialect) for lens in resource.nodes("lensSpecification")]
    if not lenses and not report.problems:
        resource.refuse("required", "lensSpecification", _("There is no lens in this prescription."))
    documents = tuple(_documents(_header(resource, dialect), lenses, report))
    resource.leave_the_rest()
    library.check(resource.values, dialect.version, report)
    return _reading(report, documents, tuple(_judged(documents, lenses, report)))


def _reading(report: Report, documents: tuple[VisionDocument, ...] = (), verdicts: tuple[Verdict, ...] = ()) -> Reading:
    return Reading(
        documents=documents,
        problems=tuple(report.problems),
        notes=tuple(report.notes),
        not_taken_over=tuple(report.not_taken_over),
        verdicts=verdicts,
    )


def _resource(values: object, report: Report) -> Node | None:
    if not isinstance(values, dict):
        report.problem("type", "", _("A FHIR document is a JSON object."))
        return None
    resource = Node(values, "", report)
    kind = resource.take("resourceType")
    resource.take("id")
    if kind != RESOURCE:
        message = _("This is “%(kind)s”, not a VisionPrescription.")
        resource.refuse("resource_type", "resourceType", message % {"kind": shown(kind)})
        return None
    if resource.has("dispense"):
        message = _(
            "This follows FHIR STU3 or older (dispense). Its lenses are ordered otherwise: ask for R4 or later."
        )
        resource.refuse("stu3", "dispense", message)
        return None
    _refuse_modifiers(values, "", report)
    return resource


def _refuse_modifiers(values: object, path: str, report: Report) -> None:
    """FHIR forbids to ignore an element that changes the meaning of what stands around it."""
    if isinstance(values, list):
        for index, item in enumerate(values):
            _refuse_modifiers(item, f"{path}[{index}]", report)
    if not isinstance(values, dict):
        return
    for name, value in values.items():
        here = f"{path}.{name}" if path else name
        if name in MODIFIERS and value:
            message = _("This element changes the meaning of the document in a way that is not understood here.")
            report.problem("modifier", here, message)
        elif name != "contained":
            _refuse_modifiers(value, here, report)


def _header(resource: Node, dialect: Dialect) -> VisionDocument | None:
    extensions = Extensions(resource, HEADER_EXTENSIONS, dialect.extension_base)
    status = resource.code("status", STATUSES)
    written_on = resource.day("dateWritten")
    for name in ("created", "dateWritten"):
        if not resource.has(name):
            resource.refuse("required", name, _("This element is required."))
    number, system = _number(resource)
    document = VisionDocument(
        kind=extensions.code(KIND, sorted(TYPES)),
        written_on=written_on or NO_DAY,
        patient=_party(resource, "patient", ("Patient",)),
        prescriber=_party(resource, "prescriber", ("Practitioner", "PractitionerRole")),
        status=status,
        created=_created(resource),
        number=number,
        number_system=system,
        examined_on=extensions.day(EXAMINED_ON),
        expires_on=extensions.day(EXPIRES_ON),
        expiry_reason=extensions.text(EXPIRY_REASON, LONGEST_REASON),
        far_pd_mm=extensions.millimetres(FAR_PD),
        near_pd_mm=extensions.millimetres(NEAR_PD),
        vertex_mm=extensions.millimetres(VERTEX),
        binocular_va=extensions.text(BINOCULAR_VA, lens_reader.LONGEST_VA),
        notes=extensions.text(NOTES, LONGEST_NOTES),
    )
    return document if status and written_on else None


def _created(resource: Node) -> date | datetime | None:
    """The day of creation is of no consequence here: a month or a year alone is left out with a note."""
    written = resource.values.get("created")
    if isinstance(written, str) and PARTIAL_DATE.fullmatch(written):
        resource.take("created")
        resource.note(
            "partial_date", "created", _("“%(value)s” is no full date and was left out.") % {"value": written}
        )
        return None
    return resource.moment("created")


def _number(resource: Node) -> tuple[str, str]:
    identifiers = resource.nodes("identifier")
    if not identifiers:
        return "", ""
    first, *others = identifiers
    number, system = first.text("value", LONGEST_NUMBER), first.text("system", LONGEST_REFERENCE)
    first.leave_the_rest()
    for other in others:
        resource.report.left(other.path, shown(other.values.get("value")))
    return number, system


def _party(resource: Node, name: str, types: Sequence[str]) -> Party:
    reference = resource.node(name)
    if reference is None:
        if not resource.has(name):
            resource.refuse("required", name, _("This element is required."))
        return Party()
    identifier = reference.node("identifier")
    number = identifier.text("value", LONGEST_NUMBER) if identifier else ""
    party = Party(reference.text("reference", LONGEST_REFERENCE), reference.text("display", LONGEST_NAME), number)
    reference.leave_the_rest()
    if party == Party():
        resource.refuse("required", name, _("The reference names nobody."))
    kind, slash, _id = party.reference.partition("/")
    if slash and RESOURCE_NAME.fullmatch(kind) and kind not in types:
        message = _("This refers to %(kind)s instead of %(types)s.")
        resource.refuse("reference", name, message % {"kind": kind, "types": ", ".join(types)})
    return party


def _documents(
    header: VisionDocument | None, lenses: Sequence[LensReading], report: Report
) -> Iterator[VisionDocument]:
    for product in (LENS, CONTACT):
        eyes: dict[str, LensReading] = {}
        for lens in lenses:
            if lens.product != product or not lens.eye:
                continue
            if lens.eye in eyes:
                report.left(lens.path, _("Another lens for the same eye; only the first is taken."))
            else:
                eyes[lens.eye] = lens
        if header is not None and eyes:
            yield _document(header, product, eyes, report)


def _document(header: VisionDocument, product: str, eyes: Mapping[str, LensReading], report: Report) -> VisionDocument:
    if product == CONTACT:
        kind = CONTACT_LENS
    else:
        kind = header.kind
        if kind == CONTACT_LENS:
            report.problem("kind", "extension", _("A contact lens prescription holds a spectacle lens."))
        elif not kind:
            report.note("kind_not_said", "", _("The kind of spectacles is not said: choose it before saving."))
    right, left = eyes.get(RIGHT), eyes.get(LEFT)
    return replace(header, kind=kind, right=right.document if right else None, left=left.document if left else None)


def _judged(documents: Iterable[VisionDocument], lenses: Sequence[LensReading], report: Report) -> Iterator[Verdict]:
    """What the prescription rules say; their refusals refuse the document, except of what can be completed here."""
    for document in documents:
        product = CONTACT if document.is_contact_lens else LENS
        places = {Eye(lens.eye): lens.path for lens in reversed(lenses) if lens.product == product and lens.eye}
        for verdict in rules.check(document.values):
            yield verdict
            if verdict.level is Level.REFUSE and verdict.code not in COMPLETED_LATER:
                place = places.get(verdict.eye, "") if verdict.eye else ""
                report.problem(verdict.code, ".".join(filter(None, (place, verdict.field))), verdict.message)
