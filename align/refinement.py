"""A coarse run -> where every fine frame of it lies, by warping in a narrow band around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from align.descriptors import Descriptors
from align.dtw import Band, WarpingPath, warp_in_band
from align.runs import Run

Seconds = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True)
class RefinementConfig:
    """How the warping is bounded and smoothed.

    Attributes:
        band_s: half width of the band around the coarse run
        margin_s: how far beyond the run's ends the warping goes on, to place splices
        smoothing_s: half width of the window that rounds off the path's whole-frame steps
        attack_weight: share of attacks in the cost, harmony has the rest
    """

    band_s: float = 1.0
    margin_s: float = 1.0
    smoothing_s: float = 0.1
    attack_weight: float = 0.5


@dataclass(frozen=True)
class FineRun:
    """A run on the cover's fine frames, from `margin_s` before it to as much after it.

    Attributes:
        cover_s: evenly spaced, (frames,)
        reference_s: strictly increasing, (frames,)
        cost: 0 the best imaginable match .. 1 no likeness, (frames,)
        chance_cost: mean cost around the path: what a wrong place costs, (frames,)
    """

    cover_s: Seconds
    reference_s: Seconds
    cost: Seconds
    chance_cost: Seconds

    def reference_at(self, cover_s: Seconds | float) -> Seconds:
        """Reference time of cover times inside the run."""
        return np.asarray(np.interp(cover_s, self.cover_s, self.reference_s))

    def cover_at(self, reference_s: Seconds | float) -> Seconds:
        """Cover time of reference times inside the run."""
        return np.asarray(np.interp(reference_s, self.reference_s, self.cover_s))


def refine_run(
    run: Run,
    reference: Descriptors,
    cover: Descriptors,
    *,
    config: RefinementConfig | None = None,
) -> FineRun:
    """Warp one run at the descriptors' own frame rate.

    The reference is sampled at the run's tempo first, so that the warping sees two recordings
    of about equal speed: unequal steps cost too much otherwise.

    Parameters
    ----------
    reference, cover
        in the same key
    """
    config = config or RefinementConfig()
    rate = cover.frame_rate
    first = max(0, round((run.start_s - config.margin_s) * rate))
    last = min(len(cover.harmony) - 1, round((run.end_s + config.margin_s) * rate))
    cover_frames = np.arange(first, last + 1)
    centre = run.reference_at(cover_frames / rate) * rate
    columns = _columns(centre, run.tempo_ratio, config.band_s * rate, len(reference.harmony))
    rows_matrix = _stack(cover, cover_frames.astype(float), config.attack_weight)
    columns_matrix = _stack(reference, columns, config.attack_weight)
    band = _band(rows_matrix, columns_matrix, centre, columns, round(config.band_s * rate))
    path = warp_in_band(band)
    return _to_fine_run(path, band, cover_frames / rate, columns / rate, config)


def _columns(centre: Seconds, tempo_ratio: float, half_width: float, n_reference: int) -> Seconds:
    """Reference frames, `tempo_ratio` apart, that the band can reach, (columns,)."""
    low = max(0.0, centre[0] - half_width * tempo_ratio)
    high = min(n_reference - 1.0, centre[-1] + half_width * tempo_ratio)
    count = max(2, int((high - low) / tempo_ratio) + 1)
    return np.asarray(low + tempo_ratio * np.arange(count)).clip(0, n_reference - 1)


def _stack(descriptors: Descriptors, frames: Seconds, attack_weight: float) -> Matrix:
    """Descriptors at fractional frames; dot products of two stacks are similarities 0..1."""
    harmony = np.sqrt(1 - attack_weight) * descriptors.harmony
    attack = np.sqrt(attack_weight) * descriptors.attack
    rows = np.hstack([harmony, attack])
    whole = np.floor(frames).astype(int)
    part = (frames - whole)[:, None].astype(np.float32)
    following = np.minimum(whole + 1, len(rows) - 1)
    return np.asarray((1 - part) * rows[whole] + part * rows[following], dtype=np.float32)


def _band(
    rows: Matrix, columns: Matrix, centre: Seconds, column_frames: Seconds, half_width: int
) -> Band:
    width = min(2 * half_width + 1, len(columns))
    middle = np.interp(centre, column_frames, np.arange(len(columns)))
    starts = np.clip(np.round(middle - width // 2), 0, len(columns) - width).astype(np.int64)
    starts = np.maximum.accumulate(starts)
    windows = np.lib.stride_tricks.sliding_window_view(columns, width, axis=0)
    similarity = np.matmul(rows[:, None, :], windows[starts])[:, 0]
    return Band(costs=1 - similarity, starts=starts)


def _to_fine_run(
    path: WarpingPath,
    band: Band,
    cover_s: Seconds,
    column_s: Seconds,
    config: RefinementConfig,
) -> FineRun:
    frame_s = float(cover_s[1] - cover_s[0])
    rows, columns = _smooth_path(path, config.smoothing_s / frame_s)
    column_of_row = np.interp(np.arange(len(cover_s)), rows, columns)
    reference_s = np.interp(column_of_row, np.arange(len(column_s)), column_s)
    cost = np.bincount(path.rows, path.costs) / np.bincount(path.rows)
    return FineRun(
        cover_s=cover_s,
        reference_s=strictly_increasing(reference_s),
        cost=np.clip(cost, 0, 1),
        chance_cost=np.clip(band.costs.mean(axis=1), 0, 1).astype(float),
    )


def _smooth_path(path: WarpingPath, reach: float) -> tuple[Seconds, Seconds]:
    """Average the path across its diagonal, which treats both recordings alike.

    Along the sum of both coordinates every path is a function, whatever its steps.
    """
    total = (path.rows + path.columns).astype(float)
    grid = np.arange(total[0], total[-1] + 1)
    lead = np.interp(grid, total, (path.columns - path.rows).astype(float))
    window = np.hanning(2 * round(reach) + 3)[1:-1]
    padded = np.pad(lead, len(window) // 2, mode="edge")
    smooth = np.convolve(padded, window / window.sum(), "valid")
    return (grid - smooth) / 2, (grid + smooth) / 2


def strictly_increasing(times_s: Seconds, *, least_step_s: float = 1e-4) -> Seconds:
    """The same times, each at least `least_step_s` after the one before it."""
    ramp = least_step_s * np.arange(len(times_s))
    return np.asarray(np.maximum.accumulate(times_s - ramp) + ramp)
