"""A jump path -> its monotone runs on the fine frames of both recordings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.matching import Match
from align.path import OUTSIDE

Seconds = npt.NDArray[np.float64]

SHORTEST_RUN_S = 3.0
"""A shorter stretch of the song is not told apart from chance."""
TOUCHING_S = 0.5
"""Runs closer than this follow each other directly: a splice, not a pause."""
SLOPE_SMOOTHING_S = 12.0


@dataclass(frozen=True)
class Run:
    """One monotone stretch, coarsely placed.

    Attributes:
        cover_s: times of the coarse frames, strictly increasing, (frames,)
        reference_s: where they lie in the reference, never falling, (frames,)
        similarity: of each pair of frames, (frames,)
    """

    cover_s: Seconds
    reference_s: Seconds
    similarity: Seconds

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


def touches(earlier: Run, later: Run) -> bool:
    """Whether the later run follows the earlier one directly in the cover."""
    return later.start_s - earlier.end_s <= TOUCHING_S


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
