"""Events of two recordings -> the annotation that maps one onto the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from align.datasets.truth import Annotation, BeatTruth, Seconds, SectionTruth
from align.datasets.validating import beats_problem, sections_problem, times_problem
from align.evaluation.loaders.imported import LayoutError


@dataclass(frozen=True)
class Events:
    """What was marked in one recording, in order of time.

    Attributes:
        labels: measure, beat or section of each event; empty texts where it has none
        origin: the file, for messages
        beats, sections: where the file says that the events are such
        beats_per_mark: 1 where events are beats, `None` where it is unknown
    """

    time_s: Seconds
    labels: tuple[str, ...]
    origin: Path
    beats: BeatTruth | None = None
    sections: SectionTruth | None = None
    beats_per_mark: float | None = None

    @property
    def labels_are_places(self) -> bool:
        """Whether each event has a label of its own, which names a place in the music."""
        return all(self.labels) and len(set(self.labels)) == len(self.labels)


@dataclass(frozen=True)
class Run:
    """Events that belong together: `count` of them from each first one on, counted from 0."""

    reference_first: int
    cover_first: int
    count: int


def checked_events(events: Events) -> Events:
    """The same events.

    Raises:
        LayoutError: when no data set can hold them.
    """
    problem = (
        times_problem(events.time_s)
        or (events.beats and beats_problem(events.beats))
        or (events.sections and sections_problem(events.sections))
    )
    if problem:
        raise LayoutError(f"{events.origin}: {problem}")
    return events


def pair_events(reference: Events, cover: Events, runs: Sequence[Run] = ()) -> Annotation:
    """Match by runs where any are given, else by label, else one to one.

    Raises:
        LayoutError: when events cannot be matched.
    """
    if runs:
        return pair_runs(reference, cover, runs)
    if reference.labels_are_places and all(cover.labels):
        return pair_labels(reference, cover)
    n_reference, n_cover = len(reference.time_s), len(cover.time_s)
    if n_reference != n_cover:
        raise LayoutError(
            f"{cover.origin} has {n_cover} events and {reference.origin} has {n_reference}: "
            "label the events, or say in pairs.csv which belong together "
            "(reference_first, cover_first, count)"
        )
    _refuse_other_labels(reference, cover)
    return pair_runs(reference, cover, [Run(0, 0, n_cover)])


def pair_labels(reference: Events, cover: Events) -> Annotation:
    """Match by label; where either has something in between, a new segment begins.

    Raises:
        LayoutError: when fewer than two labels are shared.
    """
    places = {label: place for place, label in enumerate(reference.labels)}
    shared = [k for k, label in enumerate(cover.labels) if label in places]
    if len(shared) < 2:
        raise LayoutError(
            f"{cover.origin} shares {len(shared)} labels with {reference.origin}: "
            "at least two are needed, written alike in both"
        )
    at = np.array([places[cover.labels[k]] for k in shared])
    jumps = (np.diff(at) != 1) | (np.diff(shared) != 1)
    return Annotation(
        reference_s=reference.time_s[at],
        cover_s=cover.time_s[shared],
        segment=np.concatenate([[0], np.cumsum(jumps)]).astype(np.int64),
        foreign_s=np.zeros((0, 2)),
        beats_per_mark=_beats_per_mark(reference, cover),
    )


def pair_runs(reference: Events, cover: Events, runs: Sequence[Run]) -> Annotation:
    """Match the events of each run; a run is a segment.

    Raises:
        LayoutError: when a run is longer than its recordings' events.
    """
    for run in runs:
        for events, first in ((reference, run.reference_first), (cover, run.cover_first)):
            if first < 0 or run.count < 1 or first + run.count > len(events.time_s):
                raise LayoutError(
                    f"{events.origin} has {len(events.time_s)} events, so that {run.count} "
                    f"from number {first} on are not there: correct the run in pairs.csv"
                )
    ordered = sorted(runs, key=lambda run: run.cover_first)
    at = [np.arange(run.reference_first, run.reference_first + run.count) for run in ordered]
    heard = [np.arange(run.cover_first, run.cover_first + run.count) for run in ordered]
    return Annotation(
        reference_s=reference.time_s[np.concatenate(at)],
        cover_s=cover.time_s[np.concatenate(heard)],
        segment=np.repeat(np.arange(len(ordered)), [run.count for run in ordered]),
        foreign_s=np.zeros((0, 2)),
        beats_per_mark=_beats_per_mark(reference, cover),
    )


def _refuse_other_labels(reference: Events, cover: Events) -> None:
    """Events that are matched by number may not be called something else."""
    if not (any(reference.labels) and any(cover.labels)):
        return
    for k, (one, other) in enumerate(zip(reference.labels, cover.labels, strict=True), 1):
        if one != other:
            raise LayoutError(
                f"event {k} is {one!r} in {reference.origin} and {other!r} in {cover.origin}: "
                "give every event of the reference a label of its own, or say in pairs.csv which "
                "belong together (reference_first, cover_first, count)"
            )


def _beats_per_mark(reference: Events, cover: Events) -> float | None:
    """As either of them says."""
    known = (reference.beats_per_mark, cover.beats_per_mark)
    return next((each for each in known if each is not None), None)
