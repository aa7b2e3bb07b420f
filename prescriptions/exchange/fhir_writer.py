"""Our prescriptions as FHIR VisionPrescription, R4B (valid R4) or R5."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from lensmath.prism import Eye, Prism
from prescriptions.values import CONTACT_LENS

from . import json_text, library
from .document import EyeDocument, Party, VisionDocument
from .extensions import length, written
from .findings import Unwritable
from .vocabulary import (
    ADD_LEVEL,
    BALANCE,
    BINOCULAR_VA,
    CONTACT,
    DIALECT,
    EXAMINED_ON,
    EXPIRES_ON,
    EXPIRY_NOTE_ID,
    EXPIRY_REASON,
    FAR_PD,
    INTERMEDIATE_ADD,
    KIND,
    LENS,
    NEAR_PD,
    NEAR_VA,
    NOTES,
    PRODUCT_SYSTEM,
    UCUM,
    UNIT_WORDS,
    VA,
    VERTEX,
    WEARING_MODE,
    Dialect,
)

Json = dict[str, object]
HUNDREDTH = Decimal("0.01")


def to_json(document: VisionDocument, dialect: Dialect = DIALECT) -> str:
    """The document as JSON text, each number with at least two places. Raises Unwritable."""
    return json_text.dump(to_resource(document, dialect))


def to_resource(document: VisionDocument, dialect: Dialect = DIALECT) -> Json:
    """The document as the values of a FHIR resource (numbers are Decimals). Raises Unwritable."""
    resource = _filled(
        {
            "resourceType": "VisionPrescription",
            "extension": list(_header_extensions(document, dialect.extension_base)),
            "identifier": _identifier(document, dialect),
            "status": document.status,
            "created": _moment(document.created or document.written_on),
            "patient": _reference(document.patient),
            "dateWritten": document.written_on.isoformat(),
            "prescriber": _reference(document.prescriber),
            "lensSpecification": list(_lenses(document, dialect)),
        }
    )
    faults = library.faults(resource, dialect.version)
    if faults:
        path, detail = faults[0]
        raise Unwritable(
            _("The prescription cannot be written: %(path)s: %(detail)s.") % {"path": path, "detail": detail}
        )
    return resource


def lens_specification(eye: Eye, kind: str, lens: EyeDocument, dialect: Dialect = DIALECT) -> Json:
    """One eye as a `lensSpecification`. Raises Unwritable for a prism that makes no sense."""
    content = _contact_lens(lens) if kind == CONTACT_LENS else _spectacle_lens(eye, lens)
    product = CONTACT if kind == CONTACT_LENS else LENS
    return _filled(
        {
            "extension": list(_eye_extensions(lens, dialect.extension_base)),
            "product": {"coding": [{"system": PRODUCT_SYSTEM, "code": product}]},
            "eye": eye.value,
            **content,
            "note": [{"text": lens.note}] if lens.note else [],
        }
    )


def _lenses(document: VisionDocument, dialect: Dialect) -> Iterator[Json]:
    for eye, lens in ((Eye.RIGHT, document.right), (Eye.LEFT, document.left)):
        if lens is not None:
            specification = lens_specification(eye, document.kind, lens, dialect)
            yield _with_expiry_note(specification, document.expires_on)


def _with_expiry_note(specification: Json, expires_on: date | None) -> Json:
    """The expiry in plain words too: a receiver who ignores our extensions still shows notes."""
    if expires_on is None:
        return specification
    notes = specification.get("note", [])
    expiry = {"id": EXPIRY_NOTE_ID, "text": _("Valid to %(date)s") % {"date": expires_on.isoformat()}}
    return specification | {"note": [*(notes if isinstance(notes, list) else []), expiry]}


def _spectacle_lens(eye: Eye, lens: EyeDocument) -> Json:
    values = lens.values
    return {
        "sphere": _decimal(values.sphere),
        "cylinder": _decimal(values.cylinder),
        "axis": _axis(values.axis),
        "prism": _prism(values.prism(eye)),
        "add": _decimal(values.add),
    }


def _contact_lens(lens: EyeDocument) -> Json:
    values = lens.values
    return {
        "cylinder": _decimal(values.cylinder),
        "axis": _axis(values.axis),
        "add": _decimal(values.add),
        "power": _decimal(values.power),
        "backCurve": _decimal(values.base_curve_mm),
        "diameter": _decimal(values.diameter_mm),
        "duration": _duration(lens),
        "color": lens.colour,
        "brand": values.product,
    }


def _prism(prism: Prism | None) -> list[Json]:
    """One horizontal and one vertical entry, whatever the prescriber wrote: FHIR knows no oblique base."""
    if prism is None:
        raise Unwritable(_("The prism has no base, or a base without an amount."))
    parts = ((amount.quantize(HUNDREDTH, ROUND_HALF_UP), base) for amount, base in (prism.horizontal, prism.vertical))
    return [{"amount": amount, "base": base.value} for amount, base in parts if base is not None and amount]


def _axis(axis: Decimal | int | None) -> int | None:
    if axis is not None and axis != int(axis):
        raise Unwritable(_("FHIR takes whole degrees for the axis, not %(axis)s.") % {"axis": axis})
    return None if axis is None else int(axis)


def _decimal(value: Decimal | None) -> Decimal | None:
    """At least two places, more only where the value has them (an eighth is 0.125)."""
    if value is None:
        return None
    if not value.is_finite():
        raise Unwritable(_("%(value)s is not a number.") % {"value": value})
    exponent = value.normalize().as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    fixed = value.quantize(Decimal(1).scaleb(-places))
    return abs(fixed) if fixed == 0 else fixed


def _duration(lens: EyeDocument) -> Json | None:
    replacement = lens.replacement
    if replacement is None:
        return None
    if replacement.unit not in UNIT_WORDS:
        raise Unwritable(_("The replacement time has an unknown unit “%(unit)s”.") % {"unit": replacement.unit})
    word = UNIT_WORDS[replacement.unit]
    return {"value": replacement.amount, "unit": word, "system": UCUM, "code": replacement.unit}


def _header_extensions(document: VisionDocument, base: str) -> Iterator[Json]:
    if document.kind:
        yield written(base, KIND, "valueCode", document.kind)
    for name, day in ((EXAMINED_ON, document.examined_on), (EXPIRES_ON, document.expires_on)):
        if day is not None:
            yield written(base, name, "valueDate", day.isoformat())
    lengths = ((FAR_PD, document.far_pd_mm), (NEAR_PD, document.near_pd_mm), (VERTEX, document.vertex_mm))
    yield from _lengths(lengths, base)
    texts = (
        (EXPIRY_REASON, document.expiry_reason),
        (BINOCULAR_VA, document.binocular_va),
        (NOTES, document.notes),
    )
    yield from _texts(texts, base)


def _eye_extensions(lens: EyeDocument, base: str) -> Iterator[Json]:
    yield from _lengths(((FAR_PD, lens.values.far_pd_mm), (NEAR_PD, lens.values.near_pd_mm)), base)
    if lens.intermediate_add is not None:
        yield written(base, INTERMEDIATE_ADD, "valueDecimal", _decimal(lens.intermediate_add))
    if lens.values.balance:
        yield written(base, BALANCE, "valueBoolean", True)
    texts = ((VA, lens.va), (NEAR_VA, lens.near_va), (WEARING_MODE, lens.wearing_mode), (ADD_LEVEL, lens.add_level))
    yield from _texts(texts, base)


def _lengths(lengths: tuple[tuple[str, Decimal | None], ...], base: str) -> Iterator[Json]:
    return (written(base, name, "valueQuantity", length(mm)) for name, mm in lengths if mm is not None)


def _texts(texts: tuple[tuple[str, str], ...], base: str) -> Iterator[Json]:
    return (written(base, name, "valueString", text) for name, text in texts if text)


def _identifier(document: VisionDocument, dialect: Dialect) -> list[Json]:
    if not document.number:
        return []
    return [_filled({"system": document.number_system or dialect.number_system, "value": document.number})]


def _reference(party: Party) -> Json:
    identifier = {"value": party.number} if party.number else None
    return _filled({"reference": party.reference, "identifier": identifier, "display": party.name})


def _moment(moment: date | datetime) -> str:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        raise Unwritable(_("A time is written with its zone."))
    return moment.isoformat()


def _filled(values: Json) -> Json:
    """Without what is empty: FHIR knows no null and no empty text, lists or objects."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
