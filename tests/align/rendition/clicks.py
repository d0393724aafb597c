"""Covers of a steady click, and where the clicks of their renditions lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

from catalog.time_map import Segment, TimeMap

SAMPLE_RATE = 44100
HIGHS = butter(4, 5000, "high", fs=SAMPLE_RATE, output="sos")
NEAR_S = 0.06

Times = npt.NDArray[np.float64]
Sound = npt.NDArray[np.float32]


@dataclass(frozen=True)
class ClickCover:
    """A cover of beats at known times over a quiet chord, in two channels, with its exact map."""

    beats_s: Times
    reference_s: Times
    sound: Sound

    @property
    def time_map(self) -> TimeMap:
        return TimeMap((Segment.of(self.reference_s, self.beats_s),))


def click_cover(rates: npt.ArrayLike, *, beat_s: float = 0.5, start_s: float = 1.0) -> ClickCover:
    """Between beats the cover plays at `rates`, seconds of cover per second of reference."""
    paces = np.asarray(rates, dtype=float)
    reference_s = start_s + beat_s * np.arange(len(paces) + 1)
    beats_s = 0.7 + np.concatenate([[0.0], np.cumsum(beat_s * paces)])
    return ClickCover(beats_s, reference_s, play_clicks(beats_s))


def play_clicks(beats_s: Times, *, click: float = 0.5, chord: float = 0.03) -> Sound:
    time_s = np.arange(round((beats_s[-1] + 1.0) * SAMPLE_RATE)) / SAMPLE_RATE
    tones = [np.sin(2 * np.pi * hz * time_s + hz) for hz in (220.0, 277.2, 329.6, 440.0, 659.3)]
    sound = chord * np.sum(tones, axis=0)
    decay_s = np.arange(round(0.03 * SAMPLE_RATE)) / SAMPLE_RATE
    rng = np.random.default_rng(1)
    for beat_s in beats_s:
        first = round(beat_s * SAMPLE_RATE)
        burst = rng.standard_normal(len(decay_s)) * np.exp(-decay_s / 0.006)
        sound[first : first + len(decay_s)] += click * burst
    return np.stack([sound, 0.5 * sound]).astype(np.float32)


def click_errors_ms(sound: npt.ArrayLike, beats_s: Times) -> Times:
    """By how much each click begins later than its beat, at a quarter of its power."""
    window = np.hanning(round(0.003 * SAMPLE_RATE))
    highs = sosfiltfilt(HIGHS, np.asarray(sound, dtype=float))
    power = np.convolve(highs**2, window / window.sum(), "same")
    near = round(NEAR_S * SAMPLE_RATE)
    errors_ms = []
    for beat_s in beats_s:
        first = max(0, round(beat_s * SAMPLE_RATE) - near)
        around = power[first : first + 2 * near]
        begins = first + int(np.argmax(around > around.max() / 4))
        errors_ms.append(1000 * (begins / SAMPLE_RATE - beat_s))
    return np.array(errors_ms)
