"""Rows of the smaller lists: add-ons, surcharges by power, and prices that hold from a day on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import AddOnKind, BandQuantity
from core.importing import columns
from core.importing.columns import YES_NO, Column, Problem, Reader, read_cells

COST = Column("cost", gettext_lazy("Cost"), ("wholesale", "net", "net price", "cost price"), True)
PRICE = Column("price", gettext_lazy("Price"), ("retail", "rrp", "retail price"), True)

ADD_ONS = (
    Column("code", gettext_lazy("Code"), ("sku", "item", "article"), True),
    Column("name", gettext_lazy("Name"), ("description", "coating", "add on"), True),
    Column("kind", gettext_lazy("Kind"), ("type",), True),
    COST,
    PRICE,
    Column("extra_days", gettext_lazy("Extra working days"), ("days", "extra days")),
    Column("is_default", gettext_lazy("Included unless another is chosen"), ("default", "included")),
    Column("lab_code", gettext_lazy("Laboratory's code"), ("lab code",)),
    Column("families", gettext_lazy("Goes with"), ("families", "lenses", "for", "goes with")),
)
ADD_ON_READERS: Mapping[str, Reader] = {
    "kind": columns.choice(
        {kind.value: kind for kind in AddOnKind}
        | {
            "ar": AddOnKind.COATING,
            "photo": AddOnKind.PHOTOCHROMIC,
            "polarized": AddOnKind.POLARISED,
            "edging": AddOnKind.EDGE,
        }
    ),
    "cost": columns.money,
    "price": columns.money,
    "extra_days": columns.whole(0, 60),
    "is_default": columns.choice(YES_NO),
}

BANDS = (
    Column("lens", gettext_lazy("Lens code or family"), ("code", "lens code", "family", "product"), True),
    Column("quantity", gettext_lazy("For"), ("quantity", "for", "power", "kind"), True),
    Column("from_dioptres", gettext_lazy("From"), ("from", "min", "least"), True),
    Column("to_dioptres", gettext_lazy("To"), ("to", "max", "most"), True),
    COST,
    PRICE,
)
BAND_READERS: Mapping[str, Reader] = {
    "quantity": columns.choice(
        {one.value: one for one in BandQuantity}
        | {"sph": BandQuantity.SPHERE, "cyl": BandQuantity.CYLINDER, "addition": BandQuantity.ADD}
    ),
    "from_dioptres": columns.number("0.01", "0", "100"),
    "to_dioptres": columns.number("0.01", "0", "100"),
    "cost": columns.money,
    "price": columns.money,
}

PRICES = (
    Column(
        "code",
        gettext_lazy("Code or SKU"),
        ("sku", "item", "article", "code", "lens code", "product code", "lens code or family"),
        True,
    ),
    *(
        Column(one.name, label, one.aliases)
        for one, label in zip(
            BANDS[1:4],
            (gettext_lazy("Surcharge for"), gettext_lazy("Surcharge from"), gettext_lazy("Surcharge to")),
            strict=True,
        )
    ),
    Column("cost", gettext_lazy("New cost"), COST.aliases),
    Column("price", gettext_lazy("New price"), PRICE.aliases),
)
PRICE_READERS: Mapping[str, Reader] = {"cost": columns.money, "price": columns.money}


def add_on(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """A coating, tint or working; prices are per lens."""
    values, problems = read_cells(cells, ADD_ON_READERS, ("code", "name", "kind", "cost", "price"))
    for name, most in (("code", 40), ("name", 80), ("lab_code", 40)):
        if len(str(values.get(name, ""))) > most:
            problems.append(Problem(name, cells[name], _("At most %(most)d characters.") % {"most": most}))
    return values, problems


def band(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """A surcharge per lens by absolute power, both ends inclusive."""
    return _band(cells, ("lens", "quantity", "from_dioptres", "to_dioptres", "cost", "price"))


def _band(cells: Mapping[str, str], required: Sequence[str]) -> tuple[dict[str, Any], list[Problem]]:
    values, problems = read_cells(cells, BAND_READERS, required)
    least, most = values.get("from_dioptres"), values.get("to_dioptres")
    if least is not None and most is not None and least > most:
        problems.append(Problem("from_dioptres", cells["from_dioptres"], _("A band begins below its end.")))
    return values, problems


def price(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """A new cost, a new price, or both, of an item."""
    ends = [name for name in ("from_dioptres", "to_dioptres") if cells.get(name)]
    values, problems = read_cells(cells, PRICE_READERS, ("code",))
    problems += [Problem(name, cells[name], _("What is this a surcharge for?")) for name in ends]
    return values, problems + _amount_missing(values, problems)


def listed_band(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """A surcharge of a price list: by absolute power, both ends inclusive, with a new cost, a new price, or both."""
    values, problems = _band(cells, ("code", "quantity", "from_dioptres", "to_dioptres"))
    return values, problems + _amount_missing(values, problems)


def _amount_missing(values: Mapping[str, Any], problems: Sequence[Problem]) -> list[Problem]:
    if problems or "cost" in values or "price" in values:
        return []
    return [Problem("price", "", _("Neither a cost nor a price is written here."))]
