"""The warp plot as a curator reads it: axes, confidence from knot to knot, what is not the song.

Cover time rises over reference time. Where the cover has nothing of the song, a band is hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from catalog.correction_models import Anchor
from catalog.time_map import Segment, TimeMap
from webapp.warp_plot import FAIR, SURE

WIDTH, HEIGHT = 640, 380
LEFT, BOTTOM, RIGHT, TOP = 44, 26, 6, 6
STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600)
MOST_TICKS = 7
LEAST_BAND_S = 0.3


@dataclass(frozen=True)
class Tick:
    """A labelled moment on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Band:
    """Cover time that is not the song, as a hatched band."""

    top: float
    height: float


@dataclass(frozen=True)
class ReviewPlot:
    """All that the plot shows, in its own units."""

    strokes: tuple[tuple[str, str], ...]
    bands: tuple[Band, ...]
    sections: tuple[tuple[float, float, str], ...]
    reference_ticks: tuple[Tick, ...]
    cover_ticks: tuple[Tick, ...]
    anchors: tuple[tuple[float, float], ...]
    reference_s: float
    cover_s: float
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    top: int = TOP
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class _Axes:
    reference_s: float
    cover_s: float

    def x(self, reference_s: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * reference_s / self.reference_s, 1)

    def y(self, cover_s: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * cover_s / self.cover_s, 1)


def draw_review(
    time_map: TimeMap,
    *,
    reference_s: float,
    cover_s: float,
    sections: Sequence[tuple[float, float, str]] = (),
    anchors: Sequence[Anchor] = (),
) -> ReviewPlot:
    """Draw a cover's map over its reference; durations in seconds."""
    axes = _Axes(max(reference_s, 1.0), max(cover_s, 1.0))
    return ReviewPlot(
        strokes=tuple(each for segment in time_map.segments for each in _strokes(segment, axes)),
        bands=tuple(_bands(time_map, axes)),
        sections=tuple(
            (axes.x(start_s), axes.x(end_s) - axes.x(start_s), label)
            for start_s, end_s, label in sections
        ),
        reference_ticks=tuple(Tick(axes.x(at), text) for at, text in _ticks(axes.reference_s)),
        cover_ticks=tuple(Tick(axes.y(at), text) for at, text in _ticks(axes.cover_s)),
        anchors=tuple((axes.x(each.reference_s), axes.y(each.cover_s)) for each in anchors),
        reference_s=axes.reference_s,
        cover_s=axes.cover_s,
    )


def _kind(confidence: float) -> str:
    return "sure" if confidence >= SURE else "fair" if confidence >= FAIR else "weak"


def _strokes(segment: Segment, axes: _Axes) -> list[tuple[str, str]]:
    """One path for each run of knots that are equally sure."""
    steps = [
        (_kind(min(segment.confidence[knot], segment.confidence[knot + 1])), knot)
        for knot in range(len(segment.cover_s) - 1)
    ]
    strokes = []
    for kind, run in groupby(steps, key=lambda step: step[0]):
        knots = [knot for _, knot in run]
        points = [
            f"{axes.x(float(segment.reference_s[knot]))} {axes.y(float(segment.cover_s[knot]))}"
            for knot in (*knots, knots[-1] + 1)
        ]
        strokes.append(("M" + "L".join(points), kind))
    return strokes


def _bands(time_map: TimeMap, axes: _Axes) -> list[Band]:
    edges = [0.0]
    for segment in time_map.segments:
        edges += [segment.start_s, segment.end_s]
    edges.append(axes.cover_s)
    return [
        Band(axes.y(end_s), round(axes.y(start_s) - axes.y(end_s), 1))
        for start_s, end_s in list(pairwise(edges))[::2]
        if end_s - start_s >= LEAST_BAND_S
    ]


def _ticks(duration_s: float) -> list[tuple[float, str]]:
    step_s = next((each for each in STEPS_S if duration_s / each <= MOST_TICKS), STEPS_S[-1])
    return [
        (float(at), f"{at // 60}:{at % 60:02d}") for at in range(0, int(duration_s) + 1, step_s)
    ]
