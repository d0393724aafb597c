"""Two recordings laid on each other along the runs of a match, as the melody network hears them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from align.features import FRAME_RATE
from align.network.inputs import RISE_GAIN, Levels
from align.network.melody import N_SEMITONES
from align.refinement import FineRun

Matrix = npt.NDArray[np.float32]
Seconds = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

PAIR_RATE = 12.5  # [frames/s]
LEAST_FRAMES, MOST_FRAMES = 50, 1600
"""Shorter pairs tell nothing; of longer ones stretches from all over them are heard."""
STEPS = 160.0
"""Bytes per unit of level."""


def lay_on_each_other(
    reference: Levels, cover: Levels, fine_runs: Sequence[FineRun]
) -> Bytes | None:
    """Level and rise of each semitone of both recordings at `PAIR_RATE` along all runs.

    Parameters
    ----------
    reference, cover
        in the same key

    Returns
    -------
    (frames, 2 recordings, level and rise, 72), bytes as `as_levels` reads them; `None` where the
    runs are too short to tell anything
    """
    both = _semitones(reference), _semitones(cover)
    pieces = []
    for run in fine_runs:
        times_s = np.arange(run.cover_s[0], run.cover_s[-1], 1 / PAIR_RATE)
        rows = _at(both[0], run.reference_at(times_s)), _at(both[1], times_s)
        pieces.append(np.stack(rows, axis=1))
    pairs = np.concatenate(pieces) if pieces else np.zeros((0, 2, 2, N_SEMITONES), np.float32)
    if len(pairs) < LEAST_FRAMES:
        return None
    return np.asarray(np.clip(STEPS * _thin(pairs), 0, 255), dtype=np.uint8)


def as_levels(pairs: Bytes) -> Matrix:
    """What was kept as bytes."""
    return np.asarray(pairs / np.float32(STEPS), dtype=np.float32)


def _thin(pairs: Matrix) -> Matrix:
    """At most `MOST_FRAMES`, in stretches of 200 frames evenly spread."""
    if len(pairs) <= MOST_FRAMES:
        return pairs
    length = 200
    starts = np.linspace(0, len(pairs) - length, MOST_FRAMES // length).astype(int)
    return np.concatenate([pairs[start : start + length] for start in starts])


def _semitones(levels: Levels) -> tuple[Matrix, Matrix]:
    """Level and rise, (frames, 72) each."""
    level = levels.pitch.reshape(len(levels.pitch), N_SEMITONES, -1).max(axis=2)
    rise = np.zeros_like(level)
    rise[1:] = RISE_GAIN * np.maximum(np.diff(level, axis=0), 0)
    return level, rise


def _at(views: tuple[Matrix, Matrix], times_s: Seconds) -> Matrix:
    """Means over four fine frames around each time, (times, 2, 72)."""
    frames = np.round(times_s * FRAME_RATE).astype(int)[:, None] + np.arange(-2, 2)
    frames = np.clip(frames, 0, len(views[0]) - 1)
    return np.stack([each[frames].mean(axis=1) for each in views], axis=1)
