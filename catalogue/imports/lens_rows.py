"""A row of a lens list: one lens at one blank diameter. Rows with the same code are one lens with several ranges.

Powers are read in minus-cylinder form, ends inclusive. What a product is stands on its first row; later rows may repeat it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import LensDesign, LensForm
from core.importing import columns
from core.importing.columns import Column, Problem, Reader, read_cells

COLUMNS = (
    Column("code", gettext_lazy("Code"), ("lens code", "product code", "sku", "item", "article", "opc"), True),
    Column("name", gettext_lazy("Name"), ("product", "lens", "description", "lens name"), True),
    Column("family", gettext_lazy("Family"), ("product family", "range", "brand", "series")),
    Column("design", gettext_lazy("Design"), ("type", "lens type", "design type"), True),
    Column("form", gettext_lazy("Made as"), ("made as", "manufacture", "stock rx", "finish"), True),
    Column("material", gettext_lazy("Material"), ("lens material",), True),
    Column("index_nd", gettext_lazy("Index n_d"), ("index", "n", "nd", "n d", "refractive index"), True),
    Column("index_ne", gettext_lazy("Index n_e"), ("ne", "n e")),
    Column("abbe", gettext_lazy("Abbe number"), ("abbe number", "v value")),
    Column("density", gettext_lazy("Density"), ("specific gravity", "density g cm3")),
    Column("colour", gettext_lazy("Built-in colour"), ("color", "tint", "built in colour")),
    Column("coating_included", gettext_lazy("Coating included"), ("coating", "ar")),
    Column("corridor_mm", gettext_lazy("Corridor"), ("corridor", "corridor length")),
    Column(
        "minimum_fitting_height_mm",
        gettext_lazy("Least fitting height"),
        ("min fitting height", "minimum fitting height", "mfh", "fitting height"),
    ),
    Column("minimum_above_mm", gettext_lazy("Least depth above"), ("min above", "minimum above")),
    Column("base_curve", gettext_lazy("Base curve"), ("base", "bc")),
    Column(
        "minimum_centre_thickness_mm",
        gettext_lazy("Least centre thickness"),
        ("min ct", "minimum centre thickness", "centre thickness", "ct"),
    ),
    Column("lead_days", gettext_lazy("Working days"), ("days", "lead time", "working days", "delivery days")),
    Column("lab_code", gettext_lazy("Laboratory's code"), ("lab code", "laboratory code")),
    Column("cost", gettext_lazy("Cost of one lens"), ("cost", "wholesale", "net", "net price", "cost price"), True),
    Column("price", gettext_lazy("Price of one lens"), ("price", "retail", "rrp", "retail price"), True),
    Column("diameter_mm", gettext_lazy("Diameter"), ("diameter", "dia", "blank", "blank size"), True),
    Column("sphere_min", gettext_lazy("Sphere from"), ("sphere from", "sph from", "sph min", "min sphere"), True),
    Column("sphere_max", gettext_lazy("Sphere to"), ("sphere to", "sph to", "sph max", "max sphere"), True),
    Column("cylinder_min", gettext_lazy("Cylinder to"), ("cylinder to", "cyl to", "cyl", "cyl max", "max cylinder")),
    Column("combined_min", gettext_lazy("Combined to"), ("combined to", "combined", "total power to")),
    Column("add_min", gettext_lazy("Add from"), ("add from", "min add")),
    Column("add_max", gettext_lazy("Add to"), ("add to", "max add")),
    Column("prism_max", gettext_lazy("Prism to"), ("prism to", "prism", "max prism")),
)
RANGE = (
    "diameter_mm", "sphere_min", "sphere_max", "cylinder_min", "combined_min", "add_min", "add_max", "prism_max",
)  # fmt: skip
PRODUCT = tuple(column.name for column in COLUMNS if column.name not in RANGE)
REQUIRED = tuple(column.name for column in COLUMNS if column.required)
REQUIRED_RANGE = ("code", "diameter_mm", "sphere_min", "sphere_max")
DESIGNS = {
    "single vision": LensDesign.SINGLE_VISION, "sv": LensDesign.SINGLE_VISION, "single": LensDesign.SINGLE_VISION,
    "bifocal": LensDesign.BIFOCAL, "bf": LensDesign.BIFOCAL, "trifocal": LensDesign.TRIFOCAL, "tf": LensDesign.TRIFOCAL,
    "progressive": LensDesign.PROGRESSIVE, "pal": LensDesign.PROGRESSIVE, "varifocal": LensDesign.PROGRESSIVE,
    "multifocal": LensDesign.PROGRESSIVE, "occupational": LensDesign.OCCUPATIONAL, "office": LensDesign.OCCUPATIONAL,
    "degressive": LensDesign.OCCUPATIONAL, "contact": LensDesign.CONTACT, "contact lens": LensDesign.CONTACT,
}  # fmt: skip
FORMS = {
    "stock": LensForm.STOCK, "stock finished": LensForm.STOCK, "finished": LensForm.STOCK, "surfaced": LensForm.SURFACED,
    "rx": LensForm.SURFACED, "conventional": LensForm.SURFACED, "free form": LensForm.FREE_FORM,
    "freeform": LensForm.FREE_FORM, "digital": LensForm.FREE_FORM,
}  # fmt: skip
READERS: Mapping[str, Reader] = {
    "design": columns.choice(DESIGNS),
    "form": columns.choice(FORMS),
    "index_nd": columns.number("0.001", "1.4", "1.95"),
    "index_ne": columns.number("0.001", "1.4", "1.95"),
    "abbe": columns.number("0.1", "15", "70"),
    "density": columns.number("0.01", "0.9", "4"),
    "corridor_mm": columns.number("0.1", "5", "30"),
    "minimum_fitting_height_mm": columns.number("0.1", "8", "40"),
    "minimum_above_mm": columns.number("0.1", "0", "30"),
    "base_curve": columns.number("0.01", "-2", "15"),
    "minimum_centre_thickness_mm": columns.number("0.01", "0.5", "5"),
    "lead_days": columns.whole(0, 60),
    "cost": columns.money,
    "price": columns.money,
    "diameter_mm": columns.whole(40, 90),
    "sphere_min": columns.power("-40", "40"),
    "sphere_max": columns.power("-40", "40"),
    "cylinder_min": columns.power("-20", "20"),
    "combined_min": columns.power("-50", "40"),
    "add_min": columns.power("-10", "10"),
    "add_max": columns.power("-10", "10"),
    "prism_max": columns.number("0.01", "0", "20"),
}


def understand(cells: Mapping[str, str], is_first: bool) -> tuple[dict[str, Any], list[Problem]]:
    """Read one row; only the first row of a lens must say what it is."""
    values, problems = read_cells(cells, READERS, REQUIRED if is_first else REQUIRED_RANGE)
    return values, [*problems, *_signs(values, cells), *_lengths(values)]


def _signs(values: Mapping[str, Any], cells: Mapping[str, str]) -> list[Problem]:
    """The wrong signs and turned-round ends of power ranges, each with how it should be written."""
    least, most = values.get("sphere_min"), values.get("sphere_max")
    add_least, add_most = values.get("add_min"), values.get("add_max")
    combined = values.get("combined_min")
    faults = (
        ("sphere_min", least is not None and most is not None and least > most,
         _("The strongest minus comes first: from −10.00 to +8.00.")),
        ("cylinder_min", values.get("cylinder_min", 0) > 0,
         _("Write the strongest cylinder as minus, for example −4.00.")),
        ("combined_min", combined is not None and most is not None and combined > most,
         _("The least sphere plus cylinder lies below the strongest sphere.")),
        ("add_min", add_least is not None and add_least < 0, _("An add is positive.")),
        ("add_max", add_most is not None and add_most < 0, _("An add is positive.")),
        ("add_min", add_least is not None and add_most is not None and 0 <= add_most < add_least,
         _("The least add comes first.")),
    )  # fmt: skip
    return [Problem(name, cells.get(name, ""), reason) for name, is_wrong, reason in faults if is_wrong]


LENGTHS = {
    "code": 40, "name": 120, "family": 80, "material": 40, "colour": 40, "coating_included": 60, "lab_code": 40,
}  # fmt: skip


def _lengths(values: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(name, values[name], _("At most %(most)d characters.") % {"most": most})
        for name, most in LENGTHS.items()
        if len(str(values.get(name, ""))) > most
    ]


def range_of(values: Mapping[str, Any]) -> dict[str, str]:
    """The range of a row as text to store; empty text for what is not said."""
    return {name: "" if values.get(name) is None else str(values[name]) for name in RANGE}


def said(cells: Mapping[str, str]) -> list[str]:
    """Which fields of the product the row speaks of: an empty cell leaves what stands."""
    return [name for name in PRODUCT if cells.get(name)]
