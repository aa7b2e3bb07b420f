"""Reads a tracer's file for the catalogue, which keeps outlines but knows no file format."""

from typing import Any

from catalogue.shapes import ReadTrace
from core.errors import DomainError
from django.utils.translation import gettext as _
from labjobs.exchange import frame_file
from labjobs.exchange.traces import Trace


def read(content: bytes) -> ReadTrace:
    """The outlines of an OMA/DCS file. Raises DomainError for a file without an outline that can be read."""
    found = frame_file.read(content)
    stored = {name: _stored(trace) for name, trace in (("right", found.traces.right), ("left", found.traces.left)) if trace}
    if not stored:
        message = _("The file holds no outline that can be read.")
        raise DomainError(message, code="no_trace", fields={"file": message})
    return ReadTrace(stored, found.frame.dbl_mm, found.notes)


def _stored(trace: Trace) -> dict[str, Any]:
    angles = list(trace.angles_hundredths) if trace.angles_hundredths is not None else None
    return {"radii": list(trace.radii_hundredths), "angles": angles, "traced": trace.traced}
