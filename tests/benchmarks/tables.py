"""Tables of what `covers evaluate` measured, in Markdown.

    covers evaluate DATASET --method all --output results/DATASET
    python tests/benchmarks/tables.py results/*

One table a data set and a task, a row a method, 95 % intervals in brackets; then, for what aligns,
the share of marks within 50 ms for each kind of cover.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from catalog.measures import MEASURES, Measure, figure_of, interval_of

TASKS = {
    "alignment": ("median_ms", "p90_ms", "within_25", "within_50", "within_50_alike", "wrong_beat",
                  "wrong_section", "attribution", "switch_within_50", "splice_f"),
    "screening": ("eer", "recall_at_1_percent"),
    "beats": ("beat_f", "beat_cmlt", "beat_amlt", "downbeat_f", "downbeat_cmlt"),
    "sections": ("section_hr05", "section_hr3", "section_pairwise_f"),
    "confidence": ("confidence_auroc", "kept_within_50"),
    "cost": ("seconds_per_cover", "warm_seconds_per_cover", "cold_seconds", "peak_mib"),
}  # fmt: skip
WITH_INTERVAL = {"median_ms", "within_50", "eer", "recall_at_1_percent", "beat_f", "section_hr05"}
BY_KIND = "within_50"


def main(folders: list[Path]) -> None:
    """Print the tables of result folders."""
    for folder in folders:
        documents = [json.loads(path.read_text()) for path in sorted(folder.glob("metrics-*.json"))]
        if not documents:
            continue
        print(f"\n## {documents[0]['dataset']}")
        for task, keys in TASKS.items():
            print_task(task, [MEASURES[key] for key in keys], documents)
        print_negatives(documents)
        print_kinds(documents)


def print_task(task: str, measures: Sequence[Measure], documents: Sequence[Any]) -> None:
    """One table; methods that measured nothing of it are left out."""
    rows = [
        [each["method"], *(cell(measure, each["summary"]) for measure in measures)]
        for each in documents
        if any(figure_of(each["summary"], measure.key) is not None for measure in measures)
    ]
    if rows:
        print(f"\n{task}\n")
        print_table(["method", *(measure.label for measure in measures)], rows)


def cell(measure: Measure, summary: Mapping[str, Any]) -> str:
    """A figure, with its interval where that matters most."""
    shown = measure.show(figure_of(summary, measure.key))
    interval = interval_of(summary, measure.key) if measure.key in WITH_INTERVAL else None
    return f"{shown} ({measure.show_range(interval)})" if interval else shown


def print_negatives(documents: Sequence[Any]) -> None:
    """Kinds of negative down, equal error rate and recall of each method across."""
    screened = [each for each in documents if each["summary"].get("by_negative")]
    kinds = sorted({kind for each in screened for kind in each["summary"]["by_negative"]})
    if len(kinds) < 2:
        return
    print("\nEER, recall at 1 % FA against one kind of negative\n")
    rows = []
    for kind in kinds:
        found = [each["summary"]["by_negative"].get(kind, {}) for each in screened]
        figures = [
            ", ".join(MEASURES[key].show(each.get(key)) for key in TASKS["screening"])
            for each in found
        ]
        rows.append([kind, str(next(each["n"] for each in found if each)), *figures])
    print_table(["kind", "n", *(each["method"] for each in screened)], rows)


def print_kinds(documents: Sequence[Any]) -> None:
    """Kinds of cover down, methods across."""
    measure = MEASURES[BY_KIND]
    aligned = [each for each in documents if figure_of(each["summary"], BY_KIND) is not None]
    kinds = sorted({kind for each in aligned for kind in each["summary"]["by_kind"]})
    if len(kinds) < 2:
        return
    print(f"\n{measure.label} by kind of cover\n")
    rows = []
    for kind in kinds:
        found = [each["summary"]["by_kind"].get(kind, {}) for each in aligned]
        n = next((each["n"] for each in found if each), 0)
        figures = [measure.show(figure_of(each, BY_KIND)) for each in found]
        if set(figures) != {"–"}:
            rows.append([kind, str(n), *figures])
    print_table(["kind", "n", *(each["method"] for each in aligned)], rows)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table."""
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    typer.run(main)
