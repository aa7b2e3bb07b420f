"""The sample catalogue: two frame suppliers, sixty frames with shapes of their own, one lens maker with four families, services."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import count

from catalogue.identifiers import completed
from catalogue.models import AddOnKind, Frame, LensDesign, LensForm, LensProduct, Supplier
from catalogue.services import frames, lenses, sales, suppliers
from catalogue.services.frames import FrameData
from catalogue.services.lenses import AddOnData, BandData, LensData, RangeData
from catalogue.services.suppliers import SupplierData
from catalogue.shapes import ReadTrace
from core.actor import Actor
from demo.acting import acting

POINTS = 360
_serials = count(114_200_100)


@dataclass(frozen=True)
class Style:
    """One model: sizes in mm, retail price, how square its shape is (2 is an ellipse), colours."""

    model: str
    eye: int
    bridge: int
    b: int
    price: int
    squareness: float
    colours: tuple[str, ...]
    mount: str = "full_rim"
    material: str = "plastic"
    traced: bool = True


KAROO = (
    Style("214", 52, 18, 38, 2450, 2.6, ("havana", "black", "crystal"), traced=False),
    Style("Slim 88", 50, 19, 26, 2190, 3.2, ("ink", "sand"), traced=False),
    Style("118", 54, 17, 41, 2650, 2.4, ("olive", "havana", "black")),
    Style("132", 49, 21, 42, 2380, 2.1, ("honey", "black", "rose")),
    Style("150", 56, 16, 40, 2890, 3.4, ("black", "navy")),
    Style("165", 51, 20, 36, 1950, 2.8, ("graphite", "bordeaux", "teal")),
    Style("171", 53, 18, 34, 2090, 3.0, ("black", "tortoise")),
    Style("190", 47, 22, 44, 2720, 2.0, ("crystal", "amber", "black")),
    Style("203", 55, 17, 43, 2990, 2.3, ("havana", "forest")),
    Style("Junior 12", 44, 16, 33, 1290, 2.4, ("red", "blue", "green")),
    Style("Junior 18", 46, 16, 35, 1350, 2.2, ("violet", "orange")),
)
TUGELA = (
    Style("T7", 53, 18, 37, 3450, 2.7, ("gunmetal", "gold", "black"), "full_rim", "titanium"),
    Style("T9", 55, 17, 39, 3650, 2.5, ("silver", "brown"), "nylor", "titanium"),
    Style("T12", 52, 19, 33, 3890, 3.1, ("black", "bronze"), "nylor", "titanium"),
    Style("T15", 54, 18, 35, 4250, 2.4, ("silver", "rose gold"), "rimless", "titanium"),
    Style("M21", 50, 20, 45, 2150, 2.0, ("gold", "silver", "black"), "full_rim", "metal"),
    Style("M24", 52, 18, 40, 1890, 2.3, ("black", "navy", "copper"), "full_rim", "metal"),
    Style("M30", 57, 15, 42, 2290, 2.9, ("gunmetal", "brown"), "full_rim", "metal"),
    Style("M33", 48, 21, 41, 1990, 2.1, ("gold", "black"), "full_rim", "metal"),
    Style("M40", 51, 19, 30, 1790, 3.3, ("black", "blue"), "full_rim", "metal"),
    Style("Sport 5", 60, 16, 39, 2790, 2.6, ("black", "white", "red"), "full_rim", "other"),
    Style("Sport 8", 62, 15, 41, 2950, 2.8, ("black", "lime"), "nylor", "other"),
    Style("Clip 3", 53, 18, 36, 2590, 2.7, ("black", "havana"), "full_rim", "plastic"),
    Style("Clip 6", 50, 20, 38, 2490, 2.2, ("navy", "crystal"), "full_rim", "plastic"),
)

# Family, design, form, corridor, least fitting height, days, and index -> price of one lens.
FamilyRow = tuple[str, str, str, int | None, int | None, int, dict[str, int]]
FAMILIES: tuple[FamilyRow, ...] = (
    ("Vista HD progressive", LensDesign.PROGRESSIVE, LensForm.FREE_FORM, 14, 18, 4, {"1.50": 2740, "1.60": 3190, "1.67": 3930, "1.74": 5390}),
    ("Vista progressive", LensDesign.PROGRESSIVE, LensForm.SURFACED, 15, 19, 4, {"1.50": 1760, "1.60": 2210, "1.67": 2890}),
    ("Vista Short", LensDesign.PROGRESSIVE, LensForm.FREE_FORM, 11, 16, 4, {"1.50": 2490, "1.60": 2940, "1.67": 3680}),
    ("Vista Office", LensDesign.OCCUPATIONAL, LensForm.FREE_FORM, 12, 16, 5, {"1.50": 1980, "1.60": 2430}),
    ("Vista bifocal 28", LensDesign.BIFOCAL, LensForm.SURFACED, None, 15, 3, {"1.50": 690}),
    ("Vista single vision, surfaced", LensDesign.SINGLE_VISION, LensForm.SURFACED, None, None, 3, {"1.50": 620, "1.60": 980, "1.67": 1480, "1.74": 2650}),
    ("Vista single vision, stock", LensDesign.SINGLE_VISION, LensForm.STOCK, None, None, 1, {"1.50": 240, "1.60": 520, "1.67": 890}),
)  # fmt: skip
MATERIALS = {
    "1.50": ("CR-39", "1.498", "58", "1.31", "2.0"),
    "1.60": ("MR-8", "1.600", "41", "1.30", "1.3"),
    "1.67": ("MR-10", "1.660", "32", "1.37", "1.2"),
    "1.74": ("MR-174", "1.740", "33", "1.47", "1.1"),
}
SERVICES = (
    ("EXAM", "Eye examination", 690, 30),
    ("EXAM-CL", "Contact lens examination", 890, 45),
    ("FIELD", "Visual field test", 350, 15),
    ("OCT", "Retina scan", 480, 10),
    ("ADJUST", "Frame adjustment", 0, 10),
    ("REPAIR-S", "Small frame repair", 180, 20),
)


def build(now: datetime) -> None:
    """Suppliers, frames, lenses with coatings, services."""
    actor = acting("sipho", "RSB")
    for brand, styles in (("Karoo", KAROO), ("Tugela", TUGELA)):
        supplier = suppliers.save(
            actor, SupplierData(brand[:3].upper(), f"{brand} Eyewear", f"orders@{brand.lower()}.example")
        )
        for style in styles:
            for colour in style.colours:
                _frame(actor, supplier, brand, style, colour)
    _discontinue_one(actor, now)
    _lenses(actor)
    for code, name, price, minutes in SERVICES:
        sales.save_service(actor, sales.ServiceData(code, name, Decimal(price), minutes=minutes))


def _frame(actor: Actor, supplier: Supplier, brand: str, style: Style, colour: str) -> Frame:
    outline = _outline(style)
    longest = max(outline) / 100
    data = FrameData(
        sku=f"{brand[:3]}-{style.model}-{colour}".upper().replace(" ", ""),
        supplier_id=supplier.pk,
        brand=brand,
        model=style.model,
        colour=colour,
        colour_code=f"{len(colour):02d}{ord(colour[0]) % 90:02d}",
        eye_size_mm=Decimal(style.eye),
        bridge_mm=Decimal(style.bridge),
        temple_mm=Decimal(140 if style.eye > 47 else 125),
        b_mm=Decimal(style.b),
        ed_mm=Decimal(55) if style.model == "214" else Decimal(f"{2 * longest:.2f}"),
        gtin=completed(f"6009{next(_serials) % 10**8:08d}"),
        material=style.material,
        mount=style.mount,
        cost=Decimal(round(style.price * 0.38, -1)),
        price=Decimal(style.price),
    )
    frame = frames.add(actor, data)
    if style.traced:
        stored = {"right": {"radii": outline, "angles": None, "traced": "F"}}
        frame = frames.take_trace(actor, frame.pk, ReadTrace(stored))
    return frame


def _outline(style: Style) -> list[int]:
    """Radii in 1/100 mm of a superellipse of the style's box, a little flatter above than below."""
    half_a, half_b = style.eye / 2, style.b / 2
    radii = []
    for place in range(POINTS):
        angle = math.tau * place / POINTS
        power = style.squareness + (0.5 if math.sin(angle) > 0 else 0)
        reach = abs(math.cos(angle) / half_a) ** power + abs(math.sin(angle) / half_b) ** power
        radii.append(round(100 * reach ** (-1 / power)))
    return radii


def _discontinue_one(actor: Actor, now: datetime) -> None:
    frame = Frame.objects.get(sku="TUG-M40-BLUE")
    frames.discontinue(actor, frame.pk, now.date())


def _lenses(actor: Actor) -> None:
    supplier = suppliers.save(actor, SupplierData("VIS", "Vista Lenses", "orders@vista.example"))
    made = [_lens(actor, supplier, family, index) for family in FAMILIES for index in family[-1]]
    _add_ons(actor, supplier, made)


def _lens(actor: Actor, supplier: Supplier, family: FamilyRow, index: str) -> LensProduct:
    name, design, form, corridor, height, days, prices = family
    material, exact, abbe, density, centre = MATERIALS[index]
    data = LensData(
        code=_code(name, form, index),
        supplier_id=supplier.pk,
        name=f"{name} {index}",
        family=name,
        design=design,
        form=form,
        material=material,
        index_nd=Decimal(exact),
        index_ne=Decimal(index),
        price=Decimal(prices[index]),
        cost=Decimal(prices[index]) * Decimal("0.45"),
        abbe=Decimal(abbe),
        density=Decimal(density),
        corridor_mm=Decimal(corridor) if corridor else None,
        minimum_fitting_height_mm=Decimal(height) if height else None,
        minimum_above_mm=Decimal(10) if corridor else None,
        minimum_centre_thickness_mm=Decimal(centre),
        lead_days=days,
        coating_included="Hard coat",
    )
    return lenses.add(actor, data, _ranges(design, form, index), _bands(form))


def _code(name: str, form: str, index: str) -> str:
    """`VHP-F160`: the family's initials, the form, the index."""
    initials = "".join(word[0] for word in name.replace(",", "").split()).upper()
    return f"{initials}-{form[0].upper() if form != LensForm.STOCK else 'X'}{index.replace('.', '')}"


def _ranges(design: str, form: str, index: str) -> list[RangeData]:
    """Stock is a grid per diameter; surfaced lenses reach further with the index."""
    if form == LensForm.STOCK:
        return [
            RangeData(65, Decimal(-6), Decimal(4), Decimal(-2), Decimal(-8)),
            RangeData(70, Decimal(-4), Decimal(2), Decimal(-2), Decimal(-6)),
        ]
    reach = {"1.50": 6, "1.60": 10, "1.67": 14, "1.74": 18}[index]
    wide = RangeData(70, Decimal(-reach), Decimal(reach) - 2, Decimal(-6), prism_max=Decimal(5))
    large = RangeData(80, Decimal(-reach) / 2, Decimal(reach) / 2, Decimal(-4), prism_max=Decimal(3))
    if design == LensDesign.SINGLE_VISION:
        return [wide, large]
    return [replace(row, add_min=Decimal("0.75"), add_max=Decimal("3.50")) for row in (wide, large)]


def _bands(form: str) -> list[BandData]:
    if form == LensForm.STOCK:
        return []
    return [
        BandData("cylinder", Decimal("2.25"), Decimal("4.00"), Decimal(140), Decimal(60)),
        BandData("cylinder", Decimal("4.25"), Decimal("6.00"), Decimal(260), Decimal(110)),
        BandData("prism", Decimal("0.25"), Decimal("3.00"), Decimal(180), Decimal(80)),
        BandData("prism", Decimal("3.25"), Decimal("5.00"), Decimal(320), Decimal(140)),
    ]


def _add_ons(actor: Actor, supplier: Supplier, made: list[LensProduct]) -> None:
    plans = (
        ("HC", "Hard coat", AddOnKind.COATING, 0, True, 0),
        ("CS", "ClearShield", AddOnKind.COATING, 625, False, 0),
        ("CSB", "ClearShield Blue", AddOnKind.COATING, 845, False, 0),
        ("SUN", "Solid tint, brown or grey", AddOnKind.TINT, 210, False, 1),
        ("SHADE", "ShadeTone photochromic", AddOnKind.PHOTOCHROMIC, 980, False, 1),
        ("POL", "Polished edge", AddOnKind.EDGE, 120, False, 0),
    )
    for code, name, kind, price, default, days in plans:
        data = AddOnData(
            code, supplier.pk, name, kind, Decimal(price), Decimal(price) * Decimal("0.4"), days, default, f"V{code}"
        )
        fitting = [lens for lens in made if not (kind == AddOnKind.PHOTOCHROMIC and lens.form == LensForm.STOCK)]
        lenses.save_add_on(actor, data, fitting)
