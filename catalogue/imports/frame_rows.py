"""A row of a frame list: which column means what, and what is wrong with a value. Pure but for the words."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import FrameMaterial, Mount
from catalogue.services import frames
from catalogue.services.frames import FrameData
from core.importing import columns
from core.importing.columns import Column, Problem, Wrong

SIZE = re.compile(r"^\s*(\d{2}(?:[.,]\d)?)\s*[-/□x\[\]() ]+\s*(\d{1,2}(?:[.,]\d)?)(?:\s*[-/ ]+\s*(\d{2,3}))?\s*$")
MATERIALS = {
    "acetate": FrameMaterial.PLASTIC, "plastic": FrameMaterial.PLASTIC, "tr90": FrameMaterial.PLASTIC,
    "metal": FrameMaterial.METAL, "steel": FrameMaterial.METAL, "titanium": FrameMaterial.TITANIUM, "other": FrameMaterial.OTHER,
}  # fmt: skip
MOUNTS = {
    "full": Mount.FULL_RIM, "full rim": Mount.FULL_RIM, "full_rim": Mount.FULL_RIM, "nylor": Mount.NYLOR, "nylon": Mount.NYLOR,
    "semi rimless": Mount.NYLOR, "half rim": Mount.NYLOR, "rimless": Mount.RIMLESS, "drill": Mount.RIMLESS,
}  # fmt: skip


COLUMNS = (
    Column("sku", gettext_lazy("SKU"), ("sku", "item", "item code", "article", "code", "product code"), True),
    Column("brand", gettext_lazy("Brand"), ("brand", "collection", "label"), True),
    Column("model", gettext_lazy("Model"), ("model", "style", "model name"), True),
    Column("colour", gettext_lazy("Colour"), ("colour", "color", "colour name", "color description"), True),
    Column("colour_code", gettext_lazy("Colour code"), ("colour code", "color code", "col")),
    Column("gtin", gettext_lazy("GTIN"), ("gtin", "ean", "upc", "barcode", "bar code")),
    Column("size", gettext_lazy("Size, as 52-18-140"), ("size", "sizes", "dimensions")),
    Column("eye_size_mm", gettext_lazy("Eye size"), ("eye", "eye size", "lens width", "caliber")),
    Column("bridge_mm", gettext_lazy("Bridge"), ("bridge", "nose")),
    Column("temple_mm", gettext_lazy("Temple"), ("temple", "side", "arm")),
    Column("a_mm", gettext_lazy("A"), ("a", "a mm", "hbox")),
    Column("b_mm", gettext_lazy("B"), ("b", "b mm", "lens height", "height", "vbox"), True),
    Column("dbl_mm", gettext_lazy("DBL"), ("dbl", "dbl mm")),
    Column("ed_mm", gettext_lazy("ED"), ("ed", "ed mm", "effective diameter", "fed"), True),
    Column("material", gettext_lazy("Material"), ("material", "frame material")),
    Column("mount", gettext_lazy("Mount"), ("mount", "rim", "rim type", "frame type")),
    Column("cost", gettext_lazy("Cost"), ("cost", "wholesale", "net price", "cost price"), True),
    Column("price", gettext_lazy("Price"), ("price", "retail", "rrp", "retail price"), True),
)
DECIMALS = ("eye_size_mm", "bridge_mm", "temple_mm", "a_mm", "b_mm", "dbl_mm", "ed_mm", "cost", "price")


def missing_columns(chosen: Mapping[str, str]) -> list[Column]:
    """Required columns that are not mapped; eye size and bridge may come as one size."""
    missing = [column for column in COLUMNS if column.required and not chosen.get(column.name)]
    if not chosen.get("size"):
        missing += [one for one in COLUMNS if one.name in ("eye_size_mm", "bridge_mm") and not chosen.get(one.name)]
    return missing


@dataclass(frozen=True)
class Understood:
    """A row as values to store; empty values when it has problems."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


def understand(cells: Mapping[str, str], supplier_id: int) -> Understood:
    """Read one row (our column -> text)."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in cells.items():
        try:
            values |= READERS.get(name, _text)(name, text)
        except Wrong as wrong:
            problems.append(Problem(name, text, str(wrong)))
    for name in ("eye_size_mm", "bridge_mm", "b_mm", "ed_mm", "cost", "price"):
        if values.get(name) is None and not any(one.column in (name, "size") for one in problems):
            problems.append(Problem(name, cells.get(name, ""), _("Nothing is written here.")))
    if problems:
        return Understood({}, tuple(problems))
    named = {name: values.get(name, "") for name in ("sku", "brand", "model", "colour", "colour_code", "gtin")}
    kept = {name: value for name, value in values.items() if value not in (None, "")}
    stored, faults = frames.read(FrameData(**{**named, **kept}, supplier_id=supplier_id))
    found = tuple(Problem(name, cells.get(name, ""), message) for name, message in faults.fields.items())
    return Understood({} if found else stored, found)


def _text(name: str, text: str) -> dict[str, Any]:
    return dict(columns.words(name, text))


def _decimal(name: str, text: str) -> dict[str, Any]:
    if not text:
        return {name: None}
    if name in ("cost", "price"):
        return dict(columns.money(name, text))
    return {name: columns.decimal(text).quantize(Decimal("0.01"))}


def _size(_name: str, text: str) -> dict[str, Any]:
    if not text:
        return {}
    match = SIZE.match(text)
    if match is None:
        raise Wrong(_("Write the size as 52-18-140."))
    eye, bridge, temple = (part and Decimal(part.replace(",", ".")) for part in match.groups())
    return {"eye_size_mm": eye, "bridge_mm": bridge} | ({"temple_mm": temple} if temple else {})


def _word(words: Mapping[str, str]) -> Callable[[str, str], dict[str, Any]]:
    known = columns.choice(words)
    return lambda name, text: dict(known(name, text)) if text else {}


READERS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    **dict.fromkeys(DECIMALS, _decimal),
    "size": _size,
    "material": _word(MATERIALS),
    "mount": _word(MOUNTS),
}
