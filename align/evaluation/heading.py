"""How a metrics document was measured; documents that say the same here can stand side by side."""

from __future__ import annotations

from pathlib import Path

from align.datasets.digest import digest_truth
from align.datasets.reading import Dataset
from align.evaluation.definitions import DEFINITIONS
from align.evaluation.methods.method import Method
from align.evaluation.results import Document
from catalog import __version__


def heading(method: Method, dataset: Dataset, folder: Path) -> Document:
    """What a document says before its figures; `folder` is the data set's."""
    return {
        "dataset": dataset.name,
        "truth": digest_truth(dataset, folder),
        "method": method.name,
        "source": method.source,
        "model": method.model,
        "version": __version__,
        "definitions": DEFINITIONS,
    }
