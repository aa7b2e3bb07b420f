"""The job ticket: A6 for the tray or 80 mm from a roll. No price; the powers so large that nobody misreads them."""

import io
from collections.abc import Sequence
from typing import Any

import barcode
from barcode.writer import SVGWriter
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Organisation
from catalogue.shapes import shape_of
from core import pdf as core_pdf
from core.drawing import Drawing, EyeMarks, FrameSketch, draw
from labjobs import states
from labjobs.models import Job
from labjobs.selectors import board, page
from lensmath.prism import Eye
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


def svg_of(code: str) -> str:
    """The same as a drawing of its own, for whoever prints labels elsewhere."""
    out = io.BytesIO()
    barcode.get("code128", code, writer=SVGWriter()).write(out)
    return out.getvalue().decode()


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
        "lenses": page.lens_words(job.values),
        "frame": job.values.get("frame") or {},
        "worn": _as_worn(job.values),
        "drawing": drawing_of(job.values),
        "stages": [board.STAGE_WORDS[stage] for stage in states.WAY[job.lab.kind][1:]],
        "printed_at": local(job.branch, timezone.now()),
        "printed_by": printed_by,
        "practice": Organisation.objects.first(),
        "size": size,
    }


def _as_worn(values: dict[str, Any]) -> str:
    """`BVD 13.0 · tilt 9° · wrap 5° · ED 55`: what was measured, nothing else."""
    taken, frame = values.get("measurement") or {}, values.get("frame") or {}
    parts = [
        (_("BVD %(n)s"), taken.get("vertex_mm")),
        (_("tilt %(n)s°"), taken.get("tilt_deg")),
        (_("wrap %(n)s°"), taken.get("wrap_deg")),
        (_("A %(n)s"), frame.get("a_mm")),
        (_("B %(n)s"), frame.get("b_mm")),
        (_("DBL %(n)s"), frame.get("dbl_mm")),
        (_("ED %(n)s"), frame.get("ed_mm")),
    ]
    return " · ".join(words % {"n": _short(value)} for words, value in parts if value)


def _short(value: str) -> str:
    return value.rstrip("0").rstrip(".") if "." in value else value


def drawing_of(values: dict[str, Any]) -> Drawing | None:
    """The drawing with its strokes as attributes: a page engine for paper reads no style inside a picture."""
    sketch = sketch_of(values)
    return draw(sketch, dimensions=False) if sketch else None


def sketch_of(values: dict[str, Any]) -> FrameSketch | None:
    """The frame to scale with fitting crosses, where its box is known."""
    frame, taken = values.get("frame") or {}, values.get("measurement") or {}
    sizes = [page.number(frame.get(name)) for name in ("a_mm", "b_mm", "dbl_mm")]
    if any(size is None for size in sizes):
        return None
    a, b, dbl = (size for size in sizes if size is not None)
    marks = {
        side: EyeMarks(page.number(taken.get(f"{side}_far_pd_mm")), page.number(taken.get(f"{side}_height_mm")))
        for side in ("right", "left")
    }
    trace = frame.get("trace")
    return FrameSketch(a, b, dbl, marks["right"], marks["left"], shape_of(trace, Eye.RIGHT), shape_of(trace, Eye.LEFT))


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
