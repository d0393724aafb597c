"""Stored features -> what the networks see: levels against the recording's own slow loudness.

All matrices have time first and bins last. Transposing moves the pitches of a recording before a
network hears it, so that one set of weights serves every key.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.features import ATTACK, FRAME_RATE, PITCH, RANGE_DB, Features, View

Matrix = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

PLACE_DECIMATION = 8
PLACE_RATE = FRAME_RATE / PLACE_DECIMATION  # [frames/s]
DEPTH_DB = 60.0
"""What lies further below the loudest bin of its surroundings is taken for silence."""
HEADROOM = 1.25
GAIN_S = 3.0
"""Half width of the surroundings: louder and softer stretches look alike."""
RISE_GAIN = 4.0


@dataclass(frozen=True)
class Levels:
    """Level of each bin over the last `DEPTH_DB` below its surroundings' loudest, 0..`HEADROOM`.

    Attributes:
        pitch: (frames, 216)
        attack: (frames, 48)
    """

    pitch: Matrix
    attack: Matrix

    @classmethod
    def of(cls, features: Features) -> Levels:
        """The levels of a recording."""
        return cls(_relative(features.pitch), _relative(features.attack))

    def transposed(self, semitones: int) -> Levels:
        """The same, sounding `semitones` higher; what enters at the edge is silent."""
        if semitones == 0:
            return self
        return Levels(_moved(self.pitch, semitones, PITCH), _moved(self.attack, semitones, ATTACK))


def place_view(pitch: Matrix) -> Matrix:
    """Mean level and rise of both halves of eight frames: (frames, 216) -> (frames / 8, 4, 216).

    Place frame `i` is centred on the eight frames from `8 i` on.
    """
    n_frames = -(-len(pitch) // PLACE_DECIMATION)
    missing = n_frames * PLACE_DECIMATION - len(pitch)
    padded = np.pad(pitch, ((1, missing), (0, 0)), mode="edge")
    rises = RISE_GAIN * np.maximum(np.diff(padded, axis=0), 0)
    shape = (n_frames, 2, PLACE_DECIMATION // 2, pitch.shape[1])
    means = [each.reshape(shape).mean(axis=2) for each in (padded[1:], rises)]
    return np.concatenate(means, axis=1)


def place_times(n_frames: int) -> npt.NDArray[np.float64]:
    """Centre of each place frame in seconds, (place frames,)."""
    middle = (PLACE_DECIMATION - 1) / 2 / PLACE_DECIMATION
    return np.asarray((np.arange(n_frames) + middle) / PLACE_RATE, dtype=np.float64)


def pulse_view(levels: Matrix) -> Matrix:
    """Level and centred rise over two frames: (frames, bins) -> (frames, 2, bins)."""
    rises = np.zeros_like(levels)
    np.maximum(levels[2:] - levels[:-2], 0, out=rises[1:-1])
    return np.stack([levels, RISE_GAIN / 2 * rises], axis=1)


def _relative(levels: Bytes) -> Matrix:
    level_db = levels.astype(np.float32) * np.float32(RANGE_DB / 255)
    reach = round(GAIN_S * FRAME_RATE)
    peak_db = scipy.ndimage.maximum_filter1d(level_db.max(axis=1), 2 * reach + 1, mode="nearest")
    gain_db = scipy.ndimage.uniform_filter1d(peak_db, 2 * reach + 1, mode="nearest")
    relative = (level_db - gain_db[:, None]) / np.float32(DEPTH_DB) + 1
    return np.asarray(np.clip(relative, 0, HEADROOM), dtype=np.float32)


def _moved(levels: Matrix, semitones: int, view: View) -> Matrix:
    shift = semitones * view.bins_per_semitone
    moved = np.zeros_like(levels)
    if shift > 0:
        moved[..., shift:] = levels[..., :-shift]
    else:
        moved[..., :shift] = levels[..., -shift:]
    return moved
