"""What the sound of a recording is to the song, and how sure its map is, by how it was matched.

A few traits of a match are weighed by logistic regressions that were fitted on simulated songs
which the networks had not learned from (`align.training.calibration`). The five scores sum to one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from align.matching import Match
from align.refinement import FineRun
from align.runs import Run
from align.same_recording import Lock
from catalog.errors import StorageError
from catalog.lifecycle import Relation

Vector = npt.NDArray[np.float64]

RELATIONS = tuple(Relation)
OTHER_TUNE = len(RELATIONS)
"""Class of what plays another melody over the very chords of the song: unrelated as well, but as
unlike other strangers as a cover is, so that one straight line cannot part both from covers."""
JUDGE_FILE = "judge.json"
ELSEWHERE_S = 4.0
"""What is nearer is the same place a little earlier or later."""
LEAST_OVERLAP, LARGEST_MARGIN = 0.6, 1.0
SUREST_MELODY = 4.0


@dataclass(frozen=True)
class Traits:
    """What is measured of a match; 0 where no run was found.

    Attributes:
        evidence: score of the path per frame of the shorter recording
        likeness: mean similarity along the runs
        coverage: share of the cover that is mapped
        share: share of the reference that is heard
        mapped_s: logarithm of one more than the mapped seconds
        runs_per_minute: of mapped time
        contrast: how far the fine runs stand out from their surroundings, 0..1
        contrast_low: a tenth of the frames stands out less
        bend: mean change of the fine runs' slope from second to second
        margin: by how much the runs are likelier where they are than anywhere else in the song
        margin_least: the same of the least sure run
        copied: share of the mapped time on which the waveforms agree
        coherence: how far they agree there, 0..1
        key_lead: how much likelier moments find their place in the key than in the usual one
        melody: logit that both play one melody, within `SUREST_MELODY`
    """

    evidence: float = 0.0
    likeness: float = 0.0
    coverage: float = 0.0
    share: float = 0.0
    mapped_s: float = 0.0
    runs_per_minute: float = 0.0
    contrast: float = 0.0
    contrast_low: float = 0.0
    bend: float = 0.0
    margin: float = 0.0
    margin_least: float = 0.0
    copied: float = 0.0
    coherence: float = 0.0
    key_lead: float = 0.0
    melody: float = 0.0

    def vector(self) -> Vector:
        """All of them with the products that matter, (inputs,)."""
        own = np.array(astuple(self))
        return np.concatenate([own, [self.likeness**2, self.copied * self.coherence]])


@dataclass(frozen=True)
class Logistic:
    """A multinomial logistic regression: standardise, weigh, softmax.

    Attributes:
        mean, spread: of the inputs, (inputs,)
        weights: (inputs, classes)
        bias: (classes,)
    """

    mean: Vector
    spread: Vector
    weights: Vector
    bias: Vector

    def probabilities(self, inputs: Vector) -> Vector:
        """Of each class: (..., inputs) -> (..., classes)."""
        logits = (inputs - self.mean) / self.spread @ self.weights + self.bias
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))

    def to_json(self) -> dict[str, Any]:
        """Plain lists; `from_json` gives the same back."""
        return {each.name: getattr(self, each.name).round(6).tolist() for each in fields(self)}

    @classmethod
    def from_json(cls, table: dict[str, Any]) -> Logistic:
        """What `to_json` wrote; KeyError where something is missing."""
        return cls(*(np.array(table[each.name], dtype=float) for each in fields(cls)))


@dataclass(frozen=True)
class Judge:
    """Both regressions.

    Attributes:
        relation: traits -> `RELATIONS` and `OTHER_TUNE`
        sound: traits -> whether at least 80 % of the beats lie within 50 ms: no, yes
    """

    relation: Logistic
    sound: Logistic


@dataclass(frozen=True)
class Judgement:
    """Scores of all relations, summing to 1.

    Attributes:
        confidence: that at least 80 % of the beats lie within 50 ms, where it is the song
    """

    relation: Relation
    scores: dict[Relation, float]
    confidence: float

    @property
    def certainty(self) -> float:
        """Probability of the side, song or not song, that the relation is on."""
        unrelated = self.scores[Relation.UNRELATED]
        return unrelated if self.relation is Relation.UNRELATED else 1 - unrelated

    def of_the_song(self) -> Judgement:
        """What it is where a person knows that it is the song, a performance if nothing else."""
        scores = {**self.scores, Relation.UNRELATED: 0.0}
        song = sum(scores.values())
        if song == 0:
            scores[Relation.PERFORMANCE] = song = 1.0
        scores = {each: score / song for each, score in scores.items()}
        return Judgement(max(scores, key=lambda each: scores[each]), scores, self.confidence)


@lru_cache(maxsize=2)
def load_judge(folder: Path) -> Judge:
    """The judge that was fitted to the networks of a folder.

    Raises:
        StorageError: when its file is missing or damaged.
    """
    try:
        table = json.loads((folder / JUDGE_FILE).read_text(encoding="utf-8"))
        return Judge(*(Logistic.from_json(table[each]) for each in ("relation", "sound")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StorageError(
            f"{folder / JUDGE_FILE} cannot be used: {error}; install the project again"
        ) from error


@dataclass(frozen=True)
class _Moved:
    """A run at other places of the reference.

    Attributes:
        by_frames: how much later, (moves,)
        similarity: mean of the frames that lie in the reference there, (moves,)
        overlap: share of such frames, (moves,)
    """

    by_frames: npt.NDArray[np.int64]
    similarity: Vector
    overlap: Vector


def judge_traits(traits: Traits, judge: Judge) -> Judgement:
    """Weigh traits into scores; without any run it is not the song."""
    if traits.coverage == 0:
        scores = dict.fromkeys(RELATIONS, 0.0) | {Relation.UNRELATED: 1.0}
        return Judgement(Relation.UNRELATED, scores, 0.0)
    vector = traits.vector()
    found = judge.relation.probabilities(vector)
    scores = {each: float(score) for each, score in zip(RELATIONS, found[:OTHER_TUNE], strict=True)}
    scores[Relation.UNRELATED] += float(found[OTHER_TUNE])
    relation = max(scores, key=lambda each: scores[each])
    return Judgement(relation, scores, float(judge.sound.probabilities(vector)[1]))


def measure_traits(
    match: Match,
    runs: Sequence[Run],
    fine_runs: Sequence[FineRun],
    locks: Sequence[Lock],
    melody: float,
) -> Traits:
    """What a match is like, beside the melody network's logit."""
    if not runs:
        return Traits()
    lengths_s = np.array([run.end_s - run.start_s for run in runs])
    n_cover, n_reference = match.similarity.shape
    heard = np.concatenate([run.reference_s for run in runs])
    contrast = np.concatenate([fine.contrast for fine in fine_runs])
    margins = [_margin(run, match) for run in runs]
    return Traits(
        evidence=float(match.path.score / min(n_cover, n_reference)),
        likeness=float(np.concatenate([run.similarity for run in runs]).mean()),
        coverage=float(lengths_s.sum() * match.frame_rate / n_cover),
        share=len(np.unique(np.round(heard))) * match.frame_rate / n_reference,
        mapped_s=float(np.log1p(lengths_s.sum())),
        runs_per_minute=float(60 * len(runs) / lengths_s.sum()),
        contrast=float(contrast.mean()),
        contrast_low=float(np.percentile(contrast, 10)),
        bend=_mean([_bend(fine) for fine in fine_runs], lengths_s),
        margin=_mean(margins, lengths_s),
        margin_least=min(margins),
        copied=_mean([float(lock.holds) for lock in locks], lengths_s),
        coherence=_mean([lock.coherence for lock in locks], lengths_s),
        key_lead=match.key_lead,
        melody=float(np.clip(melody, -SUREST_MELODY, SUREST_MELODY)),
    )


def _bend(fine: FineRun) -> float:
    """Mean change of the slope, in octaves, from one second to the next."""
    every = slice(None, None, max(1, round(1 / (fine.cover_s[1] - fine.cover_s[0]))))
    slopes = np.diff(fine.reference_s[every]) / np.diff(fine.cover_s[every])
    if len(slopes) < 2:
        return 0.0
    return float(np.abs(np.diff(np.log2(np.maximum(slopes, 0.05)))).mean())


def _margin(run: Run, match: Match) -> float:
    """Mean similarity along a run, less that of the best other place that it could be moved to."""
    moved = _move_anywhere(run, match)
    elsewhere = np.abs(moved.by_frames) > ELSEWHERE_S * match.frame_rate
    rivals = moved.similarity[elsewhere & (moved.overlap > LEAST_OVERLAP)]
    own = float(run.similarity.mean())
    return min(own - float(rivals.max()), LARGEST_MARGIN) if len(rivals) else LARGEST_MARGIN


def _move_anywhere(run: Run, match: Match) -> _Moved:
    """A run moved by up to the whole reference, earlier and later.

    A frame adds its row of the matrix at once to all moves that keep it in the reference, so that
    memory grows with the reference alone.
    """
    n_cover, n_reference = match.similarity.shape
    rows = np.clip(np.round(run.cover_s * match.frame_rate).astype(int), 0, n_cover - 1)
    columns = np.round(run.reference_s * match.frame_rate).astype(int)
    starts = np.clip(columns - n_reference, 0, n_reference)
    stops = np.clip(columns + n_reference + 1, 0, n_reference)
    by_frames = np.arange(-n_reference, n_reference + 1)
    sums, counts = np.zeros(len(by_frames), np.float32), np.zeros(len(by_frames), np.int64)
    for row, column, start, stop in zip(rows, columns, starts, stops, strict=True):
        moves = slice(start - column + n_reference, stop - column + n_reference)
        sums[moves] += match.similarity[row, start:stop]
        counts[moves] += 1
    return _Moved(by_frames, sums / np.maximum(counts, 1), counts / len(rows))


def _mean(values: Sequence[float], lengths_s: Vector) -> float:
    return float(np.average(values, weights=lengths_s))
