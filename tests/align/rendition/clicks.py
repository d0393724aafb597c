"""Covers of a steady click, and where the clicks of their renditions lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalog.time_map import Segment, TimeMap
from tests.align.evaluation.datasets.edited import clicks

SAMPLE_RATE = 44100

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
    """How much later than its beat each click begins."""
    return clicks.click_errors_ms(
        np.asarray(sound, dtype=float), beats_s, sample_rate=SAMPLE_RATE, above_hz=5000
    )
