"""Maps that another program has made, taken as those of a method: read, not run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from align.datasets.reading import Dataset
from align.evaluation.map_files import MapFile, read_map_file
from align.evaluation.methods.method import Aligned, Method
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.registry import method_names
from align.evaluation.naming import file_stems, place_of
from catalog.errors import InputError

Pair = tuple[Path, Path]
"""A reference and a cover of it."""


def outside_method(given: str, dataset: Dataset, output: Path) -> Method:
    """The method that `--maps NAME=FOLDER` adds: its maps are the files of a folder.

    They are named as a run names its own, and read now too, so that what cannot be used is told
    before anything is measured. A cover without a file is one that the method failed on.

    Raises
    ------
    InputError
        for a name that cannot be one, a folder without a map of any cover or one that the run
        writes to, or a file that cannot be used
    """
    name, folder = _named_folder(given)
    if folder.resolve() == (output / "maps" / name).resolve():
        raise InputError(f"{folder} is where the run writes maps: give these another folder")
    covers = [each for each in dataset.covers if each.annotation is not None]
    stems = file_stems(covers)
    files = {
        (each.reference, each.file): folder / f"{stems[place_of(each)]}.json" for each in covers
    }
    found = [read_map_file(path, cover.name) for (_, cover), path in files.items() if path.exists()]
    if covers and not found:
        example = next(iter(stems.values()))
        raise InputError(
            f"{folder} has no map of a cover of {dataset.name}: name them as their covers, "
            f"such as {example}.json"
        )
    return Method(
        name=name,
        source=f"maps of another program ({folder.resolve().name})",
        align=partial(_align, files),
        model=_model(found),
        timed=False,
    )


def _named_folder(given: str) -> tuple[str, Path]:
    name, _, folder = given.partition("=")
    if not re.fullmatch(r"[\w+-][\w.+-]*", name) or not folder:
        raise InputError(f"--maps {given!r} is not NAME=FOLDER, such as mine=results/mine")
    if name in (*method_names(), "all"):
        raise InputError(f"{name!r} is a method of this program: give the maps another name")
    return name, Path(folder)


def _model(found: Sequence[MapFile]) -> str | None:
    """What all files agree on."""
    models = {each.model for each in found}
    return models.pop() if len(models) == 1 else None


def _align(files: Mapping[Pair, Path], reference: Recording, cover: Recording) -> Aligned:
    path = files[reference.file, cover.file]
    if not path.exists():
        raise InputError(f"there is no {path.name}")
    found = read_map_file(path, cover.file.name)
    if found.time_map is None:
        raise InputError(f"{path.name} says that no map was found")
    return Aligned(found.time_map, found.confidence)
