"""The picture of the frame inside an e-mail: the shop's photo, else a drawing to scale from the frame's own measures.

A message names its picture, `frame:<id>` or a file of the storage, and the bytes go into the e-mail itself: mail programs
show no picture that they would have to fetch.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.core.files.storage import default_storage
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path
from PIL import Image, ImageDraw, UnidentifiedImageError

from catalogue.models import Frame
from catalogue.shapes import shape_of
from core.drawing import FrameSketch, draw
from lensmath.prism import Eye

WIDTH = 640  # shown at 320: sharp on a telephone
_OVERSAMPLE, _CURVE_STEPS, _PADDING = 2, 16, 24
_PAPER, _GLASS, _INK = "#eef2f9", "#ffffff", "#14181f"
_DRAWN, SAMPLE = "frame:", "sample"
_SAMPLE_SKETCH = FrameSketch(Decimal(52), Decimal(38), Decimal(18))
_LARGEST_FILE, _KNOWN = 600_000, {"PNG": "png", "JPEG": "jpeg", "GIF": "gif"}

Point = tuple[float, float]


def reference(frame: Frame) -> str:
    """What a message keeps of its picture."""
    return str(frame.image.name) if frame.image and read(str(frame.image.name)) else f"{_DRAWN}{frame.pk}"


def read(name: str) -> tuple[bytes, str] | None:
    """(bytes, subtype such as png); None when there is no picture that a mail program shows."""
    if name == SAMPLE:
        return png(_SAMPLE_SKETCH), "png"
    if name.startswith(_DRAWN):
        frame = Frame.objects.filter(pk=int(name.removeprefix(_DRAWN))).first()
        return (png(sketch_of(frame)), "png") if frame is not None else None
    return _of_file(name) if name else None


def _of_file(name: str) -> tuple[bytes, str] | None:
    if not default_storage.exists(name) or default_storage.size(name) > _LARGEST_FILE:
        return None
    with default_storage.open(name) as file:
        content = file.read()
    try:
        with Image.open(BytesIO(content)) as image:
            kind = _KNOWN.get(image.format or "")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        return None
    return (content, kind) if kind else None


def sketch_of(frame: Frame) -> FrameSketch:
    """Box and outline only: no mark of anybody's eyes."""
    return FrameSketch(
        frame.a_mm,
        frame.b_mm,
        frame.dbl_mm,
        right_shape=shape_of(frame.trace, Eye.RIGHT),
        left_shape=shape_of(frame.trace, Eye.LEFT),
    )


class _Points(BasePen):  # type: ignore[misc]  # the library has no types
    """The points of a path, curves as short lines."""

    def __init__(self) -> None:
        super().__init__(glyphSet=None)
        self.lines: list[list[Point]] = []

    def _moveTo(self, pt: Point) -> None:  # noqa: N802
        self.lines.append([pt])

    def _lineTo(self, pt: Point) -> None:  # noqa: N802
        self.lines[-1].append(pt)

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:  # noqa: N802
        start = self.lines[-1][-1]
        for step in range(1, _CURVE_STEPS + 1):
            t = step / _CURVE_STEPS
            parts = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3)
            x, y = (sum(w * p[i] for w, p in zip(parts, (start, pt1, pt2, pt3), strict=True)) for i in (0, 1))
            self.lines[-1].append((x, y))


@lru_cache(maxsize=128)
def png(sketch: FrameSketch) -> bytes:
    """The frame from the front on a quiet ground, 640 pixels wide."""
    drawing = draw(sketch, dimensions=False)
    left, top, width, height = (float(part) for part in drawing.view_box.split())
    scale = (WIDTH - 2 * _PADDING) * _OVERSAMPLE / width
    size = (WIDTH * _OVERSAMPLE, round(height * scale) + 2 * _PADDING * _OVERSAMPLE)
    image = Image.new("RGB", size, _PAPER)
    brush = ImageDraw.Draw(image)

    def at(point: Point) -> Point:
        edge = _PADDING * _OVERSAMPLE
        return (point[0] - left) * scale + edge, (point[1] - top) * scale + edge

    for line in drawing.lines:
        for points in _points_of(line.path):
            _stroke(brush, [at(point) for point in points], closed=line.kind == "rim")
    smaller = image.resize((WIDTH, size[1] // _OVERSAMPLE), Image.Resampling.LANCZOS)
    out = BytesIO()
    smaller.convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(out, "PNG", optimize=True)
    return out.getvalue()


def _points_of(path: str) -> Sequence[Sequence[Point]]:
    pen: Any = _Points()
    parse_path(path, pen)
    found: list[list[Point]] = pen.lines
    return found


def _stroke(brush: ImageDraw.ImageDraw, points: Sequence[Point], *, closed: bool) -> None:
    width = 4 * _OVERSAMPLE
    if closed:
        brush.polygon(points, fill=_GLASS)
        points = [*points, points[0]]
    brush.line(points, fill=_INK, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        brush.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=_INK)
