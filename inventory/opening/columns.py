"""Columns of a list of stock: which frame, how many, at what cost; and, for frames we do not know, what they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.imports import frame_rows
from core.importing import columns
from core.importing.columns import Column, Problem, Reader, read_cells

MOST = 1000
OWN = (
    Column("quantity", gettext_lazy("Pieces"), ("quantity", "qty", "pieces", "on hand", "stock", "count", "soh")),
    Column("serials", gettext_lazy("Serial numbers"), ("serial", "serial no", "serial number", "serials")),
)
# A frame that is known needs only its code; one that is made needs the rest.
COLUMNS: Sequence[Column] = (*OWN, *(Column(one.name, one.label, one.aliases) for one in frame_rows.COLUMNS))
_READERS: Mapping[str, Reader] = {"quantity": columns.whole(0, MOST), "cost": columns.money}
SAMPLE: Sequence[Sequence[str]] = (
    ("SKU", "GTIN", "Pieces", "Serial numbers", "Cost", "Brand", "Model", "Colour", "Size", "B", "ED", "Price"),
    ("KAR-214-HAVANA", "", "2", "", "930", "", "", "", "", "", "", ""),
    ("KAR-900-SLATE", "", "1", "", "880", "Karoo", "900", "slate", "51-19-140", "40", "54", "2290"),
    ("SAV-77-GOLD", "", "", "SN1001; SN1002", "1200", "Savanna", "77", "gold", "53-17-145", "42", "56", "3150"),
)


def labels() -> Mapping[str, str]:
    return {column.name: str(column.label) for column in COLUMNS}


def understand(cells: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Code, pieces, serials and cost of one row. Pieces may be given by their serial numbers."""
    own = {name: cells.get(name, "") for name in ("sku", "gtin", "quantity", "serials", "cost") if name in cells}
    values, problems = read_cells(own, _READERS, ())
    if not values.get("sku") and not values.get("gtin") and not any(one.column in ("sku", "gtin") for one in problems):
        problems.append(Problem("sku", "", _("Neither a SKU nor a GTIN is written here.")))
    serials = [one for one in values.get("serials", "").replace(",", ";").split(";") if one.strip()]
    values["serials"] = [one.strip() for one in serials]
    if any(one.column in ("quantity", "serials") for one in problems):
        return values, problems
    if "quantity" not in values and not serials:
        problems.append(Problem("quantity", "", _("Nothing is written here.")))
    elif serials and values.setdefault("quantity", len(serials)) != len(serials):
        words = _("%(n)d serial numbers are given for %(pieces)d pieces.")
        problems.append(Problem("serials", cells["serials"], words % {"n": len(serials), "pieces": values["quantity"]}))
    return values, problems
