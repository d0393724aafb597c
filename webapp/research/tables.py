"""Summaries of runs -> cells: one table a task, one row a run, the best of each column marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.measures import MEASURES, OWN_DATASETS, Measure, best_of, figure_of, interval_of
from catalog.models import EvaluationRun
from webapp.rows_to_json import clip

KIND_COLUMNS = ("within_50", "median_ms", "p90_ms", "wrong_beat", "attribution")


@dataclass(frozen=True)
class Task:
    """What methods can be measured at.

    Attributes:
        counted: the summary's number of recordings
        columns: measures that are shown, if any run has them
        leading: the measure that runs are ordered by; who lacks it did not do the task
    """

    title: str
    counted: str
    leading: str
    columns: tuple[str, ...]


TASKS = (
    Task(
        "Alignment", "n_covers", "within_50",
        ("pooled_median_ms", "pooled_p90_ms", "median_ms", "within_50", "unmapped", "wrong_beat",
         "attribution", "switch_within_50", "seconds_per_cover"),
    ),
    Task("Is it this song?", "n_screened", "eer", ("eer", "recall_at_1_percent")),
    Task(
        "Beats", "n_beats", "beat_f",
        ("beat_f", "beat_cmlt", "beat_amlt", "downbeat_f", "downbeat_cmlt", "downbeat_amlt"),
    ),
    Task(
        "Sections", "n_sections", "section_hr05",
        ("section_hr05", "section_inner_hr05", "section_hr3", "section_pairwise_f",
         "map_section_hr05", "map_section_hr3", "map_section_pairwise_f"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One figure: its text, its interval's text, and whether it is the best of its column."""

    text: str
    interval: str
    best: bool


@dataclass(frozen=True)
class RunRow:
    """One run of a table; `n` recordings were measured."""

    run: EvaluationRun
    n: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TaskTable:
    """All runs that did a task on one data set, the best first."""

    title: str
    measures: tuple[Measure, ...]
    rows: tuple[RunRow, ...]


@dataclass(frozen=True)
class Group:
    """Everything that was measured on one data set.

    Attributes:
        licence: as the newest run states it
        own: whether this program builds the data set
    """

    dataset: str
    licence: str | None
    own: bool
    tables: tuple[TaskTable, ...]


def group_runs(runs: Sequence[EvaluationRun], licences: Mapping[int, str | None]) -> list[Group]:
    """Runs by data set, in the order of their names; `licences` by the runs' ids."""
    by_dataset: dict[str, list[EvaluationRun]] = {}
    for run in runs:
        by_dataset.setdefault(run.dataset, []).append(run)
    return [
        Group(
            clip(dataset) or "",
            clip(licences.get(max(each.id for each in by_dataset[dataset]))),
            dataset in OWN_DATASETS,
            _tables(by_dataset[dataset]),
        )
        for dataset in sorted(by_dataset)
    ]


def _tables(runs: Sequence[EvaluationRun]) -> tuple[TaskTable, ...]:
    tables = (_table(task, runs) for task in TASKS)
    return tuple(each for each in tables if each is not None)


def _table(task: Task, runs: Sequence[EvaluationRun]) -> TaskTable | None:
    leading = MEASURES[task.leading]
    done = [
        (figure, run) for run in runs if (figure := figure_of(run.summary, leading.key)) is not None
    ]
    if not done:
        return None
    sign = 1 if leading.lower_is_better else -1
    ordered = [run for _, run in sorted(done, key=lambda each: (sign * each[0], -each[1].id))]
    summaries = [run.summary for run in ordered]
    measures = tuple(
        MEASURES[key]
        for key in task.columns
        if any(figure_of(each, key) is not None for each in summaries)
    )
    n = max(each.get(task.counted) or 0 for each in summaries)
    best = {each.key: best_of(each, summaries, n) for each in measures}
    rows = [
        RunRow(
            run,
            run.summary.get(task.counted),
            tuple(_cell(each, run.summary, best[each.key]) for each in measures),
        )
        for run in ordered
    ]
    return TaskTable(task.title, measures, tuple(rows))


def _cell(measure: Measure, summary: Mapping[str, Any], best: float | None) -> Cell:
    found = figure_of(summary, measure.key)
    interval = measure.show_range(interval_of(summary, measure.key))
    return Cell(measure.show(found), interval, found is not None and found == best)


LEADING = ("pooled_median_ms", "within_50", "unmapped", "eer", "beat_f", "section_hr05")
"""What matters most of each task."""


def leading_rows(summary: Mapping[str, Any]) -> list[tuple[Measure, Cell]]:
    """The few figures that matter most, with their intervals."""
    return [each for each in summary_rows(summary) if each[0].key in LEADING]


def summary_rows(summary: Mapping[str, Any]) -> list[tuple[Measure, Cell]]:
    """Everything one run measured, with its interval."""
    return [
        (measure, _cell(measure, summary, None))
        for measure in MEASURES.values()
        if figure_of(summary, measure.key) is not None
    ]
