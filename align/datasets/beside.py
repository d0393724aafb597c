"""Reading what lies beside a recording: its annotation, `STEM.truth.json`, beats and sections."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.truth import Annotation, BeatTruth, Seconds, SectionTruth
from align.datasets.validating import annotation_problem, beats_problem, sections_problem
from catalog.errors import InputError

Rows = list[tuple[int, dict[str, str]]]
"""Line number in the file, and column -> cell."""

WIDEST = 2**63
"""Whole numbers from here on are kept in no array."""


def read_annotation(path: Path, media: Path) -> Annotation:
    """Marks of a CSV file, with foreign spans of the truth that lies beside the recording.

    Raises:
        InputError: naming the file and a remedy.
    """
    rows = _rows(path, ("reference_s", "cover_s", "segment"))
    truth_path = media.with_name(f"{media.stem}.truth.json")
    truth = read_document(truth_path) if truth_path.exists() else {}
    annotation = Annotation(
        reference_s=_times(rows, "reference_s", path),
        cover_s=_times(rows, "cover_s", path),
        segment=np.array([_whole(cells, "segment", path, n) for n, cells in rows], dtype=np.int64),
        foreign_s=_foreign(truth, truth_path),
        beats_per_mark=_beats_per_mark(truth, truth_path),
    )
    _refuse(path, annotation_problem(annotation))
    return annotation


def read_beats(path: Path) -> BeatTruth | None:
    """Beats of a CSV file, `None` where there is none.

    Raises:
        InputError: naming the file and a remedy.
    """
    if not path.exists():
        return None
    rows = _rows(path, ("time_s", "position"))
    places = [_whole(cells, "position", path, line) for line, cells in rows]
    beats = BeatTruth(_times(rows, "time_s", path), np.array(places, dtype=np.int64))
    _refuse(path, beats_problem(beats))
    return beats


def read_sections(path: Path) -> SectionTruth | None:
    """Sections of a CSV file, `None` where there is none.

    Raises:
        InputError: naming the file and a remedy.
    """
    if not path.exists():
        return None
    rows = _rows(path, ("start_s", "end_s", "label"))
    spans_s = np.column_stack([_times(rows, name, path) for name in ("start_s", "end_s")])
    sections = SectionTruth(spans_s, tuple(cells["label"] for _, cells in rows))
    _refuse(path, sections_problem(sections))
    return sections


def read_document(path: Path) -> dict[str, Any]:
    """A JSON file that holds one object.

    Raises:
        InputError: naming the file and a remedy.
    """
    try:
        document = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise InputError(f'{path} holds no object: begin it with "{{"')
    return document


def _foreign(truth: dict[str, Any], path: Path) -> Seconds:
    try:
        spans_s = np.array(truth.get("foreign") or np.zeros((0, 2)), dtype=float)
    except (TypeError, ValueError):
        spans_s = np.zeros(1)
    if spans_s.ndim != 2 or spans_s.shape[1] != 2:
        raise InputError(f"{path}: foreign is no list of [start_s, end_s]: write it as such")
    return spans_s


def _beats_per_mark(truth: dict[str, Any], path: Path) -> float | None:
    value = truth.get("beats_per_mark")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise InputError(f"{path}: beats_per_mark {value!r} is no number: write one, or null")
    return None if value is None else float(value)


def _rows(path: Path, needed: Sequence[str]) -> Rows:
    try:
        reader = csv.DictReader(_text(path).splitlines(), restval="")
        missing = [name for name in needed if name not in (reader.fieldnames or [])]
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{path} is no table: {error}") from error
    if missing:
        raise InputError(f"{path} has no column {missing[0]}: its first line is {','.join(needed)}")
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: put it there, or do not name it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text in UTF-8: save it as such") from error


def _times(rows: Rows, name: str, path: Path) -> Seconds:
    return np.array([_number(cells, name, path, line) for line, cells in rows], dtype=float)


def _number(cells: dict[str, str], name: str, path: Path, line: int) -> float:
    try:
        return float(cells[name])
    except ValueError as error:
        raise InputError(f"{path}, line {line}: {name} {cells[name]!r} is no number") from error


def _whole(cells: dict[str, str], name: str, path: Path, line: int) -> int:
    try:
        number = int(cells[name])
    except ValueError:
        number = WIDEST
    if not -WIDEST < number < WIDEST:
        raise InputError(
            f"{path}, line {line}: {name} {cells[name]!r} is no whole number: write one such as 1"
        )
    return number


def _refuse(path: Path, problem: str | None) -> None:
    if problem:
        raise InputError(f"{path}: {problem}")
