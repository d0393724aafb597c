"""A data set folder: `dataset.json`, recordings, and truth beside them.

Beside a recording `STEM.ext` may lie `STEM.truth.json`, `STEM.beats.csv` and `STEM.sections.csv`;
`dataset.json` itself names the annotation of each cover. What is absent is `None`, never empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.datasets.truth import (
    Annotation,
    BeatTruth,
    SectionTruth,
    read_annotation,
    read_beats,
    read_sections,
)
from catalog.errors import InputError
from catalog.lifecycle import Relation

KIND_RELATIONS = {"background": Relation.BACKGROUND}
"""Negatives are unrelated unless their kind or their own `relation` says otherwise."""


@dataclass(frozen=True)
class CoverEntry:
    """One cover to align, to screen, or both."""

    song: str
    reference: Path
    file: Path
    kind: str
    relation: str
    annotation: Annotation | None
    split: str | None = None


@dataclass(frozen=True)
class NegativeEntry:
    """One recording that is not a cover of the song it stands beside."""

    song: str
    reference: Path
    file: Path
    kind: str
    relation: str
    split: str | None = None


@dataclass(frozen=True)
class RecordingEntry:
    """One recording by itself, a reference or a cover, with what is known of its course."""

    song: str
    file: Path
    kind: str
    beats: BeatTruth | None
    sections: SectionTruth | None
    split: str | None = None


@dataclass(frozen=True)
class Dataset:
    """Everything `dataset.json` lists.

    Attributes:
        recordings: each file once, references (of kind `reference`) and covers
    """

    name: str
    licence: str | None
    covers: tuple[CoverEntry, ...]
    negatives: tuple[NegativeEntry, ...]
    recordings: tuple[RecordingEntry, ...]

    def recording(self, file: Path) -> RecordingEntry:
        """The entry of one of the files."""
        return next(each for each in self.recordings if each.file == file)


def read_dataset(folder: Path) -> Dataset:
    """Read a data set.

    Raises:
        InputError: when `dataset.json` or a truth file is missing or not laid out as documented.
    """
    path = folder / "dataset.json"
    try:
        return _dataset(folder, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise InputError(f"{error.filename} does not exist: is {folder} a data set?") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is not laid out like a data set: {error!r}") from error


def _dataset(folder: Path, document: dict[str, Any]) -> Dataset:
    songs = document["songs"]
    covers = tuple(_cover(folder, song, entry) for song in songs for entry in song["covers"])
    references = {folder / song["reference"]: song["id"] for song in songs}
    recordings = [_recording(song, file, "reference", None) for file, song in references.items()]
    seen = set(references)
    for cover in covers:
        if cover.file not in seen:
            seen.add(cover.file)
            recordings.append(_recording(cover.song, cover.file, cover.kind, cover.split))
    return Dataset(
        name=document["name"],
        licence=document.get("licence"),
        covers=covers,
        negatives=tuple(
            _negative(folder, song, entry) for song in songs for entry in song.get("negatives", [])
        ),
        recordings=tuple(recordings),
    )


def _cover(folder: Path, song: dict[str, Any], entry: dict[str, Any]) -> CoverEntry:
    file = folder / entry["file"]
    annotation = entry.get("annotation")
    return CoverEntry(
        song=song["id"],
        reference=folder / song["reference"],
        file=file,
        kind=entry["kind"],
        relation=Relation(entry.get("relation", Relation.PERFORMANCE)).value,
        annotation=None if annotation is None else read_annotation(folder / annotation, file),
        split=entry.get("split"),
    )


def _negative(folder: Path, song: dict[str, Any], entry: dict[str, Any]) -> NegativeEntry:
    usual = KIND_RELATIONS.get(entry["kind"], Relation.UNRELATED)
    return NegativeEntry(
        song=song["id"],
        reference=folder / song["reference"],
        file=folder / entry["file"],
        kind=entry["kind"],
        relation=Relation(entry.get("relation", usual)).value,
        split=entry.get("split"),
    )


def _recording(song: str, file: Path, kind: str, split: str | None) -> RecordingEntry:
    return RecordingEntry(
        song=song,
        file=file,
        kind=kind,
        beats=read_beats(file.with_name(f"{file.stem}.beats.csv")),
        sections=read_sections(file.with_name(f"{file.stem}.sections.csv")),
        split=split,
    )
