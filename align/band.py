"""How unlike a cover's frames are to the reference's frames around a curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Curve = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]

EDGE_FRAMES = 50


@dataclass(frozen=True)
class FineRows:
    """A recording as refinement sees it, 50 frames per second.

    Attributes:
        tone: what sounds, of norm 1 or less, (frames, columns)
        attack: what begins to sound, (frames, 12)
    """

    tone: Matrix
    attack: Matrix


@dataclass(frozen=True)
class CostWeights:
    """Shares of both; they sum to 1."""

    tone: float = 0.92
    attack: float = 0.08


@dataclass(frozen=True)
class Band:
    """Costs around a curve.

    Attributes:
        costs: of cover frame `i` and reference frame `columns[i + j]`, (frames, width)
        columns: the curve, gone on with at both ends, (frames + width - 1,)
    """

    costs: Matrix
    columns: Curve


def compare_in_band(
    reference: FineRows,
    cover: FineRows,
    cover_frames: Indices,
    curve: Curve,
    *,
    half_width: int,
    weights: CostWeights,
) -> Band:
    """Costs within `half_width` frames of a curve that gives every cover frame a reference frame.

    Tones cost their cosine distance. Attacks cost their Euclidean distance, by which
    two moments without an attack agree: Ewert, Müller, Grosche, "High resolution audio
    synchronization using chroma onset features", ICASSP 2009.
    """
    columns = _go_on(curve, half_width)
    tone = 1 - _products(cover.tone, reference.tone, cover_frames, columns)
    attack = _distances(cover.attack, reference.attack, cover_frames, columns)
    beyond = (columns < 0) | (columns > len(reference.tone) - 1)
    width = 2 * half_width + 1
    costs = weights.tone * tone + weights.attack * attack
    costs[np.lib.stride_tricks.sliding_window_view(beyond, width)] = 1
    return Band(costs=costs, columns=columns)


def _go_on(curve: Curve, frames: int) -> Curve:
    """Extend a curve at both ends with the slope it has there."""
    edge = min(EDGE_FRAMES, len(curve) - 1)
    first = max(curve[edge] - curve[0], 0.2 * edge) / edge
    last = max(curve[-1] - curve[-1 - edge], 0.2 * edge) / edge
    steps = np.arange(1, frames + 1)
    return np.concatenate([curve[0] - first * steps[::-1], curve, curve[-1] + last * steps])


def _at(matrix: Matrix, frames: Curve) -> Matrix:
    """Rows at fractional frames."""
    inside = np.clip(frames, 0, len(matrix) - 1)
    whole = np.floor(inside).astype(np.int64)
    part = (inside - whole)[:, None].astype(np.float32)
    following = np.minimum(whole + 1, len(matrix) - 1)
    return np.asarray((1 - part) * matrix[whole] + part * matrix[following])


def _products(cover: Matrix, reference: Matrix, frames: Indices, columns: Curve) -> Matrix:
    """Dot product of each cover frame with the columns of its band, (frames, width)."""
    width = len(columns) - len(frames) + 1
    windows = np.lib.stride_tricks.sliding_window_view(_at(reference, columns), width, axis=0)
    return np.asarray(np.matmul(cover[frames][:, None, :], windows)[:, 0])


def _distances(cover: Matrix, reference: Matrix, frames: Indices, columns: Curve) -> Matrix:
    width = len(columns) - len(frames) + 1
    of_columns = np.sum(_at(reference, columns) ** 2, axis=1)
    of_columns = np.lib.stride_tricks.sliding_window_view(of_columns, width)
    of_frames = np.sum(cover[frames] ** 2, axis=1)[:, None]
    squared = of_frames + of_columns - 2 * _products(cover, reference, frames, columns)
    return np.asarray(np.sqrt(np.maximum(squared, 0)))
