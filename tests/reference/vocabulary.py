"""The words of the worked cases as the product's values.

Text is what an optician would see and goes through the product's parser and printer; numbers are exact values.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lensmath.notation import format_power, parse_power
from lensmath.numbers import ZERO, exact
from lensmath.powers import EyePower
from lensmath.prism import Eye

Input = Mapping[str, Any]
EYES = {"R": Eye.RIGHT, "L": Eye.LEFT, "right": Eye.RIGHT, "left": Eye.LEFT, "OD": Eye.RIGHT, "OS": Eye.LEFT}
SIDE = {Eye.RIGHT: "R", Eye.LEFT: "L"}


def number(value: Any) -> Decimal | None:
    """A case's number, or its text as the product reads it."""
    if value is None or value == "":
        return None
    return parse_power(value) if isinstance(value, str) else exact(value)


def amount(value: Any) -> Decimal:
    """A number that is missing only when it is nothing."""
    return number(value) or ZERO


def written(value: Decimal | None, like: Any) -> Any:
    """The product's printed text where the case gave text, else the exact number."""
    return format_power(value) if value is not None and isinstance(like, str) else value


def eye_power(case: Input) -> EyePower:
    return EyePower.of(case["sphere"], case.get("cylinder"), case.get("axis"), case.get("add"))


def as_written(lens: EyePower, like: Input) -> dict[str, Any]:
    text = like["sphere"]
    return {"sphere": written(lens.sphere, text), "cylinder": written(lens.cylinder, text), "axis": lens.axis}


def on_eyes(case: Input) -> dict[str, Any]:
    return {name: case[name] for name in EYES if case.get(name) is not None}
