"""What changed from one measurement to another, cover by cover, and whether it is luck."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from align.evaluation.comparing import MetricDifference, compare_evaluations
from align.evaluation.results import Document
from catalog.errors import InputError
from catalog.measures import MEASURES, POOLED, UNKNOWN, Measure, figure_of

SCHEMA = "covers.metrics/1"
SAME = 0.005
"""Covers whose share within 50 ms changed by less are called alike."""


@dataclass(frozen=True)
class CoverChange:
    """One cover in both measurements; pairs are first and second."""

    song: str
    file: str
    kind: str
    median_ms: tuple[float, float]
    within_50: tuple[float, float]

    @property
    def change(self) -> float:
        """Of the share within 50 ms; above 0 the second is better."""
        return self.within_50[1] - self.within_50[0]

    def cells(self) -> list[str]:
        """For a table."""
        medians = [MEASURES["median_ms"].show_plain(each) for each in self.median_ms]
        shares = [MEASURES["within_50"].show_plain(each) for each in self.within_50]
        return [self.file, self.kind, *medians, *shares, f"{100 * self.change:+.1f}"]


@dataclass(frozen=True)
class PooledChange:
    """One figure of the marks of all covers together, in both measurements."""

    metric: str
    first: float
    second: float


@dataclass(frozen=True)
class Comparison:
    """Two measurements on the same covers, the covers by change, the worst first.

    Attributes:
        pooled: empty unless both measured the very same covers
    """

    first: str
    second: str
    covers: tuple[CoverChange, ...]
    measures: tuple[MetricDifference, ...]
    pooled: tuple[PooledChange, ...] = ()

    @property
    def wins(self) -> int:
        """Covers on which the second is better."""
        return sum(each.change > SAME for each in self.covers)

    @property
    def losses(self) -> int:
        """Covers on which the first is better."""
        return sum(each.change < -SAME for each in self.covers)

    def verdict(self) -> str:
        """One sentence for people."""
        alike = len(self.covers) - self.wins - self.losses
        return (
            f"Of {len(self.covers)} covers {self.second} is better on {self.wins}, worse on "
            f"{self.losses} and alike on {alike} (share within 50 ms)."
        )


def compare_files(first: Path, second: Path) -> Comparison:
    """Compare two metrics documents, or the `metrics.json` of two folders.

    Raises:
        InputError: when one is no metrics document, or they have no cover in common.
    """
    documents = read_metrics(first), read_metrics(second)
    names = [each["method"] for each in documents]
    if names[0] == names[1]:
        names = [str(first), str(second)]
    return compare_documents(*documents, names=(names[0], names[1]))


def read_metrics(path: Path) -> Document:
    """A metrics document from a file, or from `metrics.json` in a folder."""
    file = path / "metrics.json" if path.is_dir() else path
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{file} cannot be read as JSON: give a metrics.json of `covers evaluate` or its folder"
        ) from error
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise InputError(
            f"{file} is no {SCHEMA} document: give a metrics.json of `covers evaluate`"
        )
    return document


def compare_documents(first: Document, second: Document, *, names: tuple[str, str]) -> Comparison:
    """Compare two documents by the recordings that both have.

    Raises:
        InputError: when they have none in common, or one is laid out in another way.
    """
    try:
        differences = compare_evaluations(first, second)
        rows = _by_cover(first), _by_cover(second)
        covers = [_change(rows[0][key], rows[1][key]) for key in rows[0] if key in rows[1]]
    except (KeyError, TypeError) as error:
        raise InputError(
            f"{names[0]} and {names[1]} are not laid out alike ({error!r}): measure both anew"
        ) from error
    if not differences:
        raise InputError(
            f"{names[0]} on {first['dataset']} and {names[1]} on {second['dataset']} have no "
            "recording in common: compare runs on one data set"
        )
    ordered = sorted(covers, key=lambda each: (each.change, each.song, each.file))
    pooled = _pooled(first, second) if rows[0].keys() == rows[1].keys() else ()
    return Comparison(*names, tuple(ordered), tuple(differences.values()), pooled)


def _pooled(first: Document, second: Document) -> tuple[PooledChange, ...]:
    found = []
    for each in POOLED:
        before, after = (figure_of(one["summary"], each.key) for one in (first, second))
        if before is not None and after is not None:
            found.append(PooledChange(each.key, before, after))
    return tuple(found)


def cover_columns(comparison: Comparison) -> list[str]:
    """What stands over the cells of covers, each column of one unit."""
    names = comparison.first, comparison.second
    return [
        "cover", "kind",
        *(f"{each} median, ms" for each in names),
        *(f"{each} ≤ 50 ms, %" for each in names),
        "change, %",
    ]  # fmt: skip


def pooled_cells(change: PooledChange) -> list[str]:
    """One figure of all marks for a table; without an interval, which would need the maps."""
    measure = MEASURES[change.metric]
    figures = change.first, change.second, change.second - change.first
    return [_with_unit(measure), *(measure.show_plain(each) for each in figures), UNKNOWN]


def difference_cells(difference: MetricDifference) -> list[str]:
    """One measure for a table."""
    measure = MEASURES[difference.metric]
    means = difference.first, difference.second, difference.difference
    bounds = difference.interval
    interval = UNKNOWN if bounds is None else " to ".join(map(measure.show_plain, bounds))
    return [_with_unit(measure), *(measure.show_plain(each) for each in means), interval]


def _with_unit(measure: Measure) -> str:
    """A measure's name with the unit of its row."""
    name, unit = measure.label, measure.plain_unit
    return f"{name} [{unit}]" if unit else name


def _by_cover(document: Document) -> dict[tuple[str, str], Document]:
    return {(each["song"], each["file"]): each for each in document["covers"]}


def _change(first: Mapping[str, Any], second: Mapping[str, Any]) -> CoverChange:
    return CoverChange(
        first["song"],
        first["file"],
        first["kind"],
        (first["median_ms"], second["median_ms"]),
        (first["within_50"], second["within_50"]),
    )


def comparison_document(comparison: Comparison) -> Document:
    """For machines."""
    return {
        "schema": "covers.comparison/1",
        "first": comparison.first,
        "second": comparison.second,
        "wins": comparison.wins,
        "losses": comparison.losses,
        "pooled": [asdict(each) for each in comparison.pooled],
        "measures": [asdict(each) for each in comparison.measures],
        "covers": [{**asdict(each), "change": round(each.change, 4)} for each in comparison.covers],
    }
