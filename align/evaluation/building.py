"""The data sets that `covers dataset build` knows."""

from __future__ import annotations

from pathlib import Path

from align.evaluation.schubert import build_schubert
from catalog.errors import NotFoundError
from catalog.settings import get_settings

BUILDERS = {"schubert-d911-03": build_schubert}


def build_dataset(name: str, output: Path | None) -> Path:
    """Build a data set once and return its folder.

    Raises:
        NotFoundError: for a name that is not known.
        SourceError: when what it is made of cannot be fetched.
    """
    builder = BUILDERS.get(name)
    if builder is None:
        raise NotFoundError(f"no data set {name!r}: choose from {', '.join(BUILDERS)}")
    folder = output or get_settings().cache_folder / "datasets" / name
    if not (folder / "dataset.json").exists():
        builder(folder)
    return folder
