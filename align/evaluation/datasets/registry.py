"""The data sets that `covers dataset build` knows, and building one: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from catalog.errors import InputError, NotFoundError, StorageError
from catalog.settings import get_settings


@dataclass(frozen=True)
class DatasetEntry:
    """What can be built.

    Attributes:
        builder: `module:function` that lays the data set out in the empty folder it is given
        size_mib, minutes: of the folder, and to build it on two cores
    """

    summary: str
    builder: str
    licence: str
    size_mib: int
    minutes: float


DATASETS = {
    "schubert-d911-03": DatasetEntry(
        "two singers of one Schubert song, 57 measures marked by hand (development)",
        "align.evaluation.datasets.schubert:build_schubert",
        "public domain in the EU; CC BY 3.0", 8, 0.1,
    ),
    "edited-real": DatasetEntry(
        "metal, rock and game music, cut, stretched, shifted and spoilt, with exact truth",
        "align.evaluation.datasets.edited.building:build_edited",
        "MIT, CC BY-SA 3.0, GPL-2+ by song", 250, 5,
    ),
    "simulated-test": DatasetEntry(
        "26 songs nobody trains on, four simulated covers of each, with exact truth (frozen)",
        "align.evaluation.datasets.simulated.test_set:build_simulated_test",
        "simulated with a GPL-2 soundfont", 330, 8,
    ),
    "screening": DatasetEntry(
        "26 songs, eleven recordings beside each: copies, covers and what only resembles them",
        "align.evaluation.datasets.simulated.screening:build_screening",
        "simulated with a GPL-2 soundfont", 700, 15,
    ),
    "beats": DatasetEntry(
        "38 recordings with their beats, a third of them changing metre in the middle",
        "align.evaluation.datasets.simulated.beats:build_beats",
        "simulated with a GPL-2 soundfont", 100, 3,
    ),
}  # fmt: skip


def build_dataset(name: str, output: Path | None) -> Path:
    """Build a data set once and return its folder.

    Raises
    ------
    NotFoundError
        for a name that is not known
    InputError
        when `output` holds something else
    SourceError
        when what the data set is made of cannot be fetched
    StorageError
        when the folder cannot be written
    """
    entry = DATASETS.get(name)
    if entry is None:
        raise NotFoundError(f"no data set {name!r}: choose from {', '.join(DATASETS)}")
    folder = output or get_settings().cache_folder / "datasets" / name
    if not (folder / "dataset.json").exists():
        module, function = entry.builder.split(":")
        with new_folder(folder) as building:
            getattr(import_module(module), function)(building)
    return folder


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """An empty folder that takes the place of `folder` if all goes well, and vanishes if not.

    Raises:
        InputError: when `folder` is there already and is not empty.
        StorageError: when it cannot be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{folder} exists and is not empty: name a new folder, or remove it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as name:
            building = Path(name) / "dataset"
            building.mkdir()
            yield building
            if folder.exists():
                shutil.rmtree(folder)
            building.replace(folder)
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror or error}") from error
