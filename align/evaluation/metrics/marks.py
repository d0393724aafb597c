"""How far an estimated time map is from the marks of an annotation.

The map is read at each annotated cover time; the error is the difference in reference time
divided by the local slope of the annotation, so it is in seconds of the cover and each occurrence
of a repeat is judged. Up to half a second outside a segment a mark is extrapolated.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.datasets.truth import Annotation, SectionTruth
from catalog.time_map import Segment, TimeMap

Seconds = npt.NDArray[np.float64]
Milliseconds = npt.NDArray[np.float64]

EXTRAPOLATED_S = 0.5
ROUNDING_S = 0.001
"""A mark this little before a section's start belongs to it: files are rounded."""
USUAL_HALF_BEAT_MS = 250.0
"""Half a beat at 120 beats a minute, where an annotation does not tell beats."""


def mark_errors(estimate: TimeMap, annotation: Annotation) -> Milliseconds:
    """Signed error of each mark in ms of the cover, infinite where unmapped, (marks,)."""
    off_s = read_marks(estimate, annotation) - annotation.reference_s
    return np.where(np.isnan(off_s), np.inf, 1000 * off_s / slopes(annotation))


def read_marks(estimate: TimeMap, annotation: Annotation) -> Seconds:
    """Reference time that the map gives at each mark, NaN where unmapped, (marks,)."""
    read = [read_map(estimate, float(cover_s)) for cover_s in annotation.cover_s]
    return np.array([np.nan if each is None else each for each in read])


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


def slopes(annotation: Annotation) -> npt.NDArray[np.float64]:
    """Seconds of reference per second of cover around each mark, 1 for a mark alone, (marks,)."""
    return np.array([_slope(annotation, mark) for mark in range(len(annotation.cover_s))])


def half_beats_ms(annotation: Annotation) -> Milliseconds | None:
    """Half the cover's beat at each mark, infinite for a mark alone, (marks,).

    `None` where nobody knows how many beats pass from mark to mark.
    """
    if annotation.beats_per_mark is None:
        return None
    halves = np.full(len(annotation.cover_s), np.inf)
    for mark in range(len(halves)):
        gaps_s = np.diff(annotation.cover_s[annotation.same_segment(mark)])
        if len(gaps_s):
            halves[mark] = 1000 * gaps_s.min() / annotation.beats_per_mark / 2
    return halves


def wrong_section_share(
    estimate: TimeMap, annotation: Annotation, sections: SectionTruth
) -> float | None:
    """Share of marks mapped into another section of the Reference than the truth's.

    A mark is wrong when it is unmapped, or mapped more than half a beat (0.25 s where beats are
    unknown) outside the span of the section that it belongs to. Marks outside every section are
    not judged; `None` without any.
    """
    starts_s, ends_s = sections.spans_s[:, 0], sections.spans_s[:, 1]
    section = np.searchsorted(starts_s, annotation.reference_s + ROUNDING_S, side="right") - 1
    judged = (section >= 0) & (annotation.reference_s <= ends_s[section] + ROUNDING_S)
    if not judged.any():
        return None
    read_s = read_marks(estimate, annotation)
    halves_ms = half_beats_ms(annotation)
    leeway_s = (USUAL_HALF_BEAT_MS if halves_ms is None else halves_ms) / 1000 * slopes(annotation)
    inside = (read_s >= starts_s[section] - leeway_s) & (read_s <= ends_s[section] + leeway_s)
    return float(np.mean(~inside[judged]))


def _distance_s(segment: Segment, cover_s: float) -> float:
    return max(segment.start_s - cover_s, cover_s - segment.end_s, 0.0)


def _slope(annotation: Annotation, mark: int) -> float:
    near = annotation.same_segment(mark)
    run_s = annotation.cover_s[near[-1]] - annotation.cover_s[near[0]]
    if run_s <= 0:
        return 1.0
    return float((annotation.reference_s[near[-1]] - annotation.reference_s[near[0]]) / run_s)
