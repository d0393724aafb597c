"""Fitting the judge: which traits of a match mean which relation, and which a good map.

Fitted on songs that the networks did not learn from, since a network is surer of what it knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from align.alignment import Track, map_placement, place_cover
from align.audio import load_audio
from align.datasets.reading import CoverEntry, NegativeEntry, read_dataset
from align.evaluation.metrics.covers import score_cover
from align.network.weights import FOLDER
from align.parallel import map_over_cores
from align.relation import (
    JUDGE_FILE,
    OTHER_TUNE,
    RELATIONS,
    Judge,
    Logistic,
    Traits,
    load_judge,
)
from align.threads import one_thread
from align.training.melody_lessons import OTHER as OTHER_MELODY
from align.training.validation import is_held_out, read_reference
from align.writing import write_json
from catalog.errors import InputError
from catalog.lifecycle import Relation

Matrix = npt.NDArray[np.float64]
Entry = CoverEntry | NegativeEntry

SOUND_SHARE = 0.8
STRANGER_EVERY = 2
STIFFNESS = 0.005
"""Weight of the squared coefficients: keeps them small where few examples speak."""


@dataclass(frozen=True)
class Example:
    """One recording beside a song.

    Attributes
    ----------
    kind
        what the data set calls it
    within_50
        share of marks within 50 ms, `None` where nobody knows
    """

    name: str
    kind: str
    relation: Relation
    traits: Traits
    within_50: float | None

    @property
    def relation_class(self) -> int:
        """What the judge should say: one of `RELATIONS`, or `OTHER_TUNE`."""
        return OTHER_TUNE if self.kind == OTHER_MELODY else RELATIONS.index(self.relation)


@dataclass(frozen=True)
class _Case:
    entry: Entry
    weights: Path


def calibrate(
    entries: Sequence[Entry], weights: Path, *, n_processes: int, done: Callable[[str], None]
) -> str | None:
    """Fit the judge of a folder's networks and write it beside them.

    Where the recordings do not allow it the shipped judge is taken; returns why, else `None`.
    """
    examples = match_entries(entries, weights, n_processes=n_processes, done=done)
    try:
        judge, why = fit_judge(examples), None
    except InputError as error:
        judge, why = load_judge(FOLDER), str(error)
    table = {"relation": judge.relation.to_json(), "sound": judge.sound.to_json()}
    write_json(weights / JUDGE_FILE, table)
    return why


def find_entries(folders: Sequence[Path]) -> list[Entry]:
    """What lies beside held-out songs, and some covers of them beside others' songs."""
    entries: list[Entry] = []
    for dataset in map(read_dataset, folders):
        covers = [each for each in dataset.covers if is_held_out(each.song)]
        entries += [*covers, *find_strangers(covers)]
        entries += [each for each in dataset.negatives if is_held_out(each.song)]
    return sorted(entries, key=lambda each: str(each.reference))


def match_entries(
    entries: Sequence[Entry], weights: Path, *, n_processes: int, done: Callable[[str], None]
) -> list[Example]:
    """Match each recording with its reference by the networks of a folder."""
    examples = []
    cases = [_Case(each, weights) for each in entries]
    for example in map_over_cores(_match, cases, n_processes=n_processes):
        examples.append(example)
        done(example.name)
    return examples


def find_strangers(covers: Sequence[CoverEntry]) -> list[NegativeEntry]:
    """Every `STRANGER_EVERY`-th cover beside the song of another one."""
    chosen = covers[::STRANGER_EVERY]
    return [
        NegativeEntry(song.song, song.reference, cover.file, "stranger", Relation.UNRELATED)
        for song, cover in zip(chosen, [*chosen[1:], *chosen[:1]], strict=True)
        if song.song != cover.song
    ]


def fit_judge(examples: Sequence[Example]) -> Judge:
    """Both regressions.

    Raises
    ------
    InputError
        when a relation, or another melody over the song's chords, has no example
    """
    classes = [*(each.value for each in RELATIONS), OTHER_MELODY]
    there = {each.relation_class for each in examples}
    missing = [name for number, name in enumerate(classes) if number not in there]
    if missing:
        raise InputError(
            f"no held-out recording is {', '.join(missing)}: add a data set made by "
            "`covers simulate --screening`"
        )
    found = [each for each in examples if each.traits.coverage > 0]
    relation = fit_logistic(
        np.array([each.traits.vector() for each in found]),
        np.array([each.relation_class for each in found]),
        len(classes),
    )
    relation = _trust(relation, found)
    known = [each for each in found if each.within_50 is not None]
    sound = fit_logistic(
        np.array([each.traits.vector() for each in known]),
        np.array([int((each.within_50 or 0) >= SOUND_SHARE) for each in known]),
        2,
    )
    return Judge(relation, sound)


def _trust(relation: Logistic, examples: Sequence[Example]) -> Logistic:
    """The regression, just not ready to hear another tune in any true recording.

    A cover that leaves the melody out sounds like one. What is refused has no map and is lost;
    what is accepted with doubt is left to a person.
    """
    true = [each for each in examples if each.relation is not Relation.UNRELATED]
    log_odds = np.log(relation.probabilities(np.array([each.traits.vector() for each in true])))
    refusal = log_odds[:, OTHER_TUNE] - np.delete(log_odds, OTHER_TUNE, axis=1).max(axis=1)
    bias = relation.bias.copy()
    bias[OTHER_TUNE] -= max(0.0, float(refusal.max()))
    return replace(relation, bias=bias)


def fit_logistic(inputs: Matrix, classes: npt.NDArray[np.int64], n_classes: int) -> Logistic:
    """By maximum likelihood with small weights.

    Parameters
    ----------
    inputs
        (examples, inputs)
    classes
        (examples,)
    """
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    rows = np.column_stack([(inputs - mean) / spread, np.ones(len(inputs))])
    wanted = np.eye(n_classes)[classes]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(rows.shape[1], n_classes)
        logits = rows @ weights
        logits -= logits.max(axis=1, keepdims=True)
        log_odds = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        slope = rows.T @ (np.exp(log_odds) - wanted) / len(rows)
        small = np.vstack([weights[:-1], np.zeros(n_classes)])
        value = -log_odds[np.arange(len(rows)), classes].mean()
        return value + STIFFNESS / 2 * (small**2).sum(), (slope + STIFFNESS * small).ravel()

    start = np.zeros(rows.shape[1] * n_classes)
    weights = minimize(loss, start, jac=True, method="L-BFGS-B").x.reshape(-1, n_classes)
    return Logistic(mean, spread, weights[:-1], weights[-1])


def _match(case: _Case) -> Example:
    entry = case.entry
    with one_thread():
        reference = read_reference(entry.reference, case.weights)
        cover = Track.of(load_audio(entry.file), weights=case.weights)
        placement = place_cover(reference, cover)
        within = None
        if isinstance(entry, CoverEntry) and entry.annotation is not None:
            time_map = map_placement(placement, reference.analyse())
            within = score_cover(time_map, entry.annotation).within[50]
    relation = Relation(entry.relation)
    return Example(entry.file.name, entry.kind, relation, placement.traits, within)
