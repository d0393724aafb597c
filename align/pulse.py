"""A network's activations -> beats, their places in the bar and the tempo.

Which pulse is the beat is the network's word: nothing here prefers a tempo.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt
import scipy.signal

from align.bar_positions import place_beats
from align.beat_model import beat_model
from align.beat_search import search
from align.beat_search_madmom import search_by_madmom
from align.evidence import Activation, clear_level, evidence

Seconds = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

LIKELY_SHARE = 0.33
"""A beat is likely from this share of what the recording's clear beats reach."""
PEAK_REACH_FRAMES = 2


@dataclass(frozen=True)
class Pulse:
    """Beats and bars of one recording.

    Attributes:
        beats_s: strictly increasing, (beats,)
        positions: 1-based place of each beat in its bar, (beats,)
    """

    beats_s: Seconds
    positions: Positions

    @property
    def downbeats_s(self) -> Seconds:
        """Beats that begin a bar, (downbeats,)."""
        return np.asarray(self.beats_s[self.positions == 1])

    @property
    def tempo_bpm(self) -> float | None:
        """Median tempo, `None` with fewer than two beats."""
        if len(self.beats_s) < 2:
            return None
        # [60 s/min] / [s/beat] = [beats/min]
        return float(60.0 / np.median(np.diff(self.beats_s)))


def decode_pulse(
    beat_activation: Activation,
    downbeat_activation: Activation,
    *,
    frame_rate: float = 50.0,
    decoder: str | None = None,
) -> Pulse:
    """Find the beats and bars that two activations speak for.

    Parameters
    ----------
    beat_activation
        likelihood of a beat, downbeats included, 0..1, (frames,)
    downbeat_activation
        likelihood of a downbeat, 0..1, (frames,)
    frame_rate
        of both, frames per second
    decoder
        `madmom` or `own`, which find the same; the one of `decoder_name` where `None`
    """
    find = search_by_madmom if (decoder or decoder_name()) == "madmom" else search
    if not len(beat_activation):
        return Pulse(np.zeros(0), np.zeros(0, np.int64))
    worth = _worth(beat_activation)
    frames = find(worth, beat_model(frame_rate))
    peaks = _peaks(_heard(frames, worth), beat_activation)
    beats_s = _between_frames(peaks, beat_activation) / frame_rate
    positions = place_beats(beats_s, downbeat_activation, frame_rate=frame_rate)
    return Pulse(beats_s, positions)


@lru_cache(maxsize=1)
def decoder_name() -> str:
    """Which decoder runs here: `madmom` where it can be imported, else `own`."""
    return "madmom" if find_spec("madmom") is not None else "own"


def _worth(activation: Activation) -> npt.NDArray[np.float64]:
    """Evidence of a beat in each frame, (frames,)."""
    peaks, _ = scipy.signal.find_peaks(activation)
    return evidence(activation, LIKELY_SHARE * clear_level(activation[peaks]))


def _heard(frames: Indices, worth: npt.NDArray[np.float64]) -> Indices:
    """Beats from the first to the last that the activation speaks for."""
    likely = np.flatnonzero(worth[frames] > 0)
    return frames[likely[0] : likely[-1] + 1] if len(likely) else frames[:0]


def _peaks(frames: Indices, activation: Activation) -> Indices:
    """Frame of the highest activation near each beat, (beats,)."""
    padded = np.pad(activation, PEAK_REACH_FRAMES, constant_values=-1.0)
    near = frames[:, None] + np.arange(2 * PEAK_REACH_FRAMES + 1)
    return np.asarray(frames - PEAK_REACH_FRAMES + padded[near].argmax(axis=1))


def _between_frames(peaks: Indices, activation: Activation) -> npt.NDArray[np.float64]:
    """Tops of the parabolas through the logarithms around each peak, in frames, (beats,).

    The logarithm of a Gaussian is a parabola, so a smooth peak's top is found exactly.
    """
    level = np.pad(np.log(np.maximum(activation, 1e-6)), 1, mode="edge")
    before, here, after = level[peaks], level[peaks + 1], level[peaks + 2]
    curvature = before - 2 * here + after
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.where(curvature < 0, 0.5 * (before - after) / curvature, 0.0)
    return np.asarray(peaks + np.clip(shift, -0.5, 0.5), dtype=np.float64)
