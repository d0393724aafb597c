"""A network's section boundaries and embeddings -> sections.

Sections begin on downbeats, and where the beats are silent at a boundary's peak. The starts that
together have the most evidence are taken, none closer to the next than `SHORTEST_S`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.activations import Activation
from align.evidence import clear_level, evidence
from align.likeness import label_sections
from align.sections import Section

Seconds = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
Matrix = npt.NDArray[np.floating]

SHORTEST_S = 4.0
LIKELY_SHARE = 0.45
"""A boundary is likely from this share of what the recording's clear boundaries reach."""
SILENT_BARS = 1.5
"""So many usual bars from any downbeat the beats are silent."""


def decode_sections(
    boundary: Activation,
    embedding: Matrix,
    downbeats_s: Seconds,
    duration_s: float,
    *,
    frame_rate: float,
) -> tuple[Section, ...]:
    """Parts that cover the whole recording without gaps.

    Parameters
    ----------
    boundary
        likelihood that a section begins, 0..1, (frames,)
    embedding
        alike where the music is alike, (frames, channels)
    downbeats_s
        increasing, within the recording, (downbeats,)
    duration_s
        length of the recording
    frame_rate
        of boundary and embedding, frames per second
    """
    edges_s = np.union1d(_possible_starts(boundary, downbeats_s, frame_rate), [0.0, duration_s])
    heights = _heights(boundary, edges_s[:-1], frame_rate)
    worth = evidence(heights, LIKELY_SHARE * clear_level(heights))
    starts = _best_starts(edges_s, worth)
    labels = label_sections(embedding, edges_s, starts, frame_rate=frame_rate)
    ends_s = np.append(edges_s[starts[1:]], duration_s)
    return tuple(
        Section(float(edges_s[start]), float(end_s), label, float(heights[start]))
        for start, end_s, label in zip(starts, ends_s, labels, strict=True)
    )


def _possible_starts(boundary: Activation, downbeats_s: Seconds, frame_rate: float) -> Seconds:
    """Downbeats, and the boundary's peaks far from any, (starts,)."""
    peaks, _ = scipy.signal.find_peaks(boundary)
    peaks_s = peaks / frame_rate
    if len(downbeats_s) < 2:
        return np.union1d(downbeats_s, peaks_s)
    silent_s = SILENT_BARS * float(np.median(np.diff(downbeats_s)))
    distances_s = np.abs(peaks_s[:, None] - downbeats_s).min(axis=1)
    return np.union1d(downbeats_s, peaks_s[distances_s > silent_s])


def _heights(boundary: Activation, starts_s: Seconds, frame_rate: float) -> Vector:
    """Highest activation among the frames nearest to each start, (starts,)."""
    middles = (starts_s[1:] + starts_s[:-1]) / 2 * frame_rate
    firsts = np.concatenate([[0], np.ceil(middles)]).astype(np.int64)
    return np.maximum.reduceat(boundary, np.minimum(firsts, len(boundary) - 1))


def _best_starts(edges_s: Seconds, worth: Vector) -> Indices:
    """Which edges begin a section, the first always, increasing, (sections,).

    Row `n` of the table is the best choice among the first `n` edges: with the last of them, and
    then only those that leave it room, or without.
    """
    room = np.searchsorted(edges_s, edges_s[:-1] - SHORTEST_S, side="right")
    best = np.zeros(len(worth) + 1)
    for edge, earned in enumerate(worth):
        best[edge + 1] = max(best[edge], best[room[edge]] + earned)
    starts, edge = [], len(worth)
    while edge > 0:
        taken = best[edge] > best[edge - 1]
        starts += [edge - 1] if taken else []
        edge = int(room[edge - 1]) if taken else edge - 1
    return np.union1d(starts, [0]).astype(np.int64)
