"""Straight lines: one offset for a whole cover, with or without one tempo ratio.

What a player could do without any alignment. Chroma is cross-correlated over all offsets (for
`linear` at tempo ratios around the estimated one too), then attacks within a second of the best.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.evaluation.methods.method import Aligned
from align.evaluation.methods.normalising import (
    COARSE_RATE,
    coarsen,
    estimate_normalisation,
    resample,
)
from align.evaluation.methods.recording import Recording
from align.features import FRAME_RATE
from catalog.time_map import Segment, TimeMap

Matrix = npt.NDArray[np.float64]

RATIO_STEPS = np.linspace(-0.06, 0.06, 49)
"""Around the estimated tempo ratio, 0.25 % apart."""
FINE_REACH_S = 1.0
SHORTEST_S = 1.0


@dataclass(frozen=True)
class Line:
    """reference_s = offset_s + tempo_ratio * cover_s.

    Attributes:
        likeness: correlation on it, only to compare lines
    """

    tempo_ratio: float
    offset_s: float
    likeness: float


def align_by_line(reference: Recording, cover: Recording, *, any_tempo: bool) -> Aligned:
    """One segment on a straight line; its tempo ratio is 1 unless `any_tempo`."""
    harmony = [each.descriptors().harmony.T.astype(float) for each in (reference, cover)]
    found = estimate_normalisation(harmony[0], harmony[1], FRAME_RATE)
    in_key = [np.roll(each.descriptors().attack.T.astype(float), shift, axis=0)
              for each, shift in ((reference, 0), (cover, -found.semitones))]  # fmt: skip
    ratios = found.tempo_ratio * (1 + RATIO_STEPS) if any_tempo else np.ones(1)
    cover_harmony = found.in_key(harmony[1])
    lines = [_coarse_line(harmony[0], cover_harmony, float(ratio)) for ratio in ratios]
    line = _refined(max(lines, key=lambda each: each.likeness), in_key[0], in_key[1])
    durations_s = [each.features().duration_s for each in (reference, cover)]
    return Aligned(_map(line, durations_s[0], durations_s[1]))


def _coarse_line(reference: Matrix, cover: Matrix, tempo_ratio: float) -> Line:
    """The best offset at a tempo ratio."""
    step = COARSE_RATE / FRAME_RATE
    correlation, lags = _correlate(coarsen(reference, step), coarsen(cover, step * tempo_ratio))
    best = int(correlation.argmax())
    return Line(tempo_ratio, float(lags[best] / COARSE_RATE), float(correlation[best]))


def _refined(line: Line, reference: Matrix, cover: Matrix) -> Line:
    """The offset moved to where attacks coincide best."""
    correlation, lags = _correlate(_attacks(reference), _attacks(resample(cover, line.tempo_ratio)))
    near = np.abs(lags / FRAME_RATE - line.offset_s) <= FINE_REACH_S
    best = int(np.where(near, correlation, -np.inf).argmax())
    return replace(line, offset_s=float(lags[best] / FRAME_RATE))


def _attacks(attacks: Matrix) -> Matrix:
    return np.asarray(attacks - attacks.mean(axis=1, keepdims=True))


def _correlate(reference: Matrix, cover: Matrix) -> tuple[Matrix, npt.NDArray[np.int64]]:
    """Summed correlation of rows at every lag: reference frame = cover frame + lag."""
    correlation = sum(
        scipy.signal.correlate(ours, theirs, mode="full", method="fft")
        for ours, theirs in zip(reference, cover, strict=True)
    )
    lags = scipy.signal.correlation_lags(reference.shape[1], cover.shape[1], mode="full")
    return np.asarray(correlation), np.asarray(lags)


def _map(line: Line, reference_duration_s: float, cover_duration_s: float) -> TimeMap:
    """The line where both recordings last."""
    start_s = max(0.0, -line.offset_s / line.tempo_ratio)
    end_s = min(cover_duration_s, (reference_duration_s - line.offset_s) / line.tempo_ratio)
    if end_s - start_s < SHORTEST_S:
        return TimeMap()
    cover_s = np.array([start_s, end_s])
    return TimeMap((Segment.of(line.offset_s + line.tempo_ratio * cover_s, cover_s),))
