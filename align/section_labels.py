"""Which sections are alike, by the embeddings of their bars in order.

Bars are compared with bars, so tempo does not matter. Two sections are as alike as their bars
are on average when one is laid along the other where it fits best; groups are formed by average
linkage, so one chance likeness does not chain two groups together.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

Seconds = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.floating]

SAME_LABEL = 0.4
PARTS_PER_BAR = 2
LEAST_OVERLAP = 0.5
"""Share of the longer section that the shorter one has to run along."""


def label_sections(
    embedding: Matrix, edges_s: Seconds, starts: Indices, *, frame_rate: float
) -> list[str]:
    """A letter for each section, `A` for the first and those like it.

    Parameters
    ----------
    embedding
        (frames, channels)
    edges_s
        where bars begin and the recording ends, increasing, (bars + 1,)
    starts
        the bar at which each section begins, 0 first, increasing, (sections,)
    frame_rate
        of the embedding, frames per second
    """
    parts = _unit_parts(embedding, edges_s, frame_rate)
    sections = np.split(parts, PARTS_PER_BAR * starts[1:])
    if len(sections) < 2:
        return ["A"]
    # Rows of norm 1 are so but for rounding, and a copy may be liker than like.
    unlikeness = [max(0.0, 1 - likeness(*pair)) for pair in combinations(sections, 2)]
    groups = fcluster(linkage(unlikeness, "average"), 1 - SAME_LABEL, "distance")
    order = list(dict.fromkeys(groups.tolist()))
    return [letter(order.index(group)) for group in groups]


def likeness(first: Matrix, second: Matrix) -> float:
    """Mean cosine along the best diagonal, -1..1; -1 where lengths are too different.

    Parameters
    ----------
    first, second
        rows of norm 1, (parts, channels)
    """
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) < LEAST_OVERLAP * len(longer):
        return -1.0
    cosines = shorter @ longer.T
    overlap = max(1, int(np.ceil(LEAST_OVERLAP * len(longer))))
    shifts = range(overlap - len(shorter), len(longer) - overlap + 1)
    return max(float(np.diagonal(cosines, shift).mean()) for shift in shifts)


def letter(index: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    earlier, last = divmod(index, 26)
    return (letter(earlier - 1) if earlier else "") + chr(ord("A") + last)


def _unit_parts(embedding: Matrix, edges_s: Seconds, frame_rate: float) -> Matrix:
    """Directions of the mean embedding of each part of a bar, (parts, channels)."""
    shares = np.arange(len(edges_s) * PARTS_PER_BAR - PARTS_PER_BAR + 1) / PARTS_PER_BAR
    times_s = np.interp(shares, np.arange(len(edges_s)), edges_s)
    frames = np.clip(np.round(times_s * frame_rate).astype(np.int64), 0, len(embedding) - 1)
    sums = np.add.reduceat(embedding - embedding.mean(axis=0), frames[:-1], axis=0)
    return np.asarray(sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1e-9))
