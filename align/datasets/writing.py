"""Laying a data set out: `dataset.json`, annotations and the truth beside recordings.

Where a recording is asked for, its path without the extension does too.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from align.datasets.truth import Annotation
from align.writing import write_atomically, write_json

Fields = dict[str, Any]


def write_dataset(
    folder: Path, name: str, licence: str, songs: Sequence[Mapping[str, Any]], **more: Any
) -> None:
    """Write `dataset.json`; `more` are further fields, such as the recipe."""
    document = {"name": name, "licence": licence, **more, "songs": songs}
    write_json(folder / "dataset.json", document)


def write_annotation(path: Path, annotation: Annotation) -> None:
    """Write marks as `reference_s,cover_s,segment`."""
    rows = zip(annotation.reference_s, annotation.cover_s, annotation.segment, strict=True)
    lines = ((f"{r:.5f}", f"{c:.5f}", int(segment)) for r, c, segment in rows)
    write_table(path, ("reference_s", "cover_s", "segment"), lines)


def write_truth(media: Path, truth: Mapping[str, Any]) -> None:
    """Write `STEM.truth.json` beside a recording."""
    write_json(media.with_name(f"{media.stem}.truth.json"), truth)


def write_beats(media: Path, beats: Iterable[tuple[float, int]]) -> None:
    """Write `STEM.beats.csv` beside a recording: time in seconds and 1-based place in the bar."""
    lines = ((f"{time_s:.5f}", position) for time_s, position in beats)
    write_table(media.with_name(f"{media.stem}.beats.csv"), ("time_s", "position"), lines)


def write_sections(media: Path, sections: Iterable[tuple[float, float, str]]) -> None:
    """Write `STEM.sections.csv` beside a recording: start and end in seconds, and a label."""
    lines = ((f"{start_s:.5f}", f"{end_s:.5f}", label) for start_s, end_s, label in sections)
    header = ("start_s", "end_s", "label")
    write_table(media.with_name(f"{media.stem}.sections.csv"), header, lines)


def write_table(path: Path, header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8, all of it or nothing."""

    def write(temporary: Path) -> None:
        with temporary.open("w", newline="", encoding="utf-8") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(lines)

    write_atomically(path, write)
