"""The second net: the structure of FHIR as `fhir.resources` knows it, for what our own reader does not look at."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .findings import Report

if TYPE_CHECKING:
    from pydantic import BaseModel

MOST_FINDINGS = 20


@cache
def _model(version: str) -> "type[BaseModel]":
    """The structure of a version. The library is loaded when the first document comes: it takes nine megabytes."""
    from fhir.resources.R4B.visionprescription import VisionPrescription as VisionPrescriptionR4B
    from fhir.resources.visionprescription import VisionPrescription as VisionPrescriptionR5

    models: dict[str, type[BaseModel]] = {"R4B": VisionPrescriptionR4B, "R5": VisionPrescriptionR5}
    return models[version]


def check(values: Mapping[str, object], version: str, report: Report) -> None:
    """Add what the library finds wrong to the report, where nothing is said of that place yet."""
    known = tuple(problem.path for problem in report.problems if problem.path)
    for path, detail in faults(values, version)[:MOST_FINDINGS]:
        if not path.startswith(known) and not any(place.startswith(path) for place in known):
            message = _("This does not follow FHIR %(version)s: %(detail)s.")
            report.problem("fhir", path, message % {"version": version, "detail": detail})


def faults(values: Mapping[str, object], version: str) -> list[tuple[str, str]]:
    """Path and reason of each fault in the structure. Contained resources are not looked at: we take nothing from them."""
    from pydantic import ValidationError

    looked_at = {name: value for name, value in values.items() if name != "contained"}
    try:
        _model(version).model_validate(looked_at)
    except ValidationError as error:
        return [(_path(fault["loc"]), fault["msg"].rstrip(".")) for fault in error.errors(include_context=False)]
    return []


def _path(location: tuple[int | str, ...]) -> str:
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")
