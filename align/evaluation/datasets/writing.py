"""Laying a data set out: `dataset.json`, annotations and the truth beside recordings."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from align.evaluation.truth import Annotation

Fields = dict[str, Any]


def write_dataset(
    folder: Path, name: str, licence: str, songs: Sequence[Mapping[str, Any]], **more: Any
) -> None:
    """Write `dataset.json`; `more` are further fields, such as the recipe."""
    document = {"name": name, "licence": licence, **more, "songs": songs}
    _write_json(folder / "dataset.json", document)


def write_annotation(path: Path, annotation: Annotation) -> None:
    """Write marks as `reference_s,cover_s,segment`."""
    rows = zip(annotation.reference_s, annotation.cover_s, annotation.segment, strict=True)
    lines = ((f"{r:.5f}", f"{c:.5f}", int(segment)) for r, c, segment in rows)
    write_table(path, ("reference_s", "cover_s", "segment"), lines)


def write_truth(media: Path, truth: Mapping[str, Any]) -> None:
    """Write `STEM.truth.json` beside a recording."""
    _write_json(media.with_name(f"{media.stem}.truth.json"), truth)


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
    """Write a CSV file in UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def _write_json(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
