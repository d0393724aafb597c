"""Fine runs -> the time map: where runs begin and end exactly, and a knot at every beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.anchors import LEAST_GAP_S, Anchors
from align.refinement import FineRun
from align.runs import Run, touches
from catalog.time_map import Segment, TimeMap

Seconds = npt.NDArray[np.float64]

END_REACH_S, END_CONTRAST = 1.0, 0.05
"""How far an end may move, and the contrast below which a frame is not the song."""
LANDING_REACH_S, LANDING_LEAD_S = 0.4, 0.05
CONFIDENCE_SPAN_S = 6.0
EVEN_CONTRAST, CONTRAST_SPREAD = 0.09, 0.015
"""Contrast at which a knot is as likely right as wrong, read off ten covers."""


@dataclass(frozen=True)
class Span:
    """The stretch of the cover that a run is kept for."""

    start_s: float
    end_s: float


def build_time_map(
    runs: Sequence[Run], fine_runs: Sequence[FineRun], reference_beats_s: Seconds
) -> TimeMap:
    """Segments of all runs, with splices placed where the later run begins to fit better."""
    spans = _place_ends(runs, fine_runs, reference_beats_s)
    segments = []
    for span, run, fine in zip(spans, runs, fine_runs, strict=True):
        segment = _make_segment(fine, span, reference_beats_s)
        segment = _through_anchors(segment, run.anchors)
        if segment is not None:
            segments.append(segment)
    return TimeMap(tuple(segments))


def _place_ends(
    runs: Sequence[Run], fine_runs: Sequence[FineRun], reference_beats_s: Seconds
) -> list[Span]:
    starts = [_start_of_song(run.start_s, fine) for run, fine in zip(runs, fine_runs, strict=True)]
    ends = [_end_of_song(run.end_s, fine) for run, fine in zip(runs, fine_runs, strict=True)]
    for index in range(len(runs) - 1):
        if touches(runs[index], runs[index + 1]):
            splice_s = _splice(fine_runs[index], fine_runs[index + 1])
            if splice_s is not None:
                splice_s = _land_on_beat(splice_s, fine_runs[index + 1], reference_beats_s)
                ends[index] = starts[index + 1] = splice_s
    if runs:
        starts[0] = _reach_file_end(starts[0], fine_runs[0].cover_s[0])
        ends[-1] = _reach_file_end(ends[-1], fine_runs[-1].cover_s[-1])
    return _without_overlap(*_around_anchors(starts, ends, [run.anchors for run in runs]))


def _around_anchors(
    starts: Sequence[float], ends: Sequence[float], anchors: Sequence[Anchors]
) -> tuple[list[float], list[float]]:
    """Starts and ends, moved so that each span holds its run's anchors and no other's."""
    firsts = [float(own.cover_s[0]) if len(own) else np.inf for own in anchors]
    lasts = [float(own.cover_s[-1]) if len(own) else -np.inf for own in anchors]
    roomy_starts, roomy_ends = [], []
    for index, (start_s, end_s) in enumerate(zip(starts, ends, strict=True)):
        after_s = max(lasts[:index], default=-np.inf) + LANDING_LEAD_S
        before_s = min(firsts[index + 1 :], default=np.inf) - LANDING_LEAD_S
        roomy_starts.append(max(after_s, min(start_s, firsts[index] - LANDING_LEAD_S)))
        roomy_ends.append(min(before_s, max(end_s, lasts[index] + LANDING_LEAD_S)))
    return roomy_starts, roomy_ends


def _without_overlap(starts: Sequence[float], ends: Sequence[float]) -> list[Span]:
    """Spans in cover order; what two claim belongs to the earlier."""
    spans: list[Span] = []
    reached_s = -np.inf
    for start_s, end_s in zip(starts, ends, strict=True):
        free_s = max(start_s, float(reached_s))
        spans.append(Span(free_s, max(free_s, end_s)))
        reached_s = spans[-1].end_s
    return spans


def _start_of_song(coarse_s: float, fine: FineRun) -> float:
    """The time near a coarse start from which the run stands out most, all in all."""
    near = _near(coarse_s, fine)
    gain = (fine.contrast - END_CONTRAST)[near]
    return float(fine.cover_s[near][int(np.argmax(np.cumsum(gain[::-1])[::-1]))])


def _end_of_song(coarse_s: float, fine: FineRun) -> float:
    """The time near a coarse end up to which the run stands out most, all in all."""
    near = _near(coarse_s, fine)
    gain = (fine.contrast - END_CONTRAST)[near]
    return float(fine.cover_s[near][int(np.argmax(np.cumsum(gain)))])


def _near(coarse_s: float, fine: FineRun) -> npt.NDArray[np.bool_]:
    """Frames within reach of a coarse end, or of what is left of the run.

    A copy that goes on after its Reference has ended is locked only as far as that has sound.
    """
    within_s = np.clip(coarse_s, fine.cover_s[0], fine.cover_s[-1])
    return np.asarray(np.abs(fine.cover_s - within_s) <= END_REACH_S)


def _reach_file_end(run_s: float, furthest_s: float) -> float:
    """Take in the last fraction of a coarse frame before the recording's own end."""
    return float(furthest_s) if abs(furthest_s - run_s) < 0.5 else run_s


def _splice(earlier: FineRun, later: FineRun) -> float | None:
    """Cover time at which going over from one run to the other costs least."""
    low, high = float(later.cover_s[0]), float(earlier.cover_s[-1])
    shared = earlier.cover_s[(earlier.cover_s >= low) & (earlier.cover_s <= high)]
    if len(shared) < 2:
        return None
    cost_before = np.cumsum(np.interp(shared, earlier.cover_s, earlier.cost))
    cost_after = np.cumsum(np.interp(shared, later.cover_s, later.cost)[::-1])[::-1]
    total = np.concatenate([[0.0], cost_before[:-1]]) + cost_after
    return float(shared[int(np.argmin(total))])


def _land_on_beat(splice_s: float, later: FineRun, reference_beats_s: Seconds) -> float:
    """Just before the nearest beat of the later run, where one is near: editors cut on beats."""
    beats_s = later.cover_at(reference_beats_s)
    beats_s = beats_s[np.abs(beats_s - splice_s) <= LANDING_REACH_S]
    if len(beats_s) == 0:
        return splice_s
    nearest = float(beats_s[np.argmin(np.abs(beats_s - splice_s))])
    return max(nearest - LANDING_LEAD_S, float(later.cover_s[0]))


def _make_segment(fine: FineRun, span: Span, beats_s: Seconds) -> Segment | None:
    """Knots at both ends of the span and at every beat between; `None` where it is too short."""
    start_s, end_s = np.clip([span.start_s, span.end_s], fine.cover_s[0], fine.cover_s[-1])
    if end_s - start_s < 2 * LEAST_GAP_S:
        return None
    low, high = (float(fine.reference_at(each)) for each in (start_s, end_s))
    beats_s = beats_s[(beats_s > low + LEAST_GAP_S) & (beats_s < high - LEAST_GAP_S)]
    reference_s = np.concatenate([[low], beats_s, [high]])
    cover_s = np.concatenate([[start_s], fine.cover_at(beats_s), [end_s]])
    keep = _well_apart(reference_s, cover_s)
    if keep.sum() < 2:
        return None
    confidence = _confidence_at(fine, cover_s[keep])
    return Segment.of(reference_s[keep], cover_s[keep], confidence)


def _through_anchors(segment: Segment | None, anchors: Anchors) -> Segment | None:
    """The segment with a certain knot at each anchor; knots that are too near or in the way go."""
    if not len(anchors):
        return segment
    knots = segment or Segment(*np.empty((3, 0)))
    after_s = np.stack(
        [
            knots.cover_s[:, None] - anchors.cover_s,
            knots.reference_s[:, None] - anchors.reference_s,
        ]
    )  # (axes, knots, anchors)
    apart = (after_s.min(axis=0) >= LEAST_GAP_S) | (after_s.max(axis=0) <= -LEAST_GAP_S)
    kept = np.all(apart, axis=1)
    cover_s = np.concatenate([knots.cover_s[kept], anchors.cover_s])
    reference_s = np.concatenate([knots.reference_s[kept], anchors.reference_s])
    confidence = np.concatenate([knots.confidence[kept], np.ones(len(anchors))])
    if len(cover_s) == 1:
        step_s = LEAST_GAP_S if min(cover_s[0], reference_s[0]) < LEAST_GAP_S else -LEAST_GAP_S
        cover_s, reference_s = (np.append(each, each + step_s) for each in (cover_s, reference_s))
        confidence = np.ones(2)
    order = np.argsort(cover_s)
    return Segment.of(reference_s[order], cover_s[order], confidence[order])


def _well_apart(reference_s: Seconds, cover_s: Seconds) -> npt.NDArray[np.bool_]:
    """Knots to keep so that neighbours lie apart on both axes; the two ends always stay."""
    keep = np.zeros(len(cover_s), dtype=bool)
    keep[0] = True
    last = 0
    final = len(cover_s) - 1
    for knot in range(1, final):
        after = min(reference_s[knot] - reference_s[last], cover_s[knot] - cover_s[last])
        before = min(reference_s[final] - reference_s[knot], cover_s[final] - cover_s[knot])
        if after >= LEAST_GAP_S and before >= LEAST_GAP_S:
            keep[knot] = True
            last = knot
    apart = min(reference_s[final] - reference_s[last], cover_s[final] - cover_s[last])
    keep[final] = apart > 1e-3
    return keep


def _confidence_at(fine: FineRun, cover_s: Seconds) -> Seconds:
    """How far the run stands out around each time, 0..1; a heuristic, not calibrated."""
    frame_s = float(fine.cover_s[1] - fine.cover_s[0])
    reach = min(round(CONFIDENCE_SPAN_S / frame_s / 2), (len(fine.contrast) - 1) // 2 - 1)
    window = np.hanning(2 * reach + 3)[1:-1]
    weights = np.convolve(np.ones(len(fine.contrast)), window, "same")
    smooth = np.convolve(fine.contrast, window, "same") / weights
    local = 1 / (1 + np.exp(-(smooth - EVEN_CONTRAST) / CONTRAST_SPREAD))
    return np.interp(cover_s, fine.cover_s, local)
