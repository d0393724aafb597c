"""The tracker's own pipeline, jumps, outside state and refinement, on features nobody learned.

Chroma for places, semitones and short-window flux for attacks: what the tracker was before it had
networks, with the prices that were chosen for it then. It shows what the networks are worth.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.ndimage

from align.alignment import place_by
from align.band import CostWeights, FineRows
from align.descriptors import QUIET, Descriptors
from align.evaluation.methods.method import Aligned, Screened
from align.evaluation.methods.recording import Recording
from align.features import FRAME_RATE
from align.knots import build_time_map
from align.likeness import Boundaries
from align.matching import MatchingConfig
from align.refinement import Pass, RefinementConfig
from catalog.time_map import TimeMap

Matrix = npt.NDArray[np.float32]

DECIMATION = 8
CONTEXT_S = 0.5
FRAME_PRICE = 0.2
HARMONY_SHARE, PITCH_SHARE = 1 / 6, 5 / 6
LEAST_SCORE = 0.22
CONFIG = MatchingConfig(
    weight=1.0, jump=15.6, leave=9.4, enter=9.4, landing=0.0, breaking=0.0, tempo_change=0.5,
    odd_tempo=6.25, keys_tried=12,
)  # fmt: skip
FINE = RefinementConfig((Pass(1.0, 0.4, 1.0), Pass(0.5, 0.3, 0.06)), CostWeights(0.6, 0.4))


@dataclass(frozen=True)
class UnlearnedLikeness:
    """Correlation of chroma less its mean; see `align.likeness.Likeness`."""

    reference: Descriptors
    cover: Descriptors
    coarse_rate: float = FRAME_RATE / DECIMATION

    def log_odds(self, semitones: int) -> Matrix:
        """Correlation along short diagonals, less the price of a frame."""
        reference = np.roll(_coarsen(self.reference.harmony), semitones, axis=1)
        products = _coarsen(self.cover.harmony) @ reference.T
        smooth = _smooth_along_tempo(products, CONTEXT_S * self.coarse_rate)
        return np.asarray(smooth - FRAME_PRICE, dtype=np.float32)

    def boundaries(self) -> Boundaries:
        """None are known."""
        n_frames = (-(-len(each.harmony) // DECIMATION) for each in (self.reference, self.cover))
        return Boundaries(*(np.zeros(n, np.float32) for n in n_frames))

    def fine_rows(self, semitones: int) -> tuple[FineRows, FineRows]:
        """Chroma and semitones side by side."""
        return _rows(self.reference.transposed(semitones)), _rows(self.cover)


def align_unlearned(reference: Recording, cover: Recording) -> Aligned:
    """The map, and a verdict by the path's score alone."""
    likeness = UnlearnedLikeness(reference.descriptors(), cover.descriptors())
    placement = place_by(likeness, reference.track(), cover.track(), config=CONFIG, refinement=FINE)
    score = placement.traits.evidence
    beats_s = reference.analysis().beats_s
    found = build_time_map(placement.runs, placement.fine_runs, beats_s)
    return Aligned(found if score >= LEAST_SCORE else TimeMap(), None, Screened(score))


def screen_unlearned(reference: Recording, recording: Recording) -> Screened:
    """The path's score."""
    likeness = UnlearnedLikeness(reference.descriptors(), recording.descriptors())
    placement = place_by(
        likeness, reference.track(), recording.track(), config=CONFIG, refinement=FINE
    )
    return Screened(placement.traits.evidence)


def _rows(descriptors: Descriptors) -> FineRows:
    tone = np.concatenate(
        [np.sqrt(HARMONY_SHARE) * descriptors.harmony, np.sqrt(PITCH_SHARE) * descriptors.pitch],
        axis=1,
    )
    return FineRows(tone.astype(np.float32), descriptors.attack)


def _coarsen(matrix: Matrix) -> Matrix:
    """Hann-weighted means around every `DECIMATION`-th frame, of norm 1 where not quiet."""
    window = np.hanning(2 * DECIMATION + 3)[1:-1]
    smooth = scipy.ndimage.convolve1d(matrix, window / window.sum(), axis=0, mode="nearest")
    kept = smooth[::DECIMATION]
    norm = np.linalg.norm(kept, axis=1, keepdims=True)
    return np.asarray(kept / np.maximum(norm, QUIET * float(np.median(norm)) + 1e-9))


def _smooth_along_tempo(similarity: Matrix, frames: float) -> Matrix:
    """Mean over short diagonals, so that an order of chords counts more than one chord."""
    reach = max(1, round(2 * frames))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(similarity, reach, mode="edge")
    n_rows, n_columns = similarity.shape
    total = np.zeros_like(similarity)
    for lag, weight in zip(range(2 * reach + 1), weights / weights.sum(), strict=True):
        total += weight.astype(np.float32) * padded[lag : lag + n_rows, lag : lag + n_columns]
    return total
