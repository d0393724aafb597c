"""How far a recording's pitches lie from A = 440 Hz."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.audio import Audio

WINDOW_LENGTH = 8192
HOP_LENGTH = 11025
MIN_HZ, MAX_HZ = 150.0, 2000.0
PEAKS_PER_FRAME = 12


def estimate_tuning(audio: Audio) -> float:
    """Deviation in cents, -50..50, that makes spectral peaks fall on semitones.

    Peaks of every half second are placed by parabolic interpolation; their deviations from the
    equal-tempered grid are angles of a circle of 100 cents, averaged by magnitude.
    """
    spectra = _spectra(audio)
    bin_hz = audio.sample_rate / WINDOW_LENGTH
    low, high = int(MIN_HZ / bin_hz), int(MAX_HZ / bin_hz)
    log_spectra = np.log(spectra[:, low - 1 : high + 1] + 1e-9)
    before, here, after = log_spectra[:, :-2], log_spectra[:, 1:-1], log_spectra[:, 2:]
    curvature = before - 2 * here + after
    peaks = (here > before) & (here >= after) & _among_strongest(here)
    if not peaks.any():
        return 0.0
    shift = 0.5 * (before - after)[peaks] / curvature[peaks]
    bins = np.nonzero(peaks)[1] + low + shift
    cents = 1200 * np.log2(bins * bin_hz / 440.0)
    direction = np.sum(np.exp(here[peaks]) * np.exp(2j * np.pi * cents / 100))
    return float(np.angle(direction) / (2 * np.pi) * 100)


def _spectra(audio: Audio) -> npt.NDArray[np.float32]:
    samples = np.pad(audio.samples, (0, max(0, WINDOW_LENGTH - len(audio.samples))))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW_LENGTH)[::HOP_LENGTH]
    window = np.hanning(WINDOW_LENGTH).astype(np.float32)
    return np.abs(np.fft.rfft(frames * window, axis=1)).astype(np.float32)


def _among_strongest(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    count = levels.shape[1]
    threshold = np.partition(levels, count - 4 * PEAKS_PER_FRAME, axis=1)
    return levels >= threshold[:, count - 4 * PEAKS_PER_FRAME, None]
