"""Features -> what two recordings of one song have in common, frame by frame.

`harmony` says which pitch classes sound, `pitch` in which octave, `attack` which begin to sound.
A learned embedding takes their place by filling the same type, or one more field of it, with
columns that a transposition moves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.features import ATTACK, FRAME_RATE, PITCH, Features, View, magnitudes

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]

HARMONY_COMPRESSION = 10.0
ATTACK_COMPRESSION = 1000.0
ATTACK_SPAN_FRAMES = 2
ATTACK_DECAY = np.sqrt(1 / np.arange(1, 11))
"""Decay of an attack over 10 frames: Müller, Ewert, Kreuzer, ICASSP 2009 (DLNCO)."""
LOCAL_NORM_S = 0.5
QUIET = 0.3
"""Rows that differ from the mean less than this share of the median row are not blown up."""


@dataclass(frozen=True)
class Descriptors:
    """Rows of all matrices have a norm of about 1, less where little sounds or begins.

    Attributes:
        harmony: pitch classes that sound, C first, (frames, 12)
        pitch: semitones that sound, lowest first, (frames, 72)
        attack: pitch classes that begin to sound, C first, (frames, 12)
    """

    harmony: Matrix
    pitch: Matrix
    attack: Matrix
    frame_rate: float = FRAME_RATE

    def transposed(self, semitones: int) -> Descriptors:
        """The same music, sounding `semitones` higher."""
        return Descriptors(
            harmony=np.roll(self.harmony, semitones, axis=1),
            pitch=scipy.ndimage.shift(self.pitch, (0, semitones), order=0, prefilter=False),
            attack=np.roll(self.attack, semitones, axis=1),
            frame_rate=self.frame_rate,
        )


def describe(features: Features) -> Descriptors:
    """Chroma, semitones and short-window flux chroma of a recording.

    What all frames of a recording share, its key's and timbre's profile or a drone, is taken out
    of chroma and semitones, so unrelated moments have a similarity of about zero.
    """
    bins = magnitudes(features.pitch)
    semitones = bins.reshape(len(bins), PITCH.n_semitones, PITCH.bins_per_semitone).sum(axis=2)
    semitones = np.log1p(HARMONY_COMPRESSION * semitones)
    return Descriptors(
        harmony=_centred(_normalised(fold(semitones, PITCH))),
        pitch=_centred(semitones),
        attack=_attack(features),
    )


def _attack(features: Features) -> Matrix:
    chroma = fold(_flux(magnitudes(features.attack)), ATTACK)
    norm = np.linalg.norm(chroma, axis=1)
    reach = 2 * round(LOCAL_NORM_S * FRAME_RATE) + 1
    local = scipy.ndimage.maximum_filter1d(norm, reach)
    normalised = chroma / np.maximum(local, 0.1 * float(norm.max()) + 1e-9)[:, None]
    return _decay(normalised)


def _flux(levels: Matrix) -> Matrix:
    """Rise of the compressed level over `ATTACK_SPAN_FRAMES`, centred, same shape."""
    compressed = np.log1p(ATTACK_COMPRESSION * levels)
    half = ATTACK_SPAN_FRAMES // 2
    padded = np.pad(compressed, ((half, half), (0, 0)), mode="edge")
    return np.asarray(np.maximum(padded[2 * half :] - padded[: -2 * half], 0))


def _decay(attacks: Matrix) -> Matrix:
    decayed = attacks.copy()
    for delay, weight in enumerate(ATTACK_DECAY[1:], start=1):
        shifted = np.zeros_like(attacks)
        shifted[delay:] = weight * attacks[:-delay]
        decayed = np.maximum(decayed, shifted)
    return decayed


def fold(semitones: Matrix, view: View) -> Matrix:
    """Sum a view's semitones over octaves, C first: (frames, semitones) -> (frames, 12)."""
    octaves = semitones.reshape(len(semitones), -1, 12).sum(axis=1)
    return np.asarray(np.roll(octaves, view.lowest_midi % 12, axis=1))


def _normalised(matrix: Matrix) -> Matrix:
    norm = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(norm, 0.05 * float(norm.max()) + 1e-9))


def _centred(matrix: Matrix) -> Matrix:
    """Rows less their mean, of norm 1 except where they hardly differ from it."""
    centred = matrix - matrix.mean(axis=0)
    norm = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(norm, QUIET * float(np.median(norm)) + 1e-9))
