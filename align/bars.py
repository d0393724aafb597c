"""What is heard around the beginning of each bar: where a part of a song may begin.

A part begins where what follows is unlike what came before, where something returns that was
heard before, where it gets louder or fuller. Every one of these is measured over several bars, in
what the place network hears, in harmony, in sound and in attacks; a recurrent network
(`align.network.section`) weighs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from align.descriptors import Descriptors
from align.features import FRAME_RATE, Features, magnitudes
from align.likeness import Heard
from align.network.inputs import PLACE_RATE

Seconds = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

REACHES = (1, 2, 4, 8)
"""Bars on either side whose means are compared."""
KERNELS = (4, 8)
"""Half widths in bars of Foote's checkerboard (ICME 2000)."""
STRETCHES = (4, 8)
"""Half bars that are laid along all others, to find what returns."""
NEAREST_RETURN = 4
"""What is nearer than so many half bars goes on rather than returns."""
BANDS, HIGH_BANDS = 36, 12
STEPS = (1, 2, 4)
"""Bars on either side whose loudness is compared."""
FAR_BARS = 16
DOWNBEAT_FRAMES = 3
UNKNOWN = -0.2
"""Likeness of stretches that do not both lie inside the recording."""


@dataclass(frozen=True)
class Bars:
    """The bars of a recording, the last one ending with it.

    Attributes:
        edges_s: where they begin, and the end, increasing, (bars + 1,)
        traits: of the beginning of each, mostly of mean 0 and spread 1, (bars, traits)
    """

    edges_s: Seconds
    traits: npt.NDArray[np.float32]


def measure_bars(
    downbeats_s: Seconds, features: Features, descriptors: Descriptors, heard: Heard
) -> Bars:
    """Bars from downbeat to downbeat, the first one from the start."""
    edges_s = np.unique(np.concatenate([[0.0], downbeats_s, [features.duration_s]]))
    bands = _bands(features)
    rows = (
        (heard.places.embedding, PLACE_RATE),
        (descriptors.harmony, FRAME_RATE),
        (bands, FRAME_RATE),
        (descriptors.attack, FRAME_RATE),
    )
    traits: list[Vector] = []
    for each, rate in rows:
        traits += _changes(_unit(_per_bar(edges_s, each, rate)))
    halves_s = np.interp(np.arange(2 * len(edges_s) - 1) / 2, np.arange(len(edges_s)), edges_s)
    for each, rate in rows[:2]:
        traits += _returns(_unit(_per_bar(halves_s, each, rate)))
    traits += _steps(_per_bar(edges_s, bands, FRAME_RATE))
    traits.append(_downbeats(edges_s, heard))
    standard = [(each - each.mean()) / (each.std() + 1e-6) for each in traits]
    return Bars(edges_s, np.column_stack([*standard, *_position(edges_s)]).astype(np.float32))


def _per_bar(edges_s: Seconds, rows: npt.NDArray[np.floating], rate: float) -> Matrix:
    """Mean of the rows between two edges each, (edges - 1, columns)."""
    frames = np.clip(np.round(edges_s * rate).astype(int), 0, len(rows) - 1)
    return np.array([rows[low : max(high, low + 1)].mean(axis=0) for low, high in pairwise(frames)])


def _bands(features: Features) -> npt.NDArray[np.float32]:
    """Coarse compressed spectrum, (frames, BANDS)."""
    compressed = np.log1p(100 * magnitudes(features.pitch))
    return np.asarray(compressed.reshape(len(compressed), BANDS, -1).mean(axis=2))


def _unit(rows: Matrix) -> Matrix:
    centred = rows - rows.mean(axis=0)
    return np.asarray(centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9))


def _changes(bars: Matrix) -> Iterator[Vector]:
    """How unlike what follows each edge is to what came before it."""
    for reach in REACHES:
        before, after = _around(bars, reach)
        lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
        yield 1 - (before * after).sum(axis=1) / (lengths + 1e-6)
    similarity = bars @ bars.T
    for half_width in KERNELS:
        yield novelty(similarity, half_width)


def novelty(similarity: Matrix, half_width: int) -> Vector:
    """Of each bar's beginning, by a tapered checkerboard on its diagonal, (bars,)."""
    offset = np.arange(2 * half_width) - half_width + 0.5
    side = np.sign(offset) * np.exp(-0.5 * (offset / (half_width / 1.5)) ** 2)
    padded = np.pad(similarity, half_width, mode="edge")
    squares = np.lib.stride_tricks.sliding_window_view(padded, (2 * half_width,) * 2)
    on_diagonal = np.diagonal(squares)[..., : len(similarity)]  # (width, width, bars)
    return np.asarray(np.einsum("ijk,i,j->k", on_diagonal, side, side))


def _around(rows: Matrix, reach: int) -> tuple[Matrix, Matrix]:
    """Means of up to `reach` rows before and from each row on, 0 where there are none."""
    sums = np.concatenate([np.zeros((1, rows.shape[1])), np.cumsum(rows, axis=0)])
    here = np.arange(len(rows))
    low, high = np.maximum(here - reach, 0), np.minimum(here + reach, len(rows))
    before = (sums[here] - sums[low]) / np.maximum(here - low, 1)[:, None]
    after = (sums[high] - sums[here]) / (high - here)[:, None]
    return before, after


def _returns(halves: Matrix) -> Iterator[Vector]:
    """Whether something returns, begins to return, and ends returning at each bar's beginning."""
    similarity = halves @ halves.T
    here = 2 * np.arange(len(halves) // 2)
    for stretch in STRETCHES:
        lags = _lags(len(halves), stretch)
        pairs = [_along(np.diagonal(similarity, lag), lag, here, stretch) for lag in lags]
        none = np.full((2, 1, len(here)), UNKNOWN)
        before, after = np.array(pairs).transpose(1, 0, 2) if pairs else none
        yield after.max(axis=0)
        yield (after - before).max(axis=0)
        yield (before - after).max(axis=0)


def _lags(n_halves: int, stretch: int) -> list[int]:
    far = range(NEAREST_RETURN, n_halves - stretch)
    return [*(-lag for lag in far), *far]


def _along(diagonal: Vector, lag: int, here: Indices, stretch: int) -> tuple[Vector, Vector]:
    """Mean likeness of the stretches before and from each half bar on to those `lag` later."""
    sums = np.concatenate([[0.0], np.cumsum(diagonal)])
    first = here - max(0, -lag)

    def mean(start: Indices) -> Vector:
        inside = (start >= 0) & (start + stretch < len(sums))
        low = np.clip(start, 0, len(sums) - 1)
        high = np.clip(start + stretch, 0, len(sums) - 1)
        return np.where(inside, (sums[high] - sums[low]) / stretch, UNKNOWN)

    return mean(first - stretch), mean(first)


def _steps(bands: Matrix) -> Iterator[Vector]:
    """How loud and how bright each bar is, and how much more than those before it."""
    for level in (bands.mean(axis=1), bands[:, -HIGH_BANDS:].mean(axis=1)):
        yield level
        for reach in STEPS:
            before, after = _around(level[:, None], reach)
            yield np.where(np.arange(len(level)) > 0, (after - before)[:, 0], 0)


def _downbeats(edges_s: Seconds, heard: Heard) -> Vector:
    likelihood = heard.pulse.downbeat
    frames = np.clip(np.round(edges_s[:-1] * FRAME_RATE).astype(int), 0, len(likelihood) - 1)
    near = np.arange(-DOWNBEAT_FRAMES, DOWNBEAT_FRAMES + 1)
    return np.asarray(
        likelihood[np.clip(frames[:, None] + near, 0, len(likelihood) - 1)].max(axis=1),
        dtype=float,
    )


def _position(edges_s: Seconds) -> Sequence[Vector]:
    """How far the start and the end are, and how long the bar is."""
    number = np.arange(len(edges_s) - 1)
    return (
        np.minimum(number, FAR_BARS) / FAR_BARS,
        np.minimum(len(number) - number, FAR_BARS) / FAR_BARS,
        np.log(np.maximum(np.diff(edges_s), 0.1)),
    )
