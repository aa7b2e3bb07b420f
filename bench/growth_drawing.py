"""The growth of cost as one drawing: milliseconds of each page and seconds of the rebuild over the orders, both by tens."""

from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from pygal.style import Style

_STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#14181f",
    foreground_strong="#14181f",
    foreground_subtle="#566070",
    font_family="sans-serif",
    colors=("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#6b6100", "#56b4e9", "#7a4b1e", "#14181f"),
)


def draw(rows: Sequence[Mapping[str, Any]]) -> str:
    """SVG of all sizes measured so far; each point carries its figures for hovering."""
    chart = pygal.XY(
        style=_STYLE, width=900, height=520, title="Cost of measures by orders (five years, three shops)", logarithmic=True,
        x_title="orders", y_title="p95 in milliseconds; rebuild in seconds", xrange=(5_000, 2_500_000),
        x_value_formatter=lambda value: f"{value:,.0f}", js=[], dots_size=4, legend_at_bottom=True, legend_at_bottom_columns=2,
        x_labels=[10_000, 100_000, 500_000, 2_000_000], disable_xml_declaration=True,
    )  # fmt: skip
    for name in rows[-1]["pages"] if rows else ():
        points = [(row["orders"], row["pages"][name][1]) for row in rows if name in row["pages"]]
        chart.add(name, points)
    chart.add("rebuild of one shop's 12 months, s", [(row["orders"], max(row["rebuild_seconds"], 0.1)) for row in rows])
    return str(chart.render(is_unicode=True))
