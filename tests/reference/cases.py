"""Worked cases from outside: where they are, and how a result is compared with what a case expects.

``REFERENCE_DATA`` names the folder (default: `../shared/data` beside the project). Every `optics/*.json` in it is run.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lensmath.tolerance.verdicts import Basis, Limit, Unit

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("REFERENCE_DATA") or ROOT.parent / "shared" / "data")
# Words about a result rather than a result; the values beside them are compared.
DESCRIPTIVE = frozenset({"rule"})
# Lists whose order says nothing: findings of a prescription, and lines of a file by the case's own note.
UNORDERED = frozenset({"codes", "oma_order_lines"})
# Results of which nothing may be left over: an element that is not expected is wrong in itself.
WHOLE = frozenset({"rx_to_fhir_lens"})
UNITS = {"prism dioptre": Unit.PRISM, "mm": Unit.MM, "degree": Unit.DEGREES, "D": Unit.DIOPTRES}
QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*(prism dioptre|mm|degree|D)s?(?![a-z])")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@dataclass(frozen=True)
class Limits:
    """The limits a judgement went by; a case may give the first as a number, or all of them in words."""

    values: tuple[Limit, ...]
    basis: Basis = Basis.ORDERED


@dataclass(frozen=True)
class Case:
    """One worked case."""

    id: str
    kind: str
    input: Any
    expected: Any
    tolerance: Decimal


def files() -> list[Path]:
    """The case files present, in order."""
    return sorted((FOLDER / "optics").glob("*.json"))


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in files() for case in _cases(json.loads(path.read_text(encoding="utf-8")))]


def _cases(document: Any) -> Iterator[Case]:
    for case in document["cases"] if isinstance(document, dict) else document:
        yield Case(case["id"], case["kind"], case["input"], case["expected"], Decimal(str(case.get("tolerance", 0))))


def differences(case: Case, actual: Any) -> list[str]:
    """Where a result is not what the case expects; empty when it is."""
    name = case.kind if case.kind in UNORDERED | WHOLE else ""
    return list(_compared(case.expected, actual, case.tolerance, name))


def _compared(expected: Any, actual: Any, tolerance: Decimal, name: str) -> Iterator[str]:
    last = name.rpartition(".")[2]
    if isinstance(actual, Limits):
        fits = _fits(expected, actual)
    elif isinstance(expected, dict):
        yield from _members(expected, actual, tolerance, name)
        return
    elif isinstance(expected, list):
        yield from _items(expected, actual, tolerance, name)
        return
    elif last == "error" and " " in str(
        expected
    ):  # a sentence of somebody else's program: that there is a refusal counts
        fits = bool(actual)
    elif expected is None or isinstance(expected, bool):
        fits = actual is expected
    elif isinstance(expected, str) and isinstance(actual, str):
        fits = expected == actual
    else:
        fits = _close(expected, actual, tolerance)
    if not fits:
        yield f"{name or 'result'}: expected {expected!r}, got {actual!r}"


def _members(expected: dict[str, Any], actual: Any, tolerance: Decimal, name: str) -> Iterator[str]:
    if not isinstance(actual, dict):
        yield f"{name or 'result'}: expected {expected!r}, got {actual!r}"
        return
    if name.partition(".")[0] in WHOLE:
        yield from (f"{name}.{key}: not expected" for key in actual.keys() - expected.keys())
    for key, value in expected.items():
        if key in DESCRIPTIVE:
            continue
        if key not in actual and value in (None, []):  # nothing there, and nothing expected
            continue
        if key not in actual:
            yield f"{name}.{key}: missing, expected {value!r}"
            continue
        yield from _compared(value, actual[key], tolerance, f"{name}.{key}")


def _items(expected: list[Any], actual: Any, tolerance: Decimal, name: str) -> Iterator[str]:
    if not isinstance(actual, (list, tuple)) or len(actual) != len(expected):
        yield f"{name or 'result'}: expected {expected!r}, got {actual!r}"
        return
    if name.rpartition(".")[2] in UNORDERED:
        expected, actual = sorted(expected), sorted(actual)
    for place, (want, got) in enumerate(zip(expected, actual, strict=True)):
        yield from _compared(want, got, tolerance, f"{name}.{place}")


def _close(expected: Any, actual: Any, tolerance: Decimal) -> bool:
    wanted, got = str(expected).strip(), str(actual).strip()
    if isinstance(actual, bool) or not (NUMBER.fullmatch(wanted) and re.fullmatch(r"[+-]?\d+(\.\d+)?(E-?\d+)?", got)):
        return False
    return abs(Decimal(wanted) - Decimal(got)) <= tolerance


def _fits(expected: Any, limits: Limits) -> bool:
    if expected is None:
        return not limits.values
    if NUMBER.fullmatch(str(expected).strip()):
        return bool(limits.values) and limits.values[0].value == Decimal(str(expected))
    stated = {Limit(Decimal(number), UNITS[unit]) for number, unit in QUANTITY.findall(str(expected))}
    if "verification" in str(expected):
        return limits.basis is Basis.VERIFICATION
    return stated <= set(limits.values)
