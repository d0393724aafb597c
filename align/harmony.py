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


def compare_harmony(reference: Matrix, cover: Matrix, semitones: int) -> Matrix:
    """Correlation of chroma along short diagonals, less `CHANCE`, at the rate of places.

    Parameters
    ----------
    reference, cover
        centred chroma, `descriptors.Descriptors.harmony`, (frames, 12)
    semitones
        by which the cover sounds higher

    Returns
    -------
    (place frames of the cover, place frames of the reference)
    """
    products = _coarsen(cover) @ np.roll(_coarsen(reference), semitones, axis=1).T
    return np.asarray(_smooth_along_tempo(products) - CHANCE, dtype=np.float32)


def _coarsen(matrix: Matrix) -> Matrix:
    """Hann-weighted means around every `PLACE_DECIMATION`-th frame, of norm 1 where not quiet."""
    window = np.hanning(2 * PLACE_DECIMATION + 3)[1:-1]
    smooth = scipy.ndimage.convolve1d(matrix, window / window.sum(), axis=0, mode="nearest")
    kept = smooth[::PLACE_DECIMATION]
    norm = np.linalg.norm(kept, axis=1, keepdims=True)
    return np.asarray(kept / np.maximum(norm, QUIET * float(np.median(norm)) + 1e-9))


def _smooth_along_tempo(similarity: Matrix) -> Matrix:
    """Mean over short diagonals, so that an order of chords counts more than one chord."""
    frames = CONTEXT_S * PLACE_RATE
    reach = round(2 * frames)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(similarity, reach, mode="edge")
    n_rows, n_columns = similarity.shape
    total = np.zeros_like(similarity)
    for lag, weight in zip(range(2 * reach + 1), weights / weights.sum(), strict=True):
        total += weight.astype(np.float32) * padded[lag : lag + n_rows, lag : lag + n_columns]
    return total
