"""A data set folder: `dataset.json`, recordings, and truth beside them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.errors import InputError

Seconds = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Annotation:
    """Marks of one cover, sorted by cover time.

    Attributes:
        reference_s: (marks,)
        cover_s: (marks,)
        segment: index of the monotone stretch, (marks,)
        foreign_s: spans of the cover that are not the song, (spans, 2)
        beats_per_mark: 1 where marks are beats
    """

    reference_s: Seconds
    cover_s: Seconds
    segment: npt.NDArray[np.int64]
    foreign_s: Seconds
    beats_per_mark: float

    def same_segment(self, mark: int) -> npt.NDArray[np.int64]:
        """A mark and its direct neighbours within its segment."""
        near = np.arange(max(0, mark - 1), min(len(self.segment), mark + 2))
        return np.asarray(near[self.segment[near] == self.segment[mark]])


@dataclass(frozen=True)
class CoverEntry:
    """One cover to align."""

    song: str
    reference: Path
    file: Path
    kind: str
    relation: str
    annotation: Annotation | None


@dataclass(frozen=True)
class Dataset:
    """Everything `dataset.json` lists that has an annotation, and what has not."""

    name: str
    covers: tuple[CoverEntry, ...]


def read_dataset(folder: Path) -> Dataset:
    """Read a data set.

    Raises:
        InputError: when `dataset.json` is missing or not laid out as documented.
    """
    path = folder / "dataset.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        covers = [
            _cover(folder, song, entry) for song in document["songs"] for entry in song["covers"]
        ]
        return Dataset(document["name"], tuple(covers))
    except FileNotFoundError as error:
        raise InputError(f"{error.filename} does not exist: is {folder} a data set?") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path} is not laid out like a data set: {error!r}") from error


def _cover(folder: Path, song: dict[str, Any], entry: dict[str, Any]) -> CoverEntry:
    file = folder / entry["file"]
    annotation = entry.get("annotation")
    return CoverEntry(
        song=song["id"],
        reference=folder / song["reference"],
        file=file,
        kind=entry["kind"],
        relation=entry.get("relation", "performance"),
        annotation=None if annotation is None else _annotation(folder / annotation, file),
    )


def _annotation(path: Path, media: Path) -> Annotation:
    with path.open(newline="", encoding="utf-8") as source:
        rows = [
            (float(row["reference_s"]), float(row["cover_s"]), int(row["segment"]))
            for row in csv.DictReader(source)
        ]
    truth_path = media.with_name(f"{media.stem}.truth.json")
    truth = json.loads(truth_path.read_text(encoding="utf-8")) if truth_path.exists() else {}
    return Annotation(
        reference_s=np.array([row[0] for row in rows]),
        cover_s=np.array([row[1] for row in rows]),
        segment=np.array([row[2] for row in rows], dtype=np.int64),
        foreign_s=np.array(truth.get("foreign", []), dtype=float).reshape(-1, 2),
        beats_per_mark=float(truth.get("beats_per_mark", 1)),
    )
