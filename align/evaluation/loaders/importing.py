"""`covers dataset import`: a layout's songs -> a folder with `dataset.json`, links and truth."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from align.datasets.truth import Annotation
from align.datasets.writing import (
    Fields,
    write_annotation,
    write_beats,
    write_dataset,
    write_sections,
    write_truth,
)
from align.evaluation.datasets.registry import new_folder
from align.evaluation.loaders.asap import load_asap
from align.evaluation.loaders.covers80 import load_covers80
from align.evaluation.loaders.imported import ImportedCover, ImportedSong, LayoutError, Recording
from align.evaluation.loaders.marks import READERS
from align.evaluation.loaders.pairs import load_pairs
from align.evaluation.loaders.salami import load_salami
from align.evaluation.loaders.winterreise import load_winterreise
from catalog.lifecycle import Relation

UNKNOWN_LICENCE = "not stated: see where the recordings and annotations are from"

LOADERS: dict[str, Callable[[Path, Path], tuple[ImportedSong, ...]]] = {
    **{layout: partial(load_pairs, layout) for layout in READERS},
    "winterreise": load_winterreise,
    "asap": load_asap,
    "salami": load_salami,
    "covers80": load_covers80,
}


def import_layout(layout: str, source: Path, output: Path, *, audio: Path | None = None) -> Path:
    """Read a layout and write a data set that links to its recordings.

    Parameters
    ----------
    audio
        folder with the recordings; `source`, or its folder where it is a file, without one

    Raises
    ------
    LayoutError
        when the layout is unknown or something in it cannot be read
    InputError
        when `output` holds something else
    StorageError
        when it cannot be written
    """
    if layout not in LOADERS:
        raise LayoutError(f"no layout {layout!r}: choose from {', '.join(LOADERS)}")
    if not source.exists():
        raise LayoutError(f"{source} does not exist: name a file or folder in layout {layout}")
    sounds = audio or (source if source.is_dir() else source.parent)
    if not sounds.is_dir():
        raise LayoutError(f"{sounds} is no folder: name the one with the recordings with --audio")
    songs = LOADERS[layout](source, sounds)
    with new_folder(output) as folder:
        entries = [_write_song(folder, song) for song in songs]
        write_dataset(folder, output.name, UNKNOWN_LICENCE, entries, layout=layout)
    return output


def _write_song(folder: Path, song: ImportedSong) -> Fields:
    place = folder / _safe(song.id)
    place.mkdir(exist_ok=True)
    return {
        "id": song.id,
        "reference": _link(folder, place, song.reference),
        "covers": [_write_entry(folder, place, cover) for cover in song.covers],
        "negatives": [_write_entry(folder, place, each, False) for each in song.negatives],
    }


def _write_entry(folder: Path, place: Path, cover: ImportedCover, is_cover: bool = True) -> Fields:
    file = _link(folder, place, cover.recording)
    entry: Fields = {"file": file, "kind": cover.kind}
    if is_cover:
        entry |= {"annotation": None, "relation": _relation(cover)}
    if cover.split:
        entry["split"] = cover.split
    if cover.annotation is not None:
        path = (folder / file).with_name(f"{Path(file).stem}.csv")
        write_annotation(path, cover.annotation)
        entry["annotation"] = path.relative_to(folder).as_posix()
        _write_known(folder / file, entry["relation"], cover.annotation)
    return entry


def _write_known(link: Path, relation: str, annotation: Annotation) -> None:
    """What is not known is not written."""
    truth: Fields = {"relation": relation, "foreign": annotation.foreign_s.tolist()}
    if annotation.beats_per_mark is not None:
        truth["beats_per_mark"] = annotation.beats_per_mark
    write_truth(link, truth)


def _relation(cover: ImportedCover) -> str:
    name = cover.relation or Relation.PERFORMANCE.value
    if name not in {each.value for each in Relation}:
        known = ", ".join(each.value for each in Relation)
        raise LayoutError(f"{cover.recording.file.name}: relation {name!r} is none of {known}")
    return name


def _link(folder: Path, place: Path, recording: Recording) -> str:
    """Link a recording into a song's folder, its truth beside it; the path in `dataset.json`."""
    taken = {path.stem for path in place.iterdir() if path.is_symlink()}
    link = place / (_free(recording.file.stem, taken) + recording.file.suffix)
    link.symlink_to(recording.file.resolve())
    if recording.beats is not None:
        beats = zip(recording.beats.time_s, recording.beats.position, strict=True)
        write_beats(link, ((float(t), int(position)) for t, position in beats))
    if recording.sections is not None:
        spans = zip(recording.sections.spans_s, recording.sections.labels, strict=True)
        write_sections(link, ((float(s[0]), float(s[1]), label) for s, label in spans))
    return link.relative_to(folder).as_posix()


def _free(stem: str, taken: Iterable[str]) -> str:
    """A name that no other recording of the song has, whose truth would lie in its place."""
    known, number, name = set(taken), 2, stem
    while name in known:
        name, number = f"{stem}-{number}", number + 1
    return name


def _safe(name: str) -> str:
    """A song's id as the name of a folder."""
    return re.sub(r"[^\w.-]+", "_", name).strip("._") or "song"
