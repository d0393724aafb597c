"""Is a run a copy of the very same sound? Then its place is known to the sample.

Short windows of cover and reference are compared by generalised cross-correlation with phase
transform (Knapp, Carter, IEEE TASSP 24(4), 1976): phases agree only where the waveform is the
same, whatever equaliser, codec or level it went through. A copy's offsets lie on one line,
`reference = offset + rate * cover`; a new performance has no peak anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.fft

from align.audio import Audio
from align.refinement import FineRun

Seconds = npt.NDArray[np.float64]

WINDOW_S = 3.0
N_WINDOWS = 12
SEARCH_S = 0.25
LOW_HZ, HIGH_HZ = 100.0, 4000.0
LEAST_COHERENCE = 0.1
"""New performances stay below .055 with these windows; copies reach .4 and more."""
LEAST_SHARE = 0.6
STRAIGHT_S = 0.005


@dataclass(frozen=True)
class Lock:
    """What the waveforms say of a run.

    Attributes:
        run: the run on a straight line where the lock holds, else as it was
        coherence: median share of the band whose phases agree, 0..1
        holds: whether enough windows agree on one line
    """

    run: FineRun
    coherence: float
    holds: bool


@dataclass(frozen=True)
class _Offsets:
    cover_s: Seconds  # (windows,)
    reference_s: Seconds  # (windows,)
    coherence: Seconds  # (windows,)


def lock_to_waveform(reference: Audio, cover: Audio, fine: FineRun) -> Lock:
    """Look for one straight line on which both waveforms agree."""
    offsets = _measure_offsets(reference, cover, fine)
    good = offsets.coherence >= LEAST_COHERENCE
    coherence = float(np.median(offsets.coherence)) if len(good) else 0.0
    if good.sum() < 2 or good.mean() < LEAST_SHARE:
        return Lock(fine, coherence, holds=False)
    rate, offset_s = _robust_line(offsets.cover_s[good], offsets.reference_s[good])
    error_s = np.abs(offset_s + rate * offsets.cover_s - offsets.reference_s)
    if float((good & (error_s < STRAIGHT_S)).mean()) < LEAST_SHARE:
        return Lock(fine, coherence, holds=False)
    straight = _straighten(fine, rate, offset_s, reference.duration_s)
    return Lock(straight, coherence, holds=True)


def _straighten(fine: FineRun, rate: float, offset_s: float, reference_end_s: float) -> FineRun:
    """The run on its line, as far as the reference has sound."""
    reference_s = offset_s + rate * fine.cover_s
    there = (reference_s >= 0) & (reference_s <= reference_end_s)
    return FineRun(
        fine.cover_s[there], reference_s[there], fine.cost[there], fine.chance_cost[there]
    )


def _measure_offsets(reference: Audio, cover: Audio, fine: FineRun) -> _Offsets:
    start_s, end_s = float(fine.cover_s[0]), float(fine.cover_s[-1])
    margin_s = min(WINDOW_S / 2 + 1.0, (end_s - start_s) / 3)
    centres = np.linspace(start_s + margin_s, end_s - margin_s, N_WINDOWS)
    rate, _ = _robust_line(fine.cover_s[::25], fine.reference_s[::25])
    measured = [
        _offset_at(reference, cover, each, float(fine.reference_at(each)), rate) for each in centres
    ]
    return _Offsets(
        cover_s=centres,
        reference_s=np.array([each[0] for each in measured]),
        coherence=np.array([each[1] for each in measured]),
    )


def _offset_at(
    reference: Audio, cover: Audio, cover_s: float, reference_s: float, rate: float
) -> tuple[float, float]:
    """Reference time heard at a cover time, and how much of the band agrees on it."""
    sample_rate = cover.sample_rate
    steps = np.arange(round(WINDOW_S * sample_rate)) - round(WINDOW_S * sample_rate / 2)
    window = np.hanning(len(steps))
    heard = window * sample_at(cover, cover_s * sample_rate + steps)
    there = window * sample_at(reference, reference_s * sample_rate + rate * steps)
    lag, coherence = _phase_correlation(there, heard, sample_rate)
    return reference_s + rate * lag / sample_rate, coherence


def sample_at(audio: Audio, positions: npt.NDArray[Any]) -> Seconds:
    """Sound between its samples, 0 beyond both ends.

    Only the samples around the positions are handed on: `np.interp` copies whatever it gets.

    Parameters
    ----------
    positions
        in samples, in any order, (positions,)
    """
    n_samples = len(audio.samples)
    start = int(np.clip(np.floor(positions.min()), 0, n_samples - 1))
    stop = int(np.clip(np.floor(positions.max()) + 2, start + 1, n_samples))
    clock = np.arange(start, stop)
    return np.asarray(np.interp(positions, clock, audio.samples[start:stop], left=0, right=0))


def _phase_correlation(there: Seconds, heard: Seconds, sample_rate: int) -> tuple[float, float]:
    """Lag of `there` after `heard` in samples, and the height of the peak, 0..1."""
    size = scipy.fft.next_fast_len(2 * len(there))
    cross = scipy.fft.rfft(there, size) * np.conj(scipy.fft.rfft(heard, size))
    hz = scipy.fft.rfftfreq(size, 1 / sample_rate)
    band = (hz >= LOW_HZ) & (hz <= HIGH_HZ)
    phases = np.where(band, cross / (np.abs(cross) + 1e-12), 0)
    correlation = scipy.fft.irfft(phases, size) * size / (2 * band.sum())
    reach = round(SEARCH_S * sample_rate)
    near = np.concatenate([correlation[-reach:], correlation[: reach + 1]])
    peak = int(np.argmax(near))
    return float(peak - reach), float(near[peak])


def _robust_line(cover_s: Seconds, reference_s: Seconds) -> tuple[float, float]:
    """Slope and intercept by Theil and Sen: medians over all pairs."""
    first, second = np.triu_indices(len(cover_s), k=1)
    runs = cover_s[second] - cover_s[first]
    far = runs > 0.25 * float(runs.max())
    slopes = (reference_s[second] - reference_s[first])[far] / runs[far]
    rate = float(np.median(slopes))
    return rate, float(np.median(reference_s - rate * cover_s))
