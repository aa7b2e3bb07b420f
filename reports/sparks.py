"""Sparklines: a trend as small as a word, too small for a library to help. Five of them a page would cost more than the page."""

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString, mark_safe

_SPARK = '<svg class="spark" viewBox="0 0 120 34" preserveAspectRatio="none" aria-hidden="true">%s</svg>'


def spark(
    values: Sequence[float | None], target: float | None = None, opened: Sequence[bool] = ()
) -> SafeString | None:
    """A trend as small as a word, too small for a library to help; None with fewer than two values.

    A gap splits the line; a value alone between two gaps is a short dash. Whatever leads to or from an open value is dotted.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    reached = known if target is None else [*known, target]
    low, high = min(reached), max(reached)
    span, step = (high - low) or 1.0, 118 / max(1, len(values) - 1)
    heights = [None if value is None else 31 - 28 * (value - low) / span for value in values]
    places = [None if y is None else f"{1 + n * step:.1f},{y:.1f}" for n, y in enumerate(heights)]
    drawn = "".join((*_dashes(places), *_spark_lines(places, opened or [False] * len(places))))
    aim = "" if target is None else f'<path class="target" d="M0 {31 - 28 * (target - low) / span:.1f}H120" />'
    return mark_safe(_SPARK % (aim + drawn))  # noqa: S308 (numbers alone)


def _dashes(places: Sequence[str | None]) -> Iterator[str]:
    for before, place, after in zip([None, *places], places, [*places[1:], None], strict=False):
        if place is not None and before is None and after is None:
            x, y = place.split(",")
            left, right = max(0.0, float(x) - 4), min(120.0, float(x) + 4)
            yield f'<polyline points="{left:.1f},{y} {right:.1f},{y}" />'


def _spark_lines(places: Sequence[str | None], opened: Sequence[bool]) -> Iterator[str]:
    line: list[str] = []
    for n, place in enumerate(places):
        before = places[n - 1] if n else None
        is_open = place is not None and before is not None and (opened[n] or opened[n - 1])
        if is_open:
            yield f'<polyline class="open" points="{before} {place}" />'
        if place is None or is_open:
            yield from _spark_line(line)
            line = []
        if place is not None and not opened[n]:
            line.append(place)
    yield from _spark_line(line)


def _spark_line(line: Sequence[str]) -> Iterator[str]:
    if len(line) > 1:
        yield f'<polyline points="{" ".join(line)}" />'
