"""A data set folder: `dataset.json`, recordings, and truth beside them.

Beside a recording `STEM.ext` may lie `STEM.truth.json`, `STEM.beats.csv` and `STEM.sections.csv`;
`dataset.json` itself names the annotation of each cover. What is absent is `None`, never empty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from align.datasets.beside import read_annotation, read_beats, read_document, read_sections
from align.datasets.fields import Fields
from align.datasets.truth import Annotation, BeatTruth, SectionTruth
from catalog.errors import InputError
from catalog.lifecycle import Relation

Truth = TypeVar("Truth")

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


Complain = Callable[[InputError], None]


def read_dataset(folder: Path, complain: Complain | None = None) -> Dataset:
    """Read a data set.

    Parameters
    ----------
    complain
        is told of truth that cannot be used, which is then left out; without it that is raised

    Raises
    ------
    InputError
        naming the file and a remedy, when `dataset.json` or a truth file is missing or not laid
        out as documented
    """
    path = folder / "dataset.json"
    if not path.exists():
        raise InputError(f"{path} does not exist: is {folder} a data set?")
    return _Reader(folder, path, complain or _refuse).dataset(Fields(read_document(path), path))


def _refuse(error: InputError) -> None:
    raise error


@dataclass(frozen=True)
class _Reader:
    folder: Path
    path: Path
    complain: Complain

    def dataset(self, document: Fields) -> Dataset:
        songs = document.tables("songs", required=True)
        covers = tuple(
            self._cover(song, entry)
            for song in songs
            for entry in song.tables("covers", required=True)
        )
        references = {self._file(song, "reference"): song.text("id") for song in songs}
        recordings = [
            self._recording(song, file, "reference", None) for file, song in references.items()
        ]
        seen = set(references)
        for cover in covers:
            if cover.file not in seen:
                seen.add(cover.file)
                recordings.append(self._recording(cover.song, cover.file, cover.kind, cover.split))
        return Dataset(
            name=document.text("name"),
            licence=document.optional_text("licence"),
            covers=covers,
            negatives=tuple(
                self._negative(song, entry) for song in songs for entry in song.tables("negatives")
            ),
            recordings=tuple(recordings),
        )

    def _cover(self, song: Fields, entry: Fields) -> CoverEntry:
        file = self._file(entry, "file")
        named = entry.optional_text("annotation")
        annotation = None
        if named is not None:
            marks = self._file(entry, "annotation")
            annotation = self._known(lambda: read_annotation(marks, file))
        return CoverEntry(
            song=song.text("id"),
            reference=self._file(song, "reference"),
            file=file,
            kind=entry.text("kind"),
            relation=entry.relation(Relation.PERFORMANCE),
            annotation=annotation,
            split=entry.optional_text("split"),
        )

    def _negative(self, song: Fields, entry: Fields) -> NegativeEntry:
        kind = entry.text("kind")
        return NegativeEntry(
            song=song.text("id"),
            reference=self._file(song, "reference"),
            file=self._file(entry, "file"),
            kind=kind,
            relation=entry.relation(KIND_RELATIONS.get(kind, Relation.UNRELATED)),
            split=entry.optional_text("split"),
        )

    def _recording(self, song: str, file: Path, kind: str, split: str | None) -> RecordingEntry:
        return RecordingEntry(
            song=song,
            file=file,
            kind=kind,
            beats=self._known(lambda: read_beats(file.with_name(f"{file.stem}.beats.csv"))),
            sections=self._known(
                lambda: read_sections(file.with_name(f"{file.stem}.sections.csv"))
            ),
            split=split,
        )

    def _file(self, table: Fields, name: str) -> Path:
        return self.folder / table.path(name)

    def _known(self, read: Callable[[], Truth | None]) -> Truth | None:
        try:
            return read()
        except InputError as error:
            self.complain(error)
            return None
