"""Plain DTW and subsequence DTW over constant-Q chroma, as librosa offers them.

McFee et al., "librosa: Audio and music signal analysis in Python", SciPy 2015; Müller,
"Fundamentals of Music Processing", 2nd ed. 2021, chapters 3 and 7. Memory grows with the product
of the lengths, so frames are coarser the longer the recordings are.

With the steps of plain DTW a subsequence match degenerates: the query may stand still at the one
moment of the other recording that it resembles most, which costs it nothing more than going on
(section 7.2.3 there). So both move on in every step, at half to double speed.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from align.audio import SAMPLE_RATE
from align.evaluation.methods.method import Aligned
from align.evaluation.methods.normalising import estimate_normalisation
from align.evaluation.methods.paths import map_of_path
from align.evaluation.methods.recording import Recording
from catalog.errors import InputError

Matrix = npt.NDArray[np.float64]

HOP_LENGTHS = (512, 1024, 2048, 4096)
MOST_CELLS = 30_000_000
"""[cells] * 20 bytes: cost, accumulated cost and step of librosa take 600 MB at most."""
SILENCE = 1e-3
SUBSEQUENCE_STEPS = np.array([[1, 1], [1, 2], [2, 1]])
"""[frames] of the query, the shorter recording, and of the one that it is searched in."""


def require_librosa() -> None:
    """Raise an InputError where librosa is not installed."""
    if find_spec("librosa") is None:
        raise InputError("this method needs librosa: pip install 'infinite-covers[evaluate]'")


def align_by_dtw(reference: Recording, cover: Recording, *, subsequence: bool) -> Aligned:
    """One segment over both whole recordings, or over the part of the reference that is played."""
    hop_length = _hop_length(reference, cover)
    frame_rate = SAMPLE_RATE / hop_length
    chroma = [_chroma(each, hop_length) for each in (reference, cover)]
    normalisation = estimate_normalisation(chroma[0], chroma[1], frame_rate)
    scaled = normalisation.in_key(normalisation.scaled(chroma[1]))
    path = warp(_audible(chroma[0]), _audible(scaled), subsequence=subsequence)
    return Aligned(map_of_path(path, frame_rate, normalisation))


def warp(reference: Matrix, cover: Matrix, *, subsequence: bool) -> Matrix:
    """The path of least cosine distance, frames of the reference and of the cover, (2, steps).

    Parameters
    ----------
    reference, cover
        (bins, frames), no column all 0
    subsequence
        whether only the shorter of the two has to be matched from end to end; each of its frames
        then counts once, however fast the path is
    """
    import librosa

    _, steps = librosa.sequence.dtw(
        X=cover,
        Y=reference,
        metric="cosine",
        step_sizes_sigma=SUBSEQUENCE_STEPS if subsequence else None,
        weights_mul=SUBSEQUENCE_STEPS[:, 0].astype(float) if subsequence else None,
        subseq=subsequence,
    )
    return np.asarray(steps[::-1, ::-1].T, dtype=float)  # from the end, (cover, reference)


def _hop_length(reference: Recording, cover: Recording) -> int:
    samples = float(len(reference.audio().samples)) * len(cover.audio().samples)
    fine_enough = [each for each in HOP_LENGTHS if samples / each**2 <= MOST_CELLS]
    return fine_enough[0] if fine_enough else HOP_LENGTHS[-1]


def _chroma(recording: Recording, hop_length: int) -> Matrix:
    return recording.workspace.keep(
        recording.file, f"chroma-cqt-{hop_length}", lambda: _chroma_cqt(recording, hop_length)
    )


def _chroma_cqt(recording: Recording, hop_length: int) -> Matrix:
    import librosa

    audio = recording.audio()
    chroma = librosa.feature.chroma_cqt(
        y=audio.samples, sr=audio.sample_rate, hop_length=hop_length
    )
    return np.asarray(chroma, dtype=float)


def _audible(chroma: Matrix) -> Matrix:
    """Without columns of zeros, whose cosine distance is not defined."""
    return np.asarray(np.maximum(chroma, SILENCE))
