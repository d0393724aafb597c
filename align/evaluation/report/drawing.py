"""One style for all figures of the report: SVG that takes its colours from the page around it.

matplotlib draws with marker colours, which are then replaced by CSS variables, so that the same
figure reads in light, dark and print. The colours of methods are those of Okabe and Ito, which
colour-blind readers can tell apart; line styles differ too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Figure = Any
Axes = Any

INK, SOFT, RULE = "#010203", "#010204", "#010205"
SERIES = tuple(f"#0102{10 + each}" for each in range(8))
"""Colours of methods in the order in which they are named."""
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (6, 1.5, 1, 1.5)))
VARIABLES = {INK: "ink", SOFT: "soft", RULE: "rule"} | {
    colour: f"series-{place}" for place, colour in enumerate(SERIES)
}
STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
    "legend.handlelength": 2.4,
    "lines.linewidth": 1.7,
}
_NUMBERED_IDS = re.compile(r' id="[A-Za-z.]+2?[dD]?_\d+"')
"""Names that matplotlib gives to groups; nothing refers to them, and figures share one page."""
_PREAMBLE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)


@contextmanager
def styled() -> Iterator[None]:
    """Draw with the style of the report."""
    import matplotlib as mpl

    with mpl.rc_context(STYLE):
        yield


def new_figure(width: float, height: float, **options: Any) -> tuple[Figure, Any]:
    """A figure of so many inches with its axes, as `plt.subplots` but without global state."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as MatplotlibFigure

    figure = MatplotlibFigure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    return figure, figure.subplots(**options)


def to_svg(figure: Figure, title: str) -> str:
    """A figure as inline SVG with an accessible title, coloured by CSS variables."""
    import matplotlib as mpl
    from markupsafe import escape

    target = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": title}):
        figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
    drawing = _METADATA.sub("", _PREAMBLE.sub("", target.getvalue()))
    drawing = _NUMBERED_IDS.sub("", drawing)
    for colour, variable in VARIABLES.items():
        drawing = drawing.replace(colour, f"var(--{variable})")
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def line_of(place: int) -> dict[str, Any]:
    """Colour and dashes of the method at a place, another pair for each of the first 32."""
    dashes = (place // 2 + place // len(SERIES)) % len(DASHES)
    return {"color": SERIES[place % len(SERIES)], "ls": DASHES[dashes]}


def show_legend(axes: Axes) -> None:
    """A legend to the right of the axes, where it covers nothing."""
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0)


def clock(second: float, _: Any = None) -> str:
    """`1:05` for 65 seconds."""
    return f"{int(second) // 60}:{int(second) % 60:02d}"
