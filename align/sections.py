"""Where the parts of a song begin, and which of them are alike.

Not learned. Bars are compared with each other; a boundary stands where what follows is unlike
what came before (Foote's checkerboard novelty, ICME 2000); parts that run alike share a letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.descriptors import Descriptors
from align.features import FRAME_RATE, Features, magnitudes

Seconds = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]

KERNEL_BARS = 4
SHORTEST_BARS = 4
SAME_LABEL = 0.6
LEVELS = 12


@dataclass(frozen=True)
class Section:
    """A part of a song; equal labels mean alike, `confidence` that its start is right."""

    start_s: float
    end_s: float
    label: str
    confidence: float


def find_sections(
    downbeats_s: Seconds, features: Features, descriptors: Descriptors
) -> tuple[Section, ...]:
    """Parts that cover the whole recording without gaps; one part where bars are unknown."""
    bars = np.unique(np.concatenate([[0.0], downbeats_s, [features.duration_s]]))
    if len(bars) < 2 * SHORTEST_BARS:
        return (Section(0.0, features.duration_s, "A", 0.0),)
    harmony = _per_bar(bars, np.asarray(descriptors.harmony, dtype=float))
    sound = _per_bar(bars, _levels(features))
    novelty = _novelty(_self_similarity(harmony)) + _novelty(_self_similarity(sound))
    starts = _boundaries(novelty)
    labels = _labels(harmony, starts)
    ends = [*starts[1:], len(bars) - 1]
    strength = novelty / (novelty.max() + 1e-9)
    return tuple(
        Section(float(bars[start]), float(bars[end]), label, float(strength[start]))
        for start, end, label in zip(starts, ends, labels, strict=True)
    )


def _per_bar(bars_s: Seconds, rows: Matrix) -> Matrix:
    frames = np.clip(np.round(bars_s * FRAME_RATE).astype(int), 0, len(rows) - 1)
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


def _boundaries(novelty: npt.NDArray[np.float64]) -> list[int]:
    inner = novelty.copy()
    inner[:SHORTEST_BARS] = inner[len(inner) - SHORTEST_BARS :] = 0
    peaks, _ = scipy.signal.find_peaks(
        inner, distance=SHORTEST_BARS, prominence=0.25 * float(inner.max()) + 1e-9
    )
    return [0, *(int(peak) for peak in peaks)]


def _labels(harmony: Matrix, starts: list[int]) -> list[str]:
    """A letter per part: that of the first earlier part that runs alike, else a new one."""
    centred = harmony - harmony.mean(axis=0)
    unit = centred / (np.linalg.norm(centred, axis=1, keepdims=True) + 1e-9)
    ends = [*starts[1:], len(harmony)]
    parts = [unit[start:end] for start, end in zip(starts, ends, strict=True)]
    models: list[Matrix] = []
    labels = []
    for part in parts:
        alike = [_alikeness(part, model) for model in models]
        if alike and max(alike) >= SAME_LABEL:
            labels.append(int(np.argmax(alike)))
        else:
            models.append(part)
            labels.append(len(models) - 1)
    return [_letter(label) for label in labels]


def _alikeness(part: Matrix, model: Matrix) -> float:
    shared = min(len(part), len(model))
    if shared < 0.5 * max(len(part), len(model)):
        return 0.0
    return float((part[:shared] * model[:shared]).sum(axis=1).mean())


def _letter(index: int) -> str:
    return (
        chr(ord("A") + index) if index < 26 else f"{_letter(index // 26 - 1)}{_letter(index % 26)}"
    )
