"""The tracker's own pipeline, jumps, outside state and refinement, on features nobody learned.

Chroma for places, semitones and short-window flux for attacks: what the tracker was before it had
networks, with the prices that were chosen for it then. It shows what the networks are worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from align.alignment import place_by
from align.band import CostWeights, FineRows
from align.descriptors import Descriptors
from align.evaluation.methods.method import Aligned, Screened
from align.evaluation.methods.recording import Recording
from align.harmony import compare_harmony, with_surroundings
from align.knots import build_time_map
from align.likeness import Boundaries
from align.matching import MatchingConfig
from align.network.inputs import PLACE_RATE
from align.refinement import Pass, RefinementConfig
from catalog.time_map import TimeMap

Matrix = npt.NDArray[np.float32]

HARMONY_SHARE, PITCH_SHARE = 1 / 6, 5 / 6
LEAST_SCORE = 0.22
CONFIG = MatchingConfig(
    weight=1.0, jump=15.6, leave=9.4, enter=9.4, landing=0.0, breaking=0.0, tempo_change=0.5,
    odd_tempo=6.25, straying=0.0, keys_tried=12,
)  # fmt: skip
FINE = RefinementConfig((Pass(1.0, 0.4, 1.0), Pass(0.5, 0.3, 0.06)), CostWeights(0.6, 0.4))


@dataclass(frozen=True)
class UnlearnedLikeness:
    """Correlation of chroma less its mean; see `align.likeness.Likeness`."""

    reference: Descriptors
    cover: Descriptors
    coarse_rate: float = PLACE_RATE

    def log_odds(self, semitones: int) -> Matrix:
        """Correlation along short diagonals, less that of chance."""
        return compare_harmony(*self._harmony, semitones)

    @cached_property
    def _harmony(self) -> tuple[Matrix, Matrix]:
        return with_surroundings(self.reference.harmony), with_surroundings(self.cover.harmony)

    def boundaries(self) -> Boundaries:
        """None are known."""
        return Boundaries(*(np.zeros(len(each), np.float32) for each in self._harmony))

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
