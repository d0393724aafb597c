"""One file of marks a recording, and `pairs.csv`, which says which recording covers which.

`pairs.csv` has the columns `song,reference,cover` and may have `kind,relation,split`,
`beats_per_mark` (beats from event to event) and, where
events are matched by number, `reference_first,cover_first,count` (from 0; several lines of one
cover are its segments). A table with times of both recordings in each line needs no such file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from align.datasets.truth import Annotation
from align.datasets.validating import annotation_problem
from align.evaluation.loaders.imported import (
    AudioFolder,
    ImportedCover,
    ImportedSong,
    LayoutError,
    Recording,
)
from align.evaluation.loaders.marks import READERS
from align.evaluation.loaders.pairing import Events, Run, pair_events
from align.evaluation.loaders.tables import (
    COVER_TIMES,
    REFERENCE_TIMES,
    Row,
    beats_per_mark,
    column,
    optional_column,
    read_table,
    seconds,
    whole_number,
)

RUN = ("reference_first", "cover_first", "count")

Marks = Callable[[str], Events]
Annotate = Callable[[list[Row]], Annotation]
RecordingOf = Callable[[str, str], Recording]


def load_pairs(layout: str, source: Path, audio: Path) -> tuple[ImportedSong, ...]:
    """Songs of a folder with `pairs.csv`, or of one table with the times of both recordings.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    if source.is_file():
        return _load_one_table(source, audio)
    path, sounds = source / "pairs.csv", AudioFolder(audio)
    extension, read = READERS[layout]
    kept: dict[str, Events] = {}

    def marks(name: str) -> Events:
        if name not in kept:
            kept[name] = read(source / f"{Path(name).stem}{extension}")
        return kept[name]

    def recording(name: str, asked_by: str) -> Recording:
        events = marks(name)
        return Recording(sounds.find(name, asked_by=asked_by), events.beats, events.sections)

    return _songs(path, read_table(path), partial(_by_pairs, marks, path), recording)


def _by_pairs(marks: Marks, path: Path, lines: list[Row]) -> Annotation:
    """The annotation of one cover from the marks of both recordings."""
    runs = [
        Run(*(whole_number(cells[name], path, line) for name in RUN))
        for line, cells in lines
        if all(cells.get(name) for name in RUN)
    ]
    cells = lines[0][1]
    annotation = pair_events(marks(cells["reference"]), marks(cells["cover"]), runs)
    stated = beats_per_mark(cells, path, lines[0][0])
    return annotation if stated is None else replace(annotation, beats_per_mark=stated)


def _load_one_table(path: Path, audio: Path) -> tuple[ImportedSong, ...]:
    rows, sounds = read_table(path), AudioFolder(audio)

    def recording(name: str, asked_by: str) -> Recording:
        return Recording(sounds.find(name, asked_by=asked_by))

    return _songs(path, rows, partial(_by_lines, path), recording)


def _by_lines(path: Path, lines: list[Row]) -> Annotation:
    """The annotation of one cover from lines that hold both times."""
    times = [column(lines, names, path) for names in (REFERENCE_TIMES, COVER_TIMES)]
    reference_s, cover_s = (
        np.array([seconds(cells, name, path, line) for line, cells in lines]) for name in times
    )
    late = np.flatnonzero(np.diff(cover_s) <= 0)
    if len(late):
        line = lines[int(late[0]) + 1][0]
        raise LayoutError(f"{path}, line {line}: the time in the cover goes back: sort the marks")
    segment = np.concatenate([[0], np.cumsum(np.diff(reference_s) <= 0)])
    if optional_column(lines, ("segment",)):
        segment = np.array([whole_number(cells["segment"], path, n) for n, cells in lines])
    return Annotation(
        reference_s,
        cover_s,
        segment.astype(np.int64),
        np.zeros((0, 2)),
        beats_per_mark(lines[0][1], path, lines[0][0]),
    )


def _songs(
    path: Path, rows: Sequence[Row], annotate: Annotate, recording: RecordingOf
) -> tuple[ImportedSong, ...]:
    """Lines grouped by song and cover, in the order of the file."""
    songs: dict[str, dict[str, list[Row]]] = {}
    for line, cells in rows:
        for name in ("reference", "cover"):
            if not cells.get(name):
                raise LayoutError(f"{path}, line {line}: no {name}: name the file of the recording")
        song = cells.get("song") or Path(cells["reference"]).stem
        songs.setdefault(song, {}).setdefault(cells["cover"], []).append((line, cells))
    return tuple(_song(path, name, covers, annotate, recording) for name, covers in songs.items())


def _song(
    path: Path,
    name: str,
    covers: Mapping[str, list[Row]],
    annotate: Annotate,
    recording: RecordingOf,
) -> ImportedSong:
    references = {cells["reference"]: line for lines in covers.values() for line, cells in lines}
    if len(references) > 1:
        line = list(references.values())[1]
        raise LayoutError(f"{path}, line {line}: song {name!r} has two references: name it anew")
    reference, line = next(iter(references.items()))
    return ImportedSong(
        name,
        recording(reference, f"{path}, line {line}"),
        tuple(_cover(path, lines, annotate, recording) for lines in covers.values()),
    )


def _cover(
    path: Path, lines: list[Row], annotate: Annotate, recording: RecordingOf
) -> ImportedCover:
    line, cells = lines[0]
    return ImportedCover(
        recording(cells["cover"], f"{path}, line {line}"),
        kind=cells.get("kind") or "cover",
        relation=cells.get("relation") or None,
        split=cells.get("split") or None,
        annotation=_checked(path, lines, annotate(lines)),
    )


def _checked(path: Path, lines: list[Row], annotation: Annotation) -> Annotation:
    problem = annotation_problem(annotation)
    if problem:
        raise LayoutError(f"{path}, line {lines[0][0]}: {problem}")
    return annotation
