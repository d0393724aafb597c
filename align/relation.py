"""What the sound of a recording is to the song, from how well it could be matched.

Heuristic scores from four measurements, not learned and not calibrated: they sum to one and
order the five relations. `background` is the weakest: a match of song-like length under a louder
something is only guessed from a good path with a poor likeness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from align.matching import Match
from align.refinement import FineRun
from align.runs import Run
from align.same_recording import Lock
from catalog.lifecycle import Relation

SONG_SCORE, SONG_SCORE_SPREAD = 0.22, 0.03
SAME_COHERENCE, SAME_COHERENCE_SPREAD = 0.3, 0.05
FAINT_CONTRAST, FAINT_CONTRAST_SPREAD = 0.06, 0.01


@dataclass(frozen=True)
class Judgement:
    """Scores of all relations, summing to 1.

    Attributes:
        certainty: that the cover is the song at all, or that it is not where it is unrelated
    """

    relation: Relation
    scores: dict[Relation, float]

    @property
    def certainty(self) -> float:
        """Probability of the side, song or not song, that the relation is on."""
        unrelated = self.scores[Relation.UNRELATED]
        return unrelated if self.relation is Relation.UNRELATED else 1 - unrelated


def judge_relation(
    match: Match, runs: Sequence[Run], fine_runs: Sequence[FineRun], locks: Sequence[Lock]
) -> Judgement:
    """Weigh likeness, coherence of waveforms and contrast into scores of the relations."""
    song = _logistic(song_score(match), SONG_SCORE, SONG_SCORE_SPREAD) if runs else 0.0
    copy = _share_locked(runs, locks)
    coherence = _weighted([lock.coherence for lock in locks], runs)
    same = copy * _logistic(coherence, SAME_COHERENCE, SAME_COHERENCE_SPREAD)
    song = max(song, copy)
    faint = 1 - _logistic(_contrast(runs, fine_runs), FAINT_CONTRAST, FAINT_CONTRAST_SPREAD)
    scores = {
        Relation.SAME_RECORDING: song * same,
        Relation.BACKING_TRACK: song * (copy - same),
        Relation.PERFORMANCE: song * (1 - copy) * (1 - 0.5 * faint),
        Relation.BACKGROUND: song * (1 - copy) * 0.5 * faint,
        Relation.UNRELATED: 1 - song,
    }
    relation = max(scores, key=lambda each: scores[each])
    return Judgement(relation, scores)


def song_score(match: Match) -> float:
    """Likeness gathered along the path, per frame of the shorter recording."""
    return float(match.path.score / max(1, min(match.similarity.shape)))


def _share_locked(runs: Sequence[Run], locks: Sequence[Lock]) -> float:
    return _weighted([float(lock.holds) for lock in locks], runs)


def _contrast(runs: Sequence[Run], fine_runs: Sequence[FineRun]) -> float:
    """How far the fine paths stand out from their surroundings, 0..1."""
    return _weighted([float(fine.contrast.mean()) for fine in fine_runs], runs)


def _weighted(values: Sequence[float], runs: Sequence[Run]) -> float:
    """Mean weighted by the runs' lengths, 0 without any."""
    if not runs:
        return 0.0
    return float(np.average(values, weights=[run.end_s - run.start_s for run in runs]))


def _logistic(value: float, middle: float, spread: float) -> float:
    return float(1 / (1 + np.exp(-np.clip((value - middle) / spread, -50, 50))))
