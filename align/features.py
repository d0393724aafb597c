"""Mono samples -> log-frequency spectrograms: the model-independent features of a recording.

Two views at 50 frames per second, both on a grid that follows the recording's own tuning:
`pitch` resolves thirds of a semitone with a long window, `attack` resolves time with a short
one. They are stored as bytes (about 3 MB for 4 minutes), so that a recording whose media has
been dropped can be aligned again by another model.

Frame `i` is centred on `i / FRAME_RATE` seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.fft

from align.audio import SAMPLE_RATE, Audio
from align.tuning import estimate_tuning

Matrix = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

FEATURE_VERSION = 1
"""Part of every cache key: raise it whenever a stored value would change."""

HOP_LENGTH = 441
FRAME_RATE = SAMPLE_RATE // HOP_LENGTH  # [samples/s] / [samples/frame] = [frames/s]
RANGE_DB = 80.0
"""Level below the recording's loudest bin that is still told apart."""
FRAMES_PER_BLOCK = 1024


@dataclass(frozen=True)
class View:
    """One spectrogram: its window and its grid of pitches."""

    window_length: int
    lowest_midi: int
    n_semitones: int
    bins_per_semitone: int

    @property
    def n_bins(self) -> int:
        """Number of bins."""
        return self.n_semitones * self.bins_per_semitone

    def midi(self) -> npt.NDArray[np.float64]:
        """MIDI number of each bin's centre, (bins,); a semitone's bins are centred on it."""
        offset = (self.bins_per_semitone - 1) / 2
        return self.lowest_midi + (np.arange(self.n_bins) - offset) / self.bins_per_semitone


PITCH = View(window_length=4096, lowest_midi=33, n_semitones=72, bins_per_semitone=3)
ATTACK = View(window_length=1024, lowest_midi=57, n_semitones=48, bins_per_semitone=1)


@dataclass(frozen=True)
class Features:
    """What is kept of a recording's sound.

    Attributes:
        pitch: level of each `PITCH` bin, 255 the recording's loudest, 0 `RANGE_DB` below,
            (frames, 216)
        attack: the same for `ATTACK`, (frames, 48)
        tuning_cents: deviation from A = 440 Hz that the grids follow, -50..50
        duration_s: length of the recording
    """

    pitch: Bytes
    attack: Bytes
    tuning_cents: float
    duration_s: float

    @property
    def n_frames(self) -> int:
        """Number of frames of both views."""
        return len(self.pitch)


def compute_features(audio: Audio) -> Features:
    """Measure the tuning and both spectrograms of a recording."""
    tuning_cents = estimate_tuning(audio)
    return Features(
        pitch=_quantise(_log_spectrogram(audio, PITCH, tuning_cents)),
        attack=_quantise(_log_spectrogram(audio, ATTACK, tuning_cents)),
        tuning_cents=tuning_cents,
        duration_s=audio.duration_s,
    )


def magnitudes(levels: Bytes) -> Matrix:
    """Undo the byte scale: magnitude relative to the loudest bin, same shape, 0..1."""
    table = 10.0 ** ((np.arange(256) / 255.0 - 1.0) * RANGE_DB / 20.0)
    table[0] = 0.0
    return np.asarray(table.astype(np.float32)[levels])


def spectrum_blocks(audio: Audio, window_length: int, *, step: int = 1) -> list[Matrix]:
    """Magnitude spectra of every `step`-th frame, in blocks of (frames, window_length / 2 + 1)."""
    half = window_length // 2
    padded = np.pad(audio.samples, (half, half + HOP_LENGTH))
    n_frames = len(audio.samples) // HOP_LENGTH + 1
    frames = np.lib.stride_tricks.sliding_window_view(padded, window_length)
    frames = frames[: n_frames * HOP_LENGTH : HOP_LENGTH * step]
    window = np.hanning(window_length + 1)[:-1].astype(np.float32)
    return [
        np.abs(scipy.fft.rfft(frames[start : start + FRAMES_PER_BLOCK] * window, axis=1))
        for start in range(0, len(frames), FRAMES_PER_BLOCK)
    ]


def _log_spectrogram(audio: Audio, view: View, tuning_cents: float) -> Matrix:
    filters = _filterbank(view, tuning_cents, audio.sample_rate)
    blocks = spectrum_blocks(audio, view.window_length)
    return np.concatenate([block @ filters for block in blocks])


def _filterbank(view: View, tuning_cents: float, sample_rate: int) -> Matrix:
    """Triangles on the pitch grid, never narrower than one FFT bin, (fft bins, bins)."""
    fft_hz = np.fft.rfftfreq(view.window_length, 1 / sample_rate)
    centre_hz = 440.0 * 2.0 ** ((view.midi() - 69 + tuning_cents / 100) / 12)
    width_hz = centre_hz * (2.0 ** (1 / (12 * view.bins_per_semitone)) - 1)
    width_hz = np.maximum(width_hz, fft_hz[1])
    triangles = 1 - np.abs(fft_hz[:, None] - centre_hz) / width_hz
    return np.asarray(np.maximum(triangles, 0), dtype=np.float32)


def _quantise(spectrogram: Matrix) -> Bytes:
    loudest = max(float(spectrogram.max()), 1e-9)
    level_db = 20 * np.log10(np.maximum(spectrogram / loudest, 1e-9))
    scaled = np.clip(1 + level_db / RANGE_DB, 0, 1) * 255
    return np.asarray(np.round(scaled), dtype=np.uint8)
