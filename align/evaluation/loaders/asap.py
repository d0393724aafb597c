"""ASAP (Foscarin et al. 2020): beats of piano performances that follow one score.

`metadata.csv` names the folder and recording of each performance (`folder`, `audio_performance`,
`midi_performance`), `asap_annotations.json` its beats, or `..._annotations.txt` beside the MIDI
file does. Performances of one folder play the same score, so beat matches beat; those without a
recording, or marked as not aligned with the score, are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.truth import BeatTruth
from align.evaluation.loaders.imported import (
    AudioFolder,
    ImportedCover,
    ImportedSong,
    LayoutError,
    Recording,
)
from align.evaluation.loaders.pairing import Events, checked_events, pair_events
from align.evaluation.loaders.tables import parse_seconds, read_table, read_text


def load_asap(source: Path, audio: Path) -> tuple[ImportedSong, ...]:
    """A song for each score of which at least two recordings are there.

    Raises:
        LayoutError: naming file, line and remedy.
    """
    known, sounds = _annotations(source), AudioFolder(audio)
    songs: dict[str, list[tuple[Path, Events]]] = {}
    table = source / "metadata.csv"
    for line, cells in read_table(table):
        name, midi = cells.get("audio_performance", ""), cells.get("midi_performance", "")
        if name and midi and sounds.has(name):
            events = _events(source, midi, known)
            if events is not None:
                file = sounds.find(name, asked_by=f"{table}, line {line}")
                songs.setdefault(cells["folder"], []).append((file, events))
    played = {folder: rows for folder, rows in songs.items() if len(rows) > 1}
    if not played:
        raise LayoutError(f"{audio} holds no two recordings of one score of {table}: add them")
    return tuple(_song(folder, rows) for folder, rows in played.items())


def _song(folder: str, rows: list[tuple[Path, Events]]) -> ImportedSong:
    (file, reference), *others = rows
    covers = [
        ImportedCover(
            Recording(cover, events.beats), "piano", annotation=pair_events(reference, events)
        )
        for cover, events in others
        if len(events.time_s) == len(reference.time_s)
    ]
    return ImportedSong(folder.replace("/", "-"), Recording(file, reference.beats), tuple(covers))


def _annotations(source: Path) -> Mapping[str, Any] | None:
    path = source / "asap_annotations.json"
    if not path.exists():
        return None
    try:
        return dict(json.loads(read_text(path)))
    except ValueError as error:
        raise LayoutError(f"{path} is no JSON: {error}") from error


def _events(source: Path, midi: str, known: Mapping[str, Any] | None) -> Events | None:
    """Beats of a performance; `None` where they do not follow the score."""
    if known is None:
        return _text_events((source / midi).with_name(f"{Path(midi).stem}_annotations.txt"))
    entry = known.get(midi)
    if entry is None or not entry.get("score_and_performance_aligned", True):
        return None
    try:
        beats, downbeats = entry["performance_beats"], set(entry["performance_downbeats"])
        return _beat_events([(float(t), t in downbeats) for t in beats], source / midi)
    except (KeyError, TypeError, ValueError) as error:
        path = source / "asap_annotations.json"
        raise LayoutError(f"{path}: {midi} has no performance_beats: {error!r}") from error


def _text_events(path: Path) -> Events:
    """Lines of `time, time, b or db[,more]`, separated by tabs."""
    beats = []
    for line, text in enumerate(read_text(path).splitlines(), 1):
        cells = text.split("\t")
        if len(cells) < 3:
            raise LayoutError(f"{path}, line {line}: {text!r} has no three columns: use tabs")
        kind = cells[2].split(",")[0]
        if kind in ("b", "db"):
            beats.append((parse_seconds(cells[0], path, line), kind == "db"))
    return _beat_events(beats, path)


def _beat_events(beats: list[tuple[float, bool]], origin: Path) -> Events:
    """Places in the bar are counted from each downbeat; before the first there is none."""
    time_s = np.array([time for time, _ in beats], dtype=float)
    is_downbeat = np.array([down for _, down in beats], dtype=bool)
    count = np.arange(len(beats))
    latest = np.maximum.accumulate(np.where(is_downbeat, count, -1)) if len(beats) else count
    position = np.where(latest >= 0, count - latest + 1, 2)
    return checked_events(
        Events(time_s, ("",) * len(beats), origin, BeatTruth(time_s, position), beats_per_mark=1.0)
    )
