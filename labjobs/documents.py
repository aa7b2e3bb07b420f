"""The job ticket: A6 for the tray or 80 mm from a roll. No price; the powers so large that nobody misreads them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import barcode
from barcode.writer import SVGWriter
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Organisation
from core import formats
from core import pdf as core_pdf
from core.drawing import Drawing, draw
from labjobs import states
from labjobs.models import Job
from labjobs.selectors import board, page
from labjobs.sketch import blank_words, sketch_of
from orders.models import FrameStatus
from orders.services.common import local

SIZES = ("a6", "80mm")


def bars_of(code: str) -> list[tuple[int, int]]:
    """Code 128 of a tray as (start, width) of each bar in modules, quiet zones of ten included."""
    modules = barcode.get("code128", code, writer=SVGWriter()).build()[0]
    bars, start = [], None
    for place, module in enumerate(f"{modules}0"):
        if module == "1" and start is None:
            start = place
        elif module == "0" and start is not None:
            bars.append((10 + start, place - start))
            start = None
    return bars


def context_of(job: Job, printed_by: str, size: str) -> dict[str, Any]:
    """What the ticket says: as released, from the job's frozen values."""
    code = job.tray.code if job.tray else job.number
    bars = bars_of(code)
    return {
        "job": job,
        "code": code,
        "bars": bars,
        "width": bars[-1][0] + bars[-1][1] + 10,
        "rx": page.rx_rows(job.values),
        "rx_columns": ("SPH", "CYL", "AXIS", "ADD"),
        "measures": page.measures(job.values),
        "rx_words": _rx_words(job.values),
        "lenses": page.lens_words(job.values),
        "frame": job.values.get("frame") or {},
        "frame_status": FrameStatus(status).label if (status := (job.values.get("frame") or {}).get("status")) else "",
        "worn": _as_worn(job.values),
        "drawing": drawing_of(job.values),
        "stages": [board.STAGE_WORDS[stage] for stage in states.WAY[job.lab.kind][1:]],
        "printed_at": local(job.branch, timezone.now()),
        "printed_by": printed_by,
        "practice": Organisation.objects.first(),
        "size": size,
    }


def _rx_words(values: dict[str, Any]) -> str:
    """`Rx version 1, Fri 20 Nov`: the day it was issued, where the job froze it."""
    rx = values.get("prescription") or {}
    if not rx:
        return ""
    words = _("Rx version %(n)s") % {"n": rx["version"]}
    issued = rx.get("issued_on")
    return f"{words}, {formats.day(date.fromisoformat(issued), today=date.min)}" if issued else words


def _as_worn(values: dict[str, Any]) -> str:
    """`BVD 13.0 · tilt 9° · wrap 5° · ED 55 · blank R 64, L 65`: what was measured, and the least blanks that follow."""
    taken, frame = values.get("measurement") or {}, values.get("frame") or {}
    blanks = blank_words(values)
    parts = [
        (_("BVD %(n)s"), taken.get("vertex_mm")),
        (_("tilt %(n)s°"), taken.get("tilt_deg")),
        (_("wrap %(n)s°"), taken.get("wrap_deg")),
        (_("A %(n)s"), frame.get("a_mm")),
        (_("B %(n)s"), frame.get("b_mm")),
        (_("DBL %(n)s"), frame.get("dbl_mm")),
        (_("ED %(n)s"), frame.get("ed_mm")),
    ]
    said = [words % {"n": _short(value)} for words, value in parts if value]
    return " · ".join([*said, blanks] if blanks else said)


def _short(value: str) -> str:
    return value.rstrip("0").rstrip(".") if "." in value else value


def drawing_of(values: dict[str, Any]) -> Drawing | None:
    """The drawing with its strokes as attributes: a page engine for paper reads no style inside a picture."""
    sketch = sketch_of(values)
    return draw(sketch, dimensions=False) if sketch else None


def html(job: Job, printed_by: str, size: str = "a6", *, for_pdf: bool = False) -> str:
    """The ticket as a page, in the time zone of the branch that sold it."""
    with timezone.override(job.branch.time_zone):
        return render_to_string("documents/ticket.html", context_of(job, printed_by, size) | {"for_pdf": for_pdf})


def pdf(job: Job, printed_by: str, size: str = "a6") -> bytes:
    """One page of paper. Nothing is fetched."""
    page_html = html(job, printed_by, size, for_pdf=True)
    return core_pdf.render(page_html)


def sheets(jobs: Sequence[Job], printed_by: str) -> str:
    """The tickets of several jobs, one A6 sheet each, to be printed from the browser."""
    tickets = [context_of(job, printed_by, "a6") for job in jobs]
    return render_to_string("documents/tickets.html", {"tickets": tickets, "practice": Organisation.objects.first()})
