"""One `lensSpecification` of a FHIR VisionPrescription as one eye of a prescription."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from lensmath.notation import file_axis, snap_eighth
from lensmath.prism import Base
from prescriptions.values import EyeValues, PrismEntry

from .document import EyeDocument, Replacement
from .extensions import Extensions
from .node import Node
from .vocabulary import (
    ADD_LEVEL,
    BALANCE,
    CONTACT,
    DURATION_UNITS,
    EXPIRY_NOTE_ID,
    FAR_PD,
    INTERMEDIATE_ADD,
    LEFT,
    LENS,
    NEAR_PD,
    NEAR_VA,
    RIGHT,
    VA,
    WEARING_MODE,
    Dialect,
)

EYE_EXTENSIONS = (FAR_PD, NEAR_PD, VA, NEAR_VA, INTERMEDIATE_ADD, BALANCE, WEARING_MODE, ADD_LEVEL)
BASES = tuple(Base)
HUNDREDTH, TENTH = Decimal("0.01"), Decimal("0.1")
BASE_CURVE_MM = (Decimal(4), Decimal(15))
DIAMETER_MM = (Decimal(5), Decimal(30))
LONGEST_VA = 12
LONGEST_BRAND = 120
LONGEST_COLOUR = 40
LONGEST_NOTE = 5000
LONGEST_MODE = 20
LONGEST_ADD_LEVEL = 8
LARGEST_PRISM = Decimal(100)


@dataclass(frozen=True, slots=True)
class LensReading:
    """One lens: which eye, which product (`lens`, `contact`), its values, and where it stood."""

    eye: str
    product: str
    document: EyeDocument
    path: str


def read(lens: Node, dialect: Dialect) -> LensReading:
    """What one lens specification says; faults go to the report."""
    extensions = Extensions(lens, EYE_EXTENSIONS, dialect.extension_base)
    eye = lens.code("eye", (RIGHT, LEFT))
    product = _product(lens)
    values = _contact_values(lens) if product == CONTACT else _spectacle_values(lens, extensions)
    document = EyeDocument(
        values=values,
        va=extensions.text(VA, LONGEST_VA),
        near_va=extensions.text(NEAR_VA, LONGEST_VA),
        intermediate_add=extensions.number(INTERMEDIATE_ADD),
        note=_notes(lens),
        colour=lens.text("color", LONGEST_COLOUR) if product == CONTACT else "",
        replacement=_replacement(lens) if product == CONTACT else None,
        wearing_mode=extensions.text(WEARING_MODE, LONGEST_MODE),
        add_level=extensions.text(ADD_LEVEL, LONGEST_ADD_LEVEL),
    )
    lens.leave_the_rest()
    return LensReading(eye, product, document, lens.path)


def _product(lens: Node) -> str:
    product = lens.node("product")
    if product is None:
        if not lens.has("product"):
            lens.refuse("required", "product", _("This element is required."))
        return _guessed_product(lens)
    codes = [coding.take("code") for coding in product.nodes("coding")]
    found = [code for code in (LENS, CONTACT) if code in codes]
    if len(found) == 1:
        return found[0]
    guessed = _guessed_product(lens)
    message = _("The product is not said in FHIR's own words; it was taken for a %(product)s.")
    lens.note("product_guessed", "product", message % {"product": guessed})
    return guessed


def _guessed_product(lens: Node) -> str:
    return CONTACT if any(lens.has(name) for name in ("power", "backCurve", "diameter")) else LENS


def _spectacle_values(lens: Node, extensions: Extensions) -> EyeValues:
    balance = extensions.flag(BALANCE)
    if lens.has("power") and not lens.has("sphere"):
        lens.refuse("power_of_spectacles", "power", _("A spectacle lens has a sphere; power is for contact lenses."))
    cylinder, axis = _cylinder_and_axis(lens)
    return EyeValues(
        sphere=_power(lens, "sphere"),
        cylinder=cylinder,
        axis=axis,
        add=_add(lens),
        prisms=_prisms(lens),
        far_pd_mm=extensions.millimetres(FAR_PD),
        near_pd_mm=extensions.millimetres(NEAR_PD),
        balance=balance,
    )


def _contact_values(lens: Node) -> EyeValues:
    cylinder, axis = _cylinder_and_axis(lens)
    return EyeValues(
        power=_contact_power(lens),
        cylinder=cylinder,
        axis=axis,
        add=_add(lens),
        base_curve_mm=_size(lens, "backCurve", BASE_CURVE_MM, HUNDREDTH),
        diameter_mm=_size(lens, "diameter", DIAMETER_MM, TENTH),
        product=lens.text("brand", LONGEST_BRAND),
    )


def _contact_power(lens: Node) -> Decimal | None:
    power, sphere = _power(lens, "power"), _power(lens, "sphere")
    if power is None and sphere is not None:
        lens.note("power_in_sphere", "sphere", _("The power of the contact lens was sent as its sphere."))
        return sphere
    if sphere is not None and sphere != power:
        lens.refuse("power_and_sphere", "sphere", _("Power and sphere of the contact lens contradict each other."))
    return power


def _power(lens: Node, name: str) -> Decimal | None:
    written = lens.number(name)
    if written is None:
        return None
    power = snap_eighth(written)
    if power != written:
        message = _("%(written)s stands for %(power)s.")
        lens.note("eighth", name, message % {"written": written, "power": power})
    return power


def _cylinder_and_axis(lens: Node) -> tuple[Decimal | None, int | None]:
    cylinder, axis = _power(lens, "cylinder"), lens.whole_number("axis")
    if cylinder == 0:
        lens.note("zero_cylinder_dropped", "cylinder", _("A cylinder of 0.00 is no cylinder."))
        return None, None
    if axis == 0 and cylinder is not None:
        lens.note("axis_zero", "axis", _("Axis 0 is written 180."))
        axis = file_axis(axis)
    return cylinder, axis


def _add(lens: Node) -> Decimal | None:
    add = _power(lens, "add")
    if add == 0:
        lens.note("zero_add_dropped", "add", _("An addition of 0.00 is no addition."))
        return None
    return add


def _prisms(lens: Node) -> tuple[PrismEntry, ...]:
    entries = []
    for prism in lens.nodes("prism"):
        amount, base = prism.number("amount"), prism.code("base", BASES)
        prism.leave_the_rest()
        if not prism.has("amount"):
            prism.refuse("required", "amount", _("A base needs an amount of prism."))
        elif amount == 0:
            prism.note("zero_prism_dropped", "amount", _("A prism of 0.00 is no prism."))
        elif amount is not None and amount > LARGEST_PRISM:
            prism.refuse("number_range", "amount", _("%(value)s cannot be a measurement.") % {"value": amount})
        elif amount is not None and base:
            entries.append(PrismEntry(_rounded(prism, "amount", amount, HUNDREDTH), base))
    return tuple(entries)


def _size(lens: Node, name: str, limits: tuple[Decimal, Decimal], step: Decimal) -> Decimal | None:
    value = lens.number(name)
    if value is None:
        return None
    if not limits[0] <= value <= limits[1]:
        message = _("%(value)s mm is no size of a contact lens.")
        lens.refuse("size", name, message % {"value": value})
        return None
    return _rounded(lens, name, value, step)


def _rounded(node: Node, name: str, value: Decimal, step: Decimal) -> Decimal:
    rounded = value.quantize(step, ROUND_HALF_UP)
    if rounded == value:
        return value
    node.note("rounded", name, _("%(value)s was rounded to %(rounded)s.") % {"value": value, "rounded": rounded})
    return rounded


def _replacement(lens: Node) -> Replacement | None:
    duration = lens.node("duration")
    if duration is None:
        return None
    value = duration.number("value")
    code, word = duration.text("code", 20), duration.text("unit", 40)
    duration.take("system")
    duration.leave_the_rest()
    unit = DURATION_UNITS.get(code.lower() or word.lower())
    if value is None or value <= 0 or unit is None:
        duration.refuse("duration", "code", _("A time in days, weeks, months or years is expected."))
        return None
    if code != unit:
        message = _("The unit “%(written)s” was read as “%(unit)s”.")
        duration.note("duration_unit", "code", message % {"written": code or word, "unit": unit})
    return Replacement(value, unit)


def _notes(lens: Node) -> str:
    texts = []
    for note in lens.nodes("note"):
        written_by_us = note.take("id") == EXPIRY_NOTE_ID
        text = note.text("text", LONGEST_NOTE)
        note.leave_the_rest()
        if text and not written_by_us:
            texts.append(text)
    return "\n".join(texts)
