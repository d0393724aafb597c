"""Documents of several methods -> the cells of the report's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.evaluation.results import Document, Evaluation
from catalog.measures import (
    REJECTED,
    UNKNOWN,
    Measure,
    best_of,
    figure_of,
    interval_of,
    rejected_covers,
)


@dataclass(frozen=True)
class Cell:
    """One figure as it is shown.

    Attributes:
        interval: its 95 % interval, empty where there is none
        best: whether it is the best of its column
        differs: whether the interval of its difference to the first method excludes 0; `None`
            where that was not asked or cannot be told
    """

    text: str
    interval: str = ""
    best: bool = False
    differs: bool | None = None


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        file: of the cover that it is about, if it is about one
    """

    name: str
    cells: tuple[Cell, ...]
    note: str = ""
    file: Path | None = None


@dataclass(frozen=True)
class Table:
    """Measures as columns, methods (or something else) as rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Differences = Mapping[str, Mapping[str, tuple[float, float]]]
"""Method -> measure -> 95 % interval of its difference to the first method."""


def method_table(
    documents: Sequence[Document],
    measures: Sequence[Measure],
    differences: Differences,
    counted: str,
) -> Table | None:
    """Methods side by side in what at least one of them measured, `None` for nothing.

    `counted` is the group of a document's rows that the measures are made of.
    """
    summaries = [each["summary"] for each in documents]
    shown = [
        measure
        for measure in measures
        if any(figure_of(each, measure.key) is not None for each in summaries)
    ]
    if not shown:
        return None
    n = max(len(each.get(counted) or []) for each in documents)
    best = {each.key: best_of(each, summaries, n) for each in shown}
    rows = [
        Row(
            document["method"],
            tuple(
                _cell(measure, document["summary"], best, differences.get(document["method"], {}))
                for measure in shown
            ),
            document.get("model") or "",
        )
        for document in documents
        if any(figure_of(document["summary"], each.key) is not None for each in shown)
    ]
    return Table(tuple(each.label for each in shown), tuple(rows))


def _cell(
    measure: Measure,
    summary: Mapping[str, Any],
    best: Mapping[str, float | None],
    differences: Mapping[str, tuple[float, float]],
) -> Cell:
    figure = figure_of(summary, measure.key)
    interval = differences.get(measure.key)
    return Cell(
        measure.show(figure),
        measure.show_range(interval_of(summary, measure.key)),
        figure is not None and figure == best[measure.key],
        None if interval is None or figure is None else not interval[0] <= 0 <= interval[1],
    )


def kind_table(documents: Sequence[Document], measure: Measure) -> Table | None:
    """Kinds of covers as columns, methods as rows, one measure in the cells."""
    by_kind = [each["summary"].get("by_kind") or {} for each in documents]
    kinds = list(dict.fromkeys(kind for each in by_kind for kind in each))
    if not kinds:
        return None
    counts = [max(each.get(kind, {}).get("n", 0) for each in by_kind) for kind in kinds]
    best = {
        kind: best_of(measure, [each.get(kind, {}) for each in by_kind], n)
        for kind, n in zip(kinds, counts, strict=True)
    }
    rows = [
        Row(
            document["method"],
            tuple(_kind_cell(measure, means.get(each), best[each]) for each in kinds),
        )
        for document, means in zip(documents, by_kind, strict=True)
    ]
    columns = [f"{kind.replace('_', ' ')} ({n})" for kind, n in zip(kinds, counts, strict=True)]
    return Table(tuple(columns), tuple(rows))


def _kind_cell(measure: Measure, means: Mapping[str, Any] | None, best: float | None) -> Cell:
    figure = None if means is None else figure_of(means, measure.key)
    return Cell(measure.show(figure), best=figure is not None and figure == best)


def cover_table(evaluation: Evaluation, measures: Sequence[Measure]) -> Table | None:
    """Every cover of one method, in the order of the data set."""
    covers = evaluation.document["covers"]
    if not covers:
        return None
    rejected = rejected_covers(evaluation.document)
    rows = [
        _cover_row(each, cover.entry.file, measures, (each["song"], each["file"]) in rejected)
        for each, cover in zip(covers, evaluation.covers, strict=True)
    ]
    return Table(("kind", *(each.cover_label for each in measures), "confidence"), tuple(rows))


def _cover_row(
    row: Mapping[str, Any], file: Path, measures: Sequence[Measure], rejected: bool
) -> Row:
    """A cover without a map has no figures of its own, only a reason."""
    kind = Cell(str(row["kind"]).replace("_", " "))
    note = row.get("error") or (REJECTED if rejected else "")
    if note:
        return Row(row["file"], (kind, *[Cell(UNKNOWN)] * (len(measures) + 1)), note, file)
    shown = (Cell(measure.show(figure_of(row, measure.key))) for measure in measures)
    confidence = Cell(_two_digits(figure_of(row, "confidence")))
    return Row(row["file"], (kind, *shown, confidence), "", file)


def section_table(documents: Sequence[Document], rows: Sequence[Mapping[str, Any]]) -> Table | None:
    """Labels of sections as rows, methods as columns, shares within 50 ms in the cells."""
    if not rows:
        return None
    return Table(
        ("marks", *(each["method"] for each in documents)),
        tuple(
            Row(
                row["label"],
                (Cell(str(row["n"])), *(Cell(f"{100 * share:.1f} %") for share in row["shares"])),
            )
            for row in rows
        ),
    )


def _two_digits(figure: float | None) -> str:
    return UNKNOWN if figure is None else f"{figure:.2f}"
