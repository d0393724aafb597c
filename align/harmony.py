"""How alike two recordings are by plain chroma, which nobody had to learn.

It tells apart sections that play other chords, and places of recordings whose notes are the same;
what arrangers change it takes for something else.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.descriptors import QUIET
from align.network.inputs import PLACE_DECIMATION, PLACE_RATE

Matrix = npt.NDArray[np.float32]

CONTEXT_S = 0.5
CHANCE = 0.2
"""Correlation below which two moments rather are not one place."""


def with_surroundings(harmony: Matrix) -> Matrix:
    """Chroma of every place frame with those around it, the nearer the more.

    The product of two such frames is the mean correlation along a short diagonal, so that an order
    of chords counts more than one chord.

    Parameters
    ----------
    harmony
        centred chroma, `descriptors.Descriptors.harmony`, (frames, 12)

    Returns
    -------
    (place frames, surrounding frames, 12)
    """
    coarse = _coarsen(harmony)
    reach = round(2 * CONTEXT_S * PLACE_RATE)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / (CONTEXT_S * PLACE_RATE)) ** 2)
    padded = np.pad(coarse, ((reach, reach), (0, 0)), mode="edge")
    frames = np.arange(len(coarse))[:, None] + np.arange(2 * reach + 1)
    shares = np.sqrt(weights / weights.sum())
    return np.asarray(padded[frames] * shares[:, None], dtype=np.float32)


def compare_harmony(reference: Matrix, cover: Matrix, semitones: int) -> Matrix:
    """Correlation of chroma along short diagonals, less `CHANCE`.

    Parameters
    ----------
    reference, cover
        see `with_surroundings`, (place frames, surrounding frames, 12)
    semitones
        by which the cover sounds higher

    Returns
    -------
    (place frames of the cover, place frames of the reference)
    """
    moved = np.roll(reference, semitones, axis=2)
    products = cover.reshape(len(cover), -1) @ moved.reshape(len(moved), -1).T
    return np.asarray(products - np.float32(CHANCE))


def _coarsen(matrix: Matrix) -> Matrix:
    """Hann-weighted means around every `PLACE_DECIMATION`-th frame, of norm 1 where not quiet."""
    window = np.hanning(2 * PLACE_DECIMATION + 3)[1:-1]
    smooth = scipy.ndimage.convolve1d(matrix, window / window.sum(), axis=0, mode="nearest")
    kept = smooth[::PLACE_DECIMATION]
    norm = np.linalg.norm(kept, axis=1, keepdims=True)
    return np.asarray(kept / np.maximum(norm, QUIET * float(np.median(norm)) + 1e-9))
