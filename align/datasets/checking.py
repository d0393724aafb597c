"""`covers dataset check`: is a data set whole, and is its truth possible?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from align.datasets.reading import CoverEntry, Dataset, RecordingEntry, read_dataset
from align.datasets.truth import Annotation
from align.datasets.validating import TOLERANCE_S
from catalog.errors import MediaError
from catalog.ffmpeg import probe_media
from catalog.lifecycle import Relation

SLOPES = (0.1, 10.0)
"""Seconds of the Reference in a second of the cover that music can have from mark to mark."""


@dataclass(frozen=True)
class DatasetReport:
    """What a data set holds and what is wrong with it, a sentence each."""

    name: str
    songs: int
    covers: int
    annotated: int
    negatives: int
    marks: int
    segments: int
    hours: float
    kinds: dict[str, int]
    problems: tuple[str, ...]

    @property
    def summary(self) -> str:
        """One paragraph of counts."""
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.kinds.items()))
        return (
            f"{self.name}: {self.songs} songs, {self.covers} covers ({self.annotated} annotated, "
            f"{self.marks} marks in {self.segments} segments), {self.negatives} negatives, "
            f"{self.hours:.2f} h of sound; kinds: {kinds or 'none'}; "
            f"{len(self.problems)} problems"
        )


def check_dataset(folder: Path) -> DatasetReport:
    """Look at every file and every mark.

    Raises:
        InputError: when `dataset.json` or a truth file cannot be read at all.
    """
    unusable: list[str] = []
    dataset = read_dataset(folder, lambda error: unusable.append(str(error)))
    durations_s, problems = _durations(dataset)
    problems = [*unusable, *problems]
    for cover in dataset.covers:
        problems += [f"{cover.file.name}: {text}" for text in _cover_problems(cover, durations_s)]
    for recording in dataset.recordings:
        problems += _recording_problems(recording, durations_s.get(recording.file, np.inf))
    annotations = [cover.annotation for cover in dataset.covers if cover.annotation is not None]
    return DatasetReport(
        name=dataset.name,
        songs=len({recording.song for recording in dataset.recordings}),
        covers=len(dataset.covers),
        annotated=len(annotations),
        negatives=len(dataset.negatives),
        marks=sum(len(each.cover_s) for each in annotations),
        segments=sum(len(np.unique(each.segment)) for each in annotations),
        hours=round(sum(durations_s.values()) / 3600, 3),
        kinds=dict(Counter(cover.kind for cover in dataset.covers)),
        problems=tuple(problems),
    )


def _durations(dataset: Dataset) -> tuple[dict[Path, float], list[str]]:
    """Length of every recording, and what is wrong with those that have none."""
    files = {each.file for each in dataset.recordings} | {each.file for each in dataset.negatives}
    durations_s: dict[Path, float] = {}
    problems: list[str] = []
    for file in sorted(files):
        if not file.is_file():
            problems.append(f"{file} does not exist: put it there, or take it out of dataset.json")
            continue
        try:
            durations_s[file] = probe_media(file).duration_s or np.inf
        except MediaError as error:
            problems.append(str(error))
    return durations_s, problems


def _cover_problems(cover: CoverEntry, durations_s: dict[Path, float]) -> Iterator[str]:
    annotation = cover.annotation
    if annotation is None:
        return
    if cover.relation == Relation.UNRELATED:
        yield "is annotated though its relation is unrelated: list it as a negative"
    ends = ((annotation.cover_s, cover.file), (annotation.reference_s, cover.reference))
    for marks_s, file in ends:
        end_s = durations_s.get(file, np.inf)
        outside = marks_s[(marks_s < -TOLERANCE_S) | (marks_s > end_s + TOLERANCE_S)]
        if len(outside):
            yield f"mark at {outside[0]:.3f} s is outside {file.name} of {end_s:.3f} s"
    yield from _segment_problems(annotation)
    yield from _foreign_problems(annotation, durations_s.get(cover.file, np.inf))


def _segment_problems(annotation: Annotation) -> Iterator[str]:
    for index in np.unique(annotation.segment):
        of = annotation.segment == index
        slopes = np.diff(annotation.reference_s[of]) / np.diff(annotation.cover_s[of])
        if len(slopes) and not (SLOPES[0] <= slopes.min() and slopes.max() <= SLOPES[1]):
            worst = slopes.max() if slopes.max() > SLOPES[1] else slopes.min()
            yield f"segment {index} plays {worst:.2f} times as fast as the reference: is it a jump?"


def _foreign_problems(annotation: Annotation, duration_s: float) -> Iterator[str]:
    for start_s, end_s in annotation.foreign_s:
        if end_s > duration_s + TOLERANCE_S:
            yield f"foreign span {start_s:.3f} to {end_s:.3f} s is no span of the file"
        inside = (annotation.cover_s > start_s + TOLERANCE_S) & (
            annotation.cover_s < end_s - TOLERANCE_S
        )
        if inside.any():
            yield (
                f"mark at {annotation.cover_s[inside][0]:.3f} s is inside the foreign span "
                f"{start_s:.3f} to {end_s:.3f} s"
            )


def _recording_problems(recording: RecordingEntry, duration_s: float) -> Iterator[str]:
    beats, sections = recording.beats, recording.sections
    known = {
        "beats": np.zeros(0) if beats is None else beats.time_s,
        "sections": np.zeros(0) if sections is None else sections.spans_s,
    }
    for name, times_s in known.items():
        last_s = times_s.max(initial=0.0)
        if last_s > duration_s + TOLERANCE_S:
            yield (
                f"{recording.file.stem}.{name}.csv: {last_s:.3f} s is outside "
                f"{recording.file.name} of {duration_s:.3f} s"
            )
