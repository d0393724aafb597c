"""Time maps carried from one Reference's timeline to another's, by the map between the two."""

from __future__ import annotations

import numpy as np

from catalog.time_map import Array, Segment, TimeMap

SHORTEST_S = 0.05
"""A stretch that is shorter is not carried over; knots that are closer than a tenth of it fall
together when they are written."""

Span = tuple[float, float]


def carry_over(time_map: TimeMap, bridge: TimeMap) -> TimeMap:
    """A cover's map onto another Reference, exact where both maps are.

    Parameters
    ----------
    time_map
        the cover's, onto the Reference that was
    bridge
        of the Reference that will be, as a cover of the one that was

    Returns
    -------
    TimeMap
        of the cover onto the Reference that will be. What that one leaves out is unmapped; what
        it plays several times is mapped onto the longest stretch. Confidence is the product.
    """
    carried = [piece for each in time_map.segments for piece in _carry(each, bridge)]
    return TimeMap(tuple(sorted(carried, key=lambda piece: piece.start_s)))


def _carry(segment: Segment, bridge: TimeMap) -> list[Segment]:
    free: list[Span] = [(float(segment.reference_s[0]), float(segment.reference_s[-1]))]
    carried = []
    by_length = sorted(bridge.segments, key=lambda link: -_length(_common(free[0], _span(link))))
    for link in by_length:
        shared = [_common(each, _span(link)) for each in free]
        carried += [_join(segment, link, each) for each in shared if _length(each) >= SHORTEST_S]
        free = [part for each in free for part in without(each, _span(link))]
    return carried


def _span(link: Segment) -> Span:
    return float(link.reference_s[0]), float(link.reference_s[-1])


def _common(one: Span, other: Span) -> Span:
    return max(one[0], other[0]), min(one[1], other[1])


def _length(span: Span) -> float:
    return span[1] - span[0]


def without(span: Span, taken: Span) -> list[Span]:
    """What is left of a span."""
    parts = (span[0], min(span[1], taken[0])), (max(span[0], taken[1]), span[1])
    return [each for each in parts if _length(each) > 0]


def _join(segment: Segment, link: Segment, span: Span) -> Segment:
    """Both maps over a stretch of the old Reference, with the knots of both."""
    between = np.concatenate([segment.reference_s, link.reference_s])
    inside = between[(between > span[0]) & (between < span[1])]
    knots_s = _apart(np.unique(np.concatenate([[span[0], span[1]], inside])))
    return Segment.of(
        np.interp(knots_s, link.reference_s, link.cover_s),
        np.interp(knots_s, segment.reference_s, segment.cover_s),
        np.interp(knots_s, segment.reference_s, segment.confidence)
        * np.interp(knots_s, link.reference_s, link.confidence),
    )


def _apart(knots_s: Array) -> Array:
    """Without knots that stand a hair's breadth behind another; both ends stay."""
    kept = [knots_s[0]]
    for knot_s in knots_s[1:-1]:
        if min(knot_s - kept[-1], knots_s[-1] - knot_s) >= SHORTEST_S / 10:
            kept.append(knot_s)
    return np.array([*kept, knots_s[-1]])
