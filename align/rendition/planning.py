"""A cover's time map -> the legs of its rendition: straight stretches, each played at one rate.

A rendition's time is the Reference's, so its own map is the identity wherever it has sound. Where
a part of the song comes twice in the cover, the first one is taken; what the cover lacks, the
rendition lacks too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from catalog.map_composition import without
from catalog.time_map import Array, Segment, TimeMap

TOLERANCE_S = 0.002
"""Knots this near to a straight line need no leg of their own: every joint costs some sound."""
SHORTEST_LEG_S = 0.1
LONGEST_LEG_S = 40.0
"""Bounds the memory that stretching takes."""
SHORTEST_SPAN_S = 1.0
"""A scrap that is left between two other spans is not worth hearing."""
SLOWEST, FASTEST = 0.25, 4.0
"""Beyond these rates, in seconds of cover per second of reference, nothing is left to enjoy."""


@dataclass(frozen=True)
class Leg:
    """A stretch of the cover and the time of the Reference over which it is played.

    Attributes:
        confidence: mean of the map's knots in it, 0..1
    """

    start_s: float
    end_s: float
    cover_start_s: float
    cover_end_s: float
    confidence: float

    @property
    def rate(self) -> float:
        """Seconds of cover per second of reference."""
        return (self.cover_end_s - self.cover_start_s) / (self.end_s - self.start_s)


def plan_legs(time_map: TimeMap) -> tuple[Leg, ...]:
    """The legs in the order of the Reference's time, without overlap; none for an empty map."""
    legs: list[Leg] = []
    taken: list[tuple[float, float]] = []
    for segment in time_map.segments:
        span = (float(segment.reference_s[0]), float(segment.reference_s[-1]))
        parts = [span]
        for each in taken:
            parts = [left for part in parts for left in without(part, each)]
        for start_s, end_s in parts:
            if end_s - start_s >= SHORTEST_SPAN_S:
                legs += _legs_between(segment, start_s, end_s)
        taken.append(span)
    usable = (leg for leg in legs if SLOWEST <= leg.rate <= FASTEST)
    return tuple(sorted(usable, key=lambda leg: leg.start_s))


def rendition_map(legs: tuple[Leg, ...]) -> TimeMap:
    """The map of the rendition itself: the identity over every unbroken run of legs."""
    return TimeMap(tuple(_identity(run) for run in unbroken_runs(legs)))


def unbroken_runs(legs: tuple[Leg, ...]) -> Iterator[list[Leg]]:
    """Legs that follow one another without a gap in the Reference's time."""
    run: list[Leg] = []
    for leg in legs:
        if run and leg.start_s > run[-1].end_s:
            yield run
            run = []
        run.append(leg)
    if run:
        yield run


def _identity(run: list[Leg]) -> Segment:
    both = [run[0].start_s, run[-1].end_s]
    lengths = [leg.end_s - leg.start_s for leg in run]
    confidence = float(np.average([leg.confidence for leg in run], weights=lengths))
    return Segment.of(both, both, [confidence, confidence])


def _legs_between(segment: Segment, start_s: float, end_s: float) -> list[Leg]:
    reference_s = _knots_between(segment.reference_s, start_s, end_s)
    cover_s = np.interp(reference_s, segment.reference_s, segment.cover_s)
    confidence = np.interp(reference_s, segment.reference_s, segment.confidence)
    legs, first = [], 0
    while first < len(reference_s) - 1:
        last = _reach(reference_s, cover_s, first)
        legs.append(
            Leg(
                float(reference_s[first]),
                float(reference_s[last]),
                float(cover_s[first]),
                float(cover_s[last]),
                float(confidence[first : last + 1].mean()),
            )
        )
        first = last
    return legs


def _knots_between(knots_s: Array, start_s: float, end_s: float) -> Array:
    """Both ends, and the knots between them that keep their distance."""
    kept = [start_s]
    for knot_s in knots_s:
        if kept[-1] + SHORTEST_LEG_S <= knot_s <= end_s - SHORTEST_LEG_S:
            kept.append(float(knot_s))
    return np.array([*kept, end_s])


def _reach(reference_s: Array, cover_s: Array, first: int) -> int:
    """The last knot that one straight leg from `first` reaches while it passes by all between."""
    last = first + 1
    while last + 1 < len(reference_s) and _is_straight(reference_s, cover_s, first, last + 1):
        last += 1
    return last


def _is_straight(reference_s: Array, cover_s: Array, first: int, last: int) -> bool:
    if reference_s[last] - reference_s[first] > LONGEST_LEG_S:
        return False
    inner = slice(first + 1, last)
    ends = [first, last]
    on_line_s = np.interp(cover_s[inner], cover_s[ends], reference_s[ends])
    return bool(np.all(np.abs(on_line_s - reference_s[inner]) <= TOLERANCE_S))
