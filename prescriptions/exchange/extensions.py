"""Our named extensions: what FHIR VisionPrescription has no place for, read and written under one address."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from .node import Node
from .vocabulary import UCUM

LONGEST_URL = 300
MM = "mm"
LARGEST_MM = Decimal(100)


class Extensions:
    """The extensions of one element by their short name; those that are not ours are listed as not taken over."""

    def __init__(self, element: Node, names: Iterable[str], base: str) -> None:
        self._found: dict[str, Node] = {}
        known = {base + name: name for name in names}
        for extension in element.nodes("extension"):
            url = extension.text("url", LONGEST_URL)
            name = known.get(url)
            if name is None:
                extension.report.left(extension.path, url)
            elif name in self._found:
                extension.refuse("extension_twice", "url", _("This extension is given twice."))
            else:
                self._found[name] = extension

    def text(self, name: str, longest: int) -> str:
        """A text, or empty."""
        extension = self._with_value(name, "valueString")
        return extension.text("valueString", longest) if extension else ""

    def code(self, name: str, choices: Sequence[str]) -> str:
        """A code out of a list, or empty."""
        extension = self._with_value(name, "valueCode")
        return extension.code("valueCode", choices) if extension else ""

    def number(self, name: str) -> Decimal | None:
        """A decimal number, or none."""
        extension = self._with_value(name, "valueDecimal")
        return extension.number("valueDecimal") if extension else None

    def flag(self, name: str) -> bool:
        """A boolean; absent is false."""
        extension = self._with_value(name, "valueBoolean")
        return extension.flag("valueBoolean") if extension else False

    def day(self, name: str) -> date | None:
        """A date, or none."""
        extension = self._with_value(name, "valueDate")
        return extension.day("valueDate") if extension else None

    def millimetres(self, name: str) -> Decimal | None:
        """A length in mm to 0.1, or none."""
        extension = self._with_value(name, "valueQuantity")
        quantity = extension.node("valueQuantity") if extension else None
        if quantity is None:
            return None
        unit = quantity.text("code", 20) or quantity.text("unit", 20)
        quantity.take("unit")
        quantity.take("system")
        value = quantity.number("value")
        if unit != MM or value is None or not 0 < value < LARGEST_MM:
            quantity.refuse("length", "value", _("A length in mm is expected."))
            return None
        return value

    def _with_value(self, name: str, element: str) -> Node | None:
        extension = self._found.get(name)
        if extension is not None and not extension.has(element):
            message = _("The extension has no %(element)s.")
            extension.refuse("extension_value", element, message % {"element": element})
            return None
        return extension


def written(base: str, name: str, element: str, value: object) -> dict[str, object]:
    """One extension as FHIR has it."""
    return {"url": base + name, element: value}


def length(value_mm: Decimal) -> dict[str, object]:
    """A length as a quantity in mm."""
    return {"value": value_mm, "unit": MM, "system": UCUM, "code": MM}
