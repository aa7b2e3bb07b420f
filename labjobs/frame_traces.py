"""The catalogue measures a frame by a tracer's file without knowing the format: here is its reader."""

from typing import Any

from django.utils.translation import gettext as _

from catalogue.shapes import ReadTrace
from core.errors import DomainError
from labjobs.exchange import frame_file
from labjobs.exchange.traces import Trace, TraceSet


def read(content: bytes) -> ReadTrace:
    """The outlines of a file as the catalogue keeps them. Raises DomainError for a file without one that we can read."""
    found = frame_file.read(content)
    stored = _stored(found.traces)
    if not stored:
        opaque = found.traces.opaque
        message = (
            _("The trace is in format %(format)s, which only the laboratory's machines read.")
            % {"format": opaque[0].format}
            if opaque
            else _("The file holds no outline.")
        )
        raise DomainError(message, code="no_outline", fields={"file": message})
    return ReadTrace(stored, found.frame.dbl_mm, found.notes)


def _stored(found: TraceSet) -> dict[str, Any]:
    sides = {"right": found.right, "left": found.left}
    return {name: _side(trace) for name, trace in sides.items() if trace is not None}


def _side(trace: Trace) -> dict[str, Any]:
    angles = None if trace.angles_hundredths is None else list(trace.angles_hundredths)
    return {"radii": list(trace.radii_hundredths), "angles": angles, "traced": trace.traced}
