"""Summaries of runs -> cells: one row a run, the best of each column marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.measures import MEASURES, Measure, best_of, figure_of, interval_of
from catalog.models import EvaluationRun
from webapp.rows_to_json import clip

COLUMNS = (
    "median_ms", "p90_ms", "within_25", "within_50", "wrong_beat", "wrong_section",
    "attribution", "switch_within_50", "eer", "recall_at_1_percent", "confidence_auroc",
    "seconds_per_cover", "peak_mib",
)  # fmt: skip
KIND_COLUMNS = ("within_50", "median_ms", "p90_ms", "wrong_beat", "attribution")


@dataclass(frozen=True)
class Cell:
    """One figure: its text, its interval's text, and whether it is the best of its column."""

    text: str
    interval: str
    best: bool


@dataclass(frozen=True)
class RunRow:
    """One run of a group."""

    run: EvaluationRun
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """All runs on one data set, the best first."""

    dataset: str
    measures: tuple[Measure, ...]
    rows: tuple[RunRow, ...]


def group_runs(runs: Sequence[EvaluationRun]) -> list[Group]:
    """Runs by data set in the order of their names, the best run of each first."""
    by_dataset: dict[str, list[EvaluationRun]] = {}
    for run in runs:
        by_dataset.setdefault(run.dataset, []).append(run)
    return [_group(dataset, by_dataset[dataset]) for dataset in sorted(by_dataset)]


def _group(dataset: str, runs: Sequence[EvaluationRun]) -> Group:
    ordered = sorted(runs, key=_rank)
    measures = tuple(
        MEASURES[key]
        for key in COLUMNS
        if any(figure_of(each.summary, key) is not None for each in runs)
    )
    best = {each.key: best_of(each, [run.summary for run in runs]) for each in measures}
    rows = [
        RunRow(run, tuple(_cell(each, run.summary, best[each.key]) for each in measures))
        for run in ordered
    ]
    return Group(clip(dataset) or "", measures, tuple(rows))


def _rank(run: EvaluationRun) -> tuple[float, float, int]:
    within, eer = figure_of(run.summary, "within_50"), figure_of(run.summary, "eer")
    return (-1.0 if within is None else -within, 1.0 if eer is None else eer, -run.id)


def _cell(measure: Measure, summary: Mapping[str, Any], best: float | None) -> Cell:
    found = figure_of(summary, measure.key)
    interval = measure.show_range(interval_of(summary, measure.key))
    return Cell(measure.show(found), interval, found is not None and found == best)


def summary_rows(summary: Mapping[str, Any]) -> list[tuple[Measure, Cell]]:
    """Everything one run measured, with its interval."""
    return [
        (measure, _cell(measure, summary, None))
        for measure in MEASURES.values()
        if figure_of(summary, measure.key) is not None
    ]
