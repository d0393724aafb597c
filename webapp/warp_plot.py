"""The warp plot as SVG paths: cover time over reference time, coloured by confidence.

It is the emblem of the whole product; `static/warp-plot.js` draws the same in the browser.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Alignment
from catalog.time_map import Segment, TimeMap

SURE = 0.75
FAIR = 0.4
MOST_KNOTS = 60
MARGIN_SHARE = 0.06
ROW = 56
"""Size of a plot in a row of a table."""


@dataclass(frozen=True)
class Stroke:
    """One line of a plot: path data and how sure the map is there (`sure`, `fair`, `weak`)."""

    path: str
    kind: str


@dataclass(frozen=True)
class WarpPlot:
    """Strokes within a square of `size` by `size`."""

    size: int
    strokes: tuple[Stroke, ...]


def draw(maps: Sequence[TimeMap], *, size: int) -> WarpPlot:
    """Draw one or several covers' maps into one square, each scaled to its own length."""
    segments = [segment for each in maps for segment in each.segments]
    longest_s = max((float(each.reference_s[-1]) for each in segments), default=1.0)
    strokes = [
        Stroke(_path(segment, size, longest_s, _cover_span(each)), _kind(segment))
        for each in maps
        for segment in each.segments
    ]
    return WarpPlot(size, tuple(strokes))


def draw_in_row(alignment: Alignment | None) -> WarpPlot | None:
    """A cover's plot as tables show it, `None` where there is no map."""
    if alignment is None or not alignment.has_map:
        return None
    return draw([alignment.time_map], size=ROW)


def _cover_span(time_map: TimeMap) -> tuple[float, float]:
    return time_map.segments[0].start_s, time_map.segments[-1].end_s


def _kind(segment: Segment) -> str:
    mean = float(segment.confidence.mean())
    return "sure" if mean >= SURE else "fair" if mean >= FAIR else "weak"


def _path(segment: Segment, size: int, longest_s: float, cover_span: tuple[float, float]) -> str:
    margin = size * MARGIN_SHARE
    room = size - 2 * margin
    start_s, end_s = cover_span
    every = max(1, len(segment.cover_s) // MOST_KNOTS)
    knots = list(zip(segment.reference_s, segment.cover_s, strict=True))
    points = [*knots[:-1:every], knots[-1]]
    return "M" + "L".join(
        f"{margin + room * reference_s / longest_s:.1f} "
        f"{size - margin - room * (cover_s - start_s) / (end_s - start_s):.1f}"
        for reference_s, cover_s in points
    )
