"""A jump path -> its monotone runs on the fine frames of both recordings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from align.anchors import NO_ANCHORS, Anchors
from align.matching import Match
from align.path import OUTSIDE

Seconds = npt.NDArray[np.float64]

SHORTEST_RUN_S = 3.0
"""A shorter stretch of the song is not told apart from chance."""
TOUCHING_S = 0.5
"""Runs closer than this follow each other directly: a splice, not a pause."""
SLOPE_SMOOTHING_S = 12.0
ANCHOR_REACH_S, LONE_REACH_S = 2.0, 0.5
"""How far off a run may pass an anchor that it takes, and how far an anchor without a run goes."""


@dataclass(frozen=True)
class Run:
    """One monotone stretch, coarsely placed.

    Attributes:
        cover_s: times of the coarse frames, strictly increasing, (frames,)
        reference_s: where they lie in the reference, never falling, (frames,)
        similarity: of each pair of frames, (frames,)
        anchors: what it has to pass through
    """

    cover_s: Seconds
    reference_s: Seconds
    similarity: Seconds
    anchors: Anchors = NO_ANCHORS

    @property
    def start_s(self) -> float:
        """First cover time."""
        return float(self.cover_s[0])

    @property
    def end_s(self) -> float:
        """Last cover time."""
        return float(self.cover_s[-1])

    @property
    def tempo_ratio(self) -> float:
        """Seconds of reference per second of cover, over the whole run."""
        rise = float(self.reference_s[-1] - self.reference_s[0])
        return max(rise / max(self.end_s - self.start_s, 1e-6), 1e-3)

    def reference_at(self, cover_s: Seconds) -> Seconds:
        """Coarse reference time of any cover time; outside the run its tempo goes on."""
        inside = np.interp(cover_s, self.cover_s, self.reference_s)
        beyond = cover_s - np.clip(cover_s, self.start_s, self.end_s)
        return np.asarray(inside + beyond * self.tempo_ratio)


def find_runs(match: Match) -> tuple[Run, ...]:
    """The runs of a match in cover order, too short ones left out."""
    path = match.path
    inside = path.positions != OUTSIDE
    starts = inside & (path.breaks | ~np.concatenate([[False], inside[:-1]]))
    runs = []
    for start in np.flatnonzero(starts):
        end = int(start) + 1
        while end < len(inside) and inside[end] and not starts[end]:
            end += 1
        frames = np.arange(start, end)
        if len(frames) >= SHORTEST_RUN_S * match.frame_rate:
            runs.append(_make_run(match, frames))
    return tuple(run for run in runs if run.tempo_ratio > 0.1)


def attach_anchors(runs: Sequence[Run], anchors: Anchors, frame_rate: float) -> tuple[Run, ...]:
    """The runs with the anchors that each has to pass, and straight ones for those none takes.

    None takes anchors that the path passes in too short a stretch. Anchors of one run follow each
    other directly and rise; runs with anchors come in their order.
    """
    taken: list[list[int]] = [[] for _ in runs]
    lone, reached = [], 0
    for stretch in anchors.stretches():
        first, furthest_s = stretch[0], ANCHOR_REACH_S if len(stretch) == 1 else np.inf
        misses_s = {
            index: _miss_s(runs[index], anchors[stretch], 1 / frame_rate)
            for index in range(reached, len(runs))
            if _goes_on(anchors, taken[index], first)
        }
        nearest = min(misses_s, key=lambda index: misses_s[index], default=None)
        if nearest is None or misses_s[nearest] >= furthest_s:
            lone.append(_lone_run(anchors[stretch]))
        else:
            taken[nearest] += stretch
            reached = nearest
    kept = [_lead_through(run, anchors[own]) for run, own in zip(runs, taken, strict=True)]
    return tuple(sorted(kept + lone, key=_place_in_cover))


def touches(earlier: Run, later: Run) -> bool:
    """Whether the later run follows the earlier one directly in the cover."""
    return later.start_s - earlier.end_s <= TOUCHING_S


def _goes_on(anchors: Anchors, taken: Sequence[int], anchor: int) -> bool:
    """Whether a run that has taken some anchors can take this one next."""
    return not taken or (taken[-1] == anchor - 1 and anchors.rises(anchor - 1, anchor))


def _miss_s(run: Run, anchors: Anchors, slack_s: float) -> float:
    """How far off a run passes anchors on average, infinite where it is not there for all."""
    first_s, last_s = anchors.cover_s[0], anchors.cover_s[-1]
    if first_s < run.start_s - slack_s or last_s > run.end_s + slack_s:
        return np.inf
    return float(np.abs(run.reference_at(anchors.cover_s) - anchors.reference_s).mean())


def _lead_through(run: Run, anchors: Anchors) -> Run:
    """The run with its anchors, moved onto them: it is off by about as much between them."""
    if not len(anchors):
        return run
    off_s = anchors.reference_s - run.reference_at(anchors.cover_s)
    moved_s = run.reference_s + np.interp(run.cover_s, anchors.cover_s, off_s)
    return replace(run, reference_s=np.maximum.accumulate(moved_s), anchors=anchors)


def _lone_run(anchors: Anchors) -> Run:
    """A run from anchor to anchor, and a little further at the tempo of the Reference."""
    beyond_s = np.array([-LONE_REACH_S, LONE_REACH_S])
    cover_s, reference_s = (
        np.concatenate([times_s[:1] + beyond_s[:1], times_s, times_s[-1:] + beyond_s[1:]])
        for times_s in (anchors.cover_s, anchors.reference_s)
    )
    return Run(cover_s, reference_s, similarity=np.zeros(len(cover_s)), anchors=anchors)


def _place_in_cover(run: Run) -> float:
    return float(run.anchors.cover_s[0]) if len(run.anchors) else run.start_s


def _make_run(match: Match, frames: npt.NDArray[np.int64]) -> Run:
    positions = match.path.positions[frames]
    return Run(
        cover_s=frames / match.frame_rate,
        reference_s=_smooth(positions / match.frame_rate, SLOPE_SMOOTHING_S * match.frame_rate),
        similarity=match.similarity[frames, positions].astype(float),
    )


def _smooth(positions_s: Seconds, frames: float) -> Seconds:
    """Round off the whole-frame steps without moving the ends."""
    reach = min(int(frames / 2), (len(positions_s) - 1) // 2)
    if reach < 1:
        return positions_s
    window = np.hanning(2 * reach + 3)[1:-1]
    line = np.linspace(positions_s[0], positions_s[-1], len(positions_s))
    deviation = np.pad(positions_s - line, reach, mode="reflect", reflect_type="odd")
    smooth = line + np.convolve(deviation, window / window.sum(), "valid")
    return np.maximum.accumulate(smooth)
