"""How far an estimated time map is from an annotation.

The map is read at each annotated cover time; the error is the difference in reference time
divided by the local slope of the annotation, so it is in seconds of the cover and each occurrence
of a repeat is judged. Up to half a second outside a segment a mark is extrapolated. A mark that
stays unmapped is a miss in every share and counts as `UNMAPPED_MS` in median and percentile.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.evaluation.truth import Annotation
from catalog.time_map import Segment, TimeMap

Milliseconds = npt.NDArray[np.float64]

EXTRAPOLATED_S = 0.5
UNMAPPED_MS = 10_000.0
TOLERANCES_MS = (25, 50, 70, 100, 200)
ATTRIBUTION_STEP_S = 0.05


@dataclass(frozen=True)
class CoverScores:
    """Scores of one cover; shares are in 0..1.

    Attributes:
        within: share of marks within each of `TOLERANCES_MS`
        wrong_beat: share of marks off by more than half a beat, the unmapped ones included
        attribution: share of labelled cover time wrongly called song or not song
    """

    median_ms: float
    p90_ms: float
    within: dict[int, float]
    unmapped: float
    wrong_beat: float
    attribution: float


def score_cover(estimate: TimeMap, annotation: Annotation) -> CoverScores:
    """All scores of one estimated map."""
    errors_ms = mark_errors(estimate, annotation)
    missing = np.isinf(errors_ms)
    sizes_ms = np.where(missing, UNMAPPED_MS, np.abs(errors_ms))
    return CoverScores(
        median_ms=float(np.median(sizes_ms)),
        p90_ms=float(np.percentile(sizes_ms, 90)),
        within={limit: float(np.mean(sizes_ms <= limit)) for limit in TOLERANCES_MS},
        unmapped=float(missing.mean()),
        wrong_beat=float(np.mean(sizes_ms > _half_beats_ms(annotation))),
        attribution=_attribution_error(estimate, annotation),
    )


def mark_errors(estimate: TimeMap, annotation: Annotation) -> Milliseconds:
    """Signed error of each mark in ms of the cover, infinite where unmapped, (marks,)."""
    errors_ms = np.full(len(annotation.cover_s), np.inf)
    for mark, cover_s in enumerate(annotation.cover_s):
        reference_s = read_map(estimate, float(cover_s))
        if reference_s is not None:
            off_s = reference_s - annotation.reference_s[mark]
            errors_ms[mark] = 1000 * off_s / _slope(annotation, mark)
    return errors_ms


def read_map(estimate: TimeMap, cover_s: float) -> float | None:
    """Reference time at a cover time, extrapolated up to half a second beyond a segment."""
    inside = estimate.reference_at(cover_s)
    if inside is not None or not estimate.segments:
        return inside
    nearest = min(estimate.segments, key=lambda each: _distance_s(each, cover_s))
    if _distance_s(nearest, cover_s) > EXTRAPOLATED_S:
        return None
    first, second = (0, 1) if cover_s < nearest.start_s else (-1, -2)
    rise = nearest.reference_s[first] - nearest.reference_s[second]
    slope = rise / (nearest.cover_s[first] - nearest.cover_s[second])
    return float(nearest.reference_s[first] + slope * (cover_s - nearest.cover_s[first]))


def _distance_s(segment: Segment, cover_s: float) -> float:
    return max(segment.start_s - cover_s, cover_s - segment.end_s, 0.0)


def _slope(annotation: Annotation, mark: int) -> float:
    """Seconds of reference per second of cover around a mark, 1 for a mark alone."""
    near = annotation.same_segment(mark)
    run_s = annotation.cover_s[near[-1]] - annotation.cover_s[near[0]]
    if run_s <= 0:
        return 1.0
    return float((annotation.reference_s[near[-1]] - annotation.reference_s[near[0]]) / run_s)


def _half_beats_ms(annotation: Annotation) -> Milliseconds:
    """Half the cover's beat at each mark, (marks,)."""
    halves = np.full(len(annotation.cover_s), np.inf)
    for mark in range(len(halves)):
        gaps_s = np.diff(annotation.cover_s[annotation.same_segment(mark)])
        if len(gaps_s):
            halves[mark] = 1000 * gaps_s.min() / annotation.beats_per_mark / 2
    return halves


def _attribution_error(estimate: TimeMap, annotation: Annotation) -> float:
    """Over annotated segments, which are song, and foreign spans, which are not."""
    wrong = total = 0
    for index in np.unique(annotation.segment):
        marks_s = annotation.cover_s[annotation.segment == index]
        heard = _is_mapped(estimate, float(marks_s[0]), float(marks_s[-1]))
        wrong, total = wrong + int((~heard).sum()), total + len(heard)
    for start_s, end_s in annotation.foreign_s:
        heard = _is_mapped(estimate, float(start_s), float(end_s))
        wrong, total = wrong + int(heard.sum()), total + len(heard)
    return wrong / max(total, 1)


def _is_mapped(estimate: TimeMap, start_s: float, end_s: float) -> npt.NDArray[np.bool_]:
    times_s = np.arange(start_s, end_s, ATTRIBUTION_STEP_S)
    return np.array([estimate.segment_at(float(each)) is not None for each in times_s], dtype=bool)
