"""Key and global tempo of a cover against its reference, so that no baseline fails by these.

Windows of the cover's chroma are correlated with the whole reference at every transposition and
over a grid of tempo ratios; the pair that lets the windows find their best places wins. Windows
may lie anywhere, so cuts, repeats and foreign material do not spoil the estimate. It is the
features that are time-scaled, never the sound. Ratios near 1 are left alone: within a few percent
a DTW loses nothing, and scaling would blur its attacks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.fft
import scipy.ndimage

Matrix = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float64]

COARSE_RATE = 5.0
SMOOTHING_S = 0.8
WINDOW_S = 20.0
WINDOW_STEP_S = 10.0
RATIOS: Grid = 2.0 ** np.linspace(-1, 1, 49)
"""Steps of 2.9 %: a window drifts by 0.3 s at most."""
EMPHASIS = 4
UNTOUCHED = 0.06
"""Tempo ratios that are not corrected differ from 1 by less."""
NO_RATIO_BONUS = 1.01
"""Another ratio than 1 has to be better by this factor."""


@dataclass(frozen=True)
class Normalisation:
    """What brings a cover's features to the reference's key and tempo.

    Attributes:
        semitones: how much higher the cover sounds, -6..5
        tempo_ratio: seconds of reference per second of cover
        likeness: power mean of the windows' correlations at their best places, 0..1
    """

    semitones: int
    tempo_ratio: float
    likeness: float

    @property
    def stretch(self) -> float:
        """By how much the cover's features are lengthened: the ratio, or 1 when near it."""
        return 1.0 if abs(self.tempo_ratio - 1) < UNTOUCHED else self.tempo_ratio

    def scaled(self, features: Matrix) -> Matrix:
        """A cover's features at the reference's tempo, (bins, frames) -> (bins, frames)."""
        if self.stretch == 1.0:
            return features
        return resample(features, self.stretch)

    def in_key(self, chroma: Matrix) -> Matrix:
        """A cover's chroma in the reference's key, (12, frames), C first."""
        return np.roll(chroma, -self.semitones, axis=0)


def resample(features: Matrix, stretch: float) -> Matrix:
    """Features with frames `stretch` times as dense, by linear interpolation."""
    n_frames = features.shape[1]
    at = np.arange(int((n_frames - 1) * stretch) + 1) / stretch
    frames = np.arange(n_frames)
    return np.array([np.interp(at, frames, row) for row in features])


def estimate_normalisation(reference: Matrix, cover: Matrix, frame_rate: float) -> Normalisation:
    """Key and tempo ratio jointly.

    Parameters
    ----------
    reference, cover
        chroma, (12, frames)
    frame_rate
        frames per second of both
    """
    coarse = coarsen(reference, COARSE_RATE / frame_rate)
    likeness = np.array(
        [_likeness(coarse, coarsen(cover, COARSE_RATE / frame_rate * ratio)) for ratio in RATIOS]
    )  # (ratios, 12)
    weighed = likeness.copy()
    weighed[np.isclose(RATIOS, 1)] *= NO_RATIO_BONUS
    ratio, shift = np.unravel_index(int(weighed.argmax()), weighed.shape)
    semitones = int((shift + 6) % 12 - 6)
    between = _peak(np.log2(RATIOS), likeness[:, shift], int(ratio))
    return Normalisation(semitones, float(2.0**between), float(likeness[ratio, shift]))


def coarsen(chroma: Matrix, stretch: float) -> Matrix:
    """Smoothed, resampled chroma less its mean, columns of norm 1, (12, coarse frames)."""
    smooth = scipy.ndimage.gaussian_filter1d(
        chroma.astype(float), SMOOTHING_S * COARSE_RATE / stretch / 2, axis=1
    )
    coarse = resample(smooth, stretch)
    centred = coarse - coarse.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(centred, axis=0)
    return np.asarray(centred / np.maximum(norm, 0.3 * float(np.median(norm)) + 1e-9))


def _likeness(reference: Matrix, cover: Matrix) -> npt.NDArray[np.float64]:
    """Mean over windows of the best correlation at each transposition of the cover, (12,).

    It is a power mean, so that windows of foreign material hardly have a say.
    """
    length = min(round(WINDOW_S * COARSE_RATE), cover.shape[1], reference.shape[1])
    starts = range(0, cover.shape[1] - length + 1, round(WINDOW_STEP_S * COARSE_RATE))
    best = [_best_places(reference, cover[:, start : start + length]) for start in starts]
    powers = np.maximum(best, 0) ** EMPHASIS
    return np.asarray(powers.mean(axis=0) ** (1 / EMPHASIS))


def _best_places(reference: Matrix, window: Matrix) -> npt.NDArray[np.float64]:
    """Largest correlation of a window with any stretch of the reference, by transposition."""
    n_lags = reference.shape[1] - window.shape[1] + 1
    size = (12, scipy.fft.next_fast_len(reference.shape[1], real=True))
    spectra = np.conj(scipy.fft.rfft2(reference, size)) * scipy.fft.rfft2(window, size)
    correlation = scipy.fft.irfft2(spectra, size)  # (shift of the window, -lag)
    lags = -np.arange(n_lags)
    return np.asarray(correlation[:, lags].max(axis=1) / window.shape[1])


def _peak(places: Grid, heights: Grid, at: int) -> float:
    """Place of a maximum between grid points, by the parabola through its neighbours."""
    if not 0 < at < len(heights) - 1:
        return float(places[at])
    before, here, after = heights[at - 1 : at + 2]
    curvature = before - 2 * here + after
    shift = 0.0 if curvature >= 0 else 0.5 * (before - after) / curvature
    return float(places[at] + shift * (places[1] - places[0]))
