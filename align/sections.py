"""Where the parts of a song begin, and which of them are alike.

A boundary stands where what follows is unlike what came before (Foote's checkerboard novelty,
ICME 2000), bar by bar, in what the place network hears, in harmony and in sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.descriptors import Descriptors
from align.features import FRAME_RATE, Features, magnitudes
from align.network.inputs import PLACE_RATE
from align.section_labels import label_sections

Seconds = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

KERNEL_BARS = 4
SHORTEST_BARS = 4
LEVELS = 12


@dataclass(frozen=True)
class Section:
    """A part of a song; equal labels mean alike, `confidence` that its start is right."""

    start_s: float
    end_s: float
    label: str
    confidence: float


def find_sections(
    downbeats_s: Seconds,
    features: Features,
    descriptors: Descriptors,
    places: npt.NDArray[np.float32],
) -> tuple[Section, ...]:
    """Parts that cover the whole recording without gaps; one part where bars are unknown.

    Parameters
    ----------
    places
        embeddings of the place network, (place frames, embedding)
    """
    edges_s = np.unique(np.concatenate([[0.0], downbeats_s, [features.duration_s]]))
    if len(edges_s) < 2 * SHORTEST_BARS:
        return (Section(0.0, features.duration_s, "A", 0.0),)
    views = (
        _per_bar(edges_s, places, PLACE_RATE),
        _per_bar(edges_s, descriptors.harmony, FRAME_RATE),
        _per_bar(edges_s, _levels(features), FRAME_RATE),
    )
    novelty = np.sum([_novelty(_self_similarity(each)) for each in views], axis=0)
    starts = _boundaries(novelty)
    labels = label_sections(places, edges_s, starts, frame_rate=PLACE_RATE)
    strength = novelty / (novelty.max() + 1e-9)
    return tuple(
        Section(float(edges_s[start]), float(edges_s[end]), label, float(strength[start]))
        for start, end, label in zip(starts, [*starts[1:], -1], labels, strict=True)
    )


def _per_bar(edges_s: Seconds, rows: npt.NDArray[np.floating], frame_rate: float) -> Matrix:
    frames = np.clip(np.round(edges_s * frame_rate).astype(int), 0, len(rows) - 1)
    return np.array([rows[low : max(high, low + 1)].mean(axis=0) for low, high in pairwise(frames)])


def _levels(features: Features) -> Matrix:
    """Coarse spectrum in `LEVELS` bands of half an octave, (frames, LEVELS)."""
    compressed = np.log1p(100 * magnitudes(features.pitch))
    return np.asarray(compressed.reshape(len(compressed), LEVELS, -1).mean(axis=2), dtype=float)


def _self_similarity(bars: Matrix) -> Matrix:
    centred = bars - bars.mean(axis=0)
    unit = centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9)
    return np.asarray(unit @ unit.T)


def _novelty(similarity: Matrix) -> npt.NDArray[np.float64]:
    side = np.repeat([-1.0, 1.0], KERNEL_BARS)
    taper = scipy.signal.windows.gaussian(2 * KERNEL_BARS, KERNEL_BARS / 1.5)
    kernel = np.outer(side * taper, side * taper)
    padded = np.pad(similarity, KERNEL_BARS, mode="edge")
    novelty = [
        float((padded[bar : bar + 2 * KERNEL_BARS, bar : bar + 2 * KERNEL_BARS] * kernel).sum())
        for bar in range(len(similarity))
    ]
    return np.asarray(np.maximum(np.array(novelty), 0))


def _boundaries(novelty: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    inner = novelty.copy()
    inner[:SHORTEST_BARS] = inner[len(inner) - SHORTEST_BARS :] = 0
    peaks, _ = scipy.signal.find_peaks(
        inner, distance=SHORTEST_BARS, prominence=0.25 * float(inner.max()) + 1e-9
    )
    return np.concatenate([[0], peaks]).astype(np.int64)
