"""What an earlier run has finished, read back from its output folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from align.datasets.reading import CoverEntry, Dataset
from align.evaluation.heading import heading
from align.evaluation.map_files import read_map_file
from align.evaluation.methods.method import Method
from align.evaluation.metrics.marks import mark_errors
from align.evaluation.naming import file_stems, place_of
from align.evaluation.report.comparison import read_metrics
from align.evaluation.results import Document, EvaluatedCover, Evaluation
from catalog.errors import InputError
from catalog.time_map import TimeMap

OTHERWISE = {
    "dataset": "on another data set",
    "truth": "against other truth",
    "method": "of another method",
    "source": "of another method",
    "model": "with another model",
    "version": "by another version of this program",
    "definitions": "by other definitions",
}
"""How a document was measured that has another heading."""
REMEDY = "choose another --output, or measure anew without --resume"


def find_finished(
    output: Path, methods: Sequence[Method], dataset: Dataset, folder: Path
) -> dict[str, Evaluation]:
    """The evaluations that lie in an output folder, by method.

    Maps of another program are not among them: they are read anew.

    Raises
    ------
    InputError
        when one was measured otherwise than it would be now, or its maps are gone
    """
    found = {}
    for method in methods:
        path = output / f"metrics-{method.name}.json"
        if method.timed and path.exists():
            document = read_metrics(path)
            _require_same(path, document, heading(method, dataset, folder))
            covers = _covers(output / "maps" / method.name, document, dataset, folder)
            found[method.name] = Evaluation(document, tuple(covers))
    return found


def _require_same(path: Path, document: Document, expected: Document) -> None:
    for name, value in expected.items():
        if document.get(name) != value:
            raise InputError(f"{path} was measured {OTHERWISE[name]}: {REMEDY}")


def _covers(
    maps: Path, document: Document, dataset: Dataset, folder: Path
) -> Iterator[EvaluatedCover]:
    """The maps behind the rows of a document, in their order."""
    covers = [each for each in dataset.covers if each.annotation is not None]
    stems = file_stems(covers)
    entries = {(each.song, each.file.relative_to(folder).as_posix()): each for each in covers}
    for row in document["covers"]:
        entry = entries[row["song"], row["file"]]
        yield _evaluated(maps / f"{stems[place_of(entry)]}.json", entry)


def _evaluated(path: Path, entry: CoverEntry) -> EvaluatedCover:
    assert entry.annotation is not None
    if not path.exists():
        raise InputError(f"{path} is missing, though its figures are there: {REMEDY}")
    estimate = read_map_file(path, entry.file.name).time_map
    return EvaluatedCover(entry, estimate, mark_errors(estimate or TimeMap(), entry.annotation))
