"""Cover identification without learning: Qmax of a cross recurrence plot of chroma.

Serrà, Serra, Andrzejak, "Cross recurrence quantification for cover song identification", New
Journal of Physics 11, 2009; here with the product's chroma, key and tempo normalised first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.evaluation.methods.local_alignment import qmax
from align.evaluation.methods.method import Screened
from align.evaluation.methods.normalising import COARSE_RATE, coarsen, estimate_normalisation
from align.evaluation.methods.recording import Recording
from align.features import FRAME_RATE

Matrix = npt.NDArray[np.float64]

EMBEDDED_S = 4.0
NEAREST_SHARE = 0.095
"""Frames are recurrent that are among each other's nearest."""


def screen_by_qmax(reference: Recording, recording: Recording) -> Screened:
    """Length of the longest match, relative to the root of the reference's length."""
    harmony = [each.descriptors().harmony.T.astype(float) for each in (reference, recording)]
    normalisation = estimate_normalisation(harmony[0], harmony[1], FRAME_RATE)
    step = COARSE_RATE / FRAME_RATE
    embedded = [
        _embedded(coarsen(harmony[0], step)),
        _embedded(coarsen(normalisation.in_key(harmony[1]), step * normalisation.tempo_ratio)),
    ]
    longest = qmax(_recurrences(embedded[1].T @ embedded[0]))
    return Screened(longest / np.sqrt(embedded[0].shape[1]))


def _embedded(chroma: Matrix) -> Matrix:
    """Each frame together with those of the next seconds, (12 * frames embedded, frames)."""
    length = min(round(EMBEDDED_S * COARSE_RATE), chroma.shape[1])
    windows = np.lib.stride_tricks.sliding_window_view(chroma, length, axis=1)
    return np.asarray(windows.transpose(0, 2, 1).reshape(-1, windows.shape[1]))


def _recurrences(likeness: Matrix) -> npt.NDArray[np.bool_]:
    """Pairs of frames that are near from both sides, same shape."""
    by_row = np.quantile(likeness, 1 - NEAREST_SHARE, axis=1, keepdims=True)
    by_column = np.quantile(likeness, 1 - NEAREST_SHARE, axis=0, keepdims=True)
    return np.asarray((likeness >= by_row) & (likeness >= by_column))
