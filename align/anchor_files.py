"""Anchors from a table: `reference_s,cover_s` and, if wanted, `segment`, as in an annotation."""

from __future__ import annotations

from pathlib import Path

from align.anchors import Anchors
from align.evaluation.loaders.tables import (
    COVER_TIMES,
    REFERENCE_TIMES,
    column,
    optional_column,
    read_table,
    seconds,
    whole_number,
)
from catalog.errors import NotFoundError


def read_anchors(path: Path) -> Anchors:
    """Anchors of a table whose columns are separated by comma, semicolon or tab.

    Raises:
        InputError: when it is no such table, or its anchors contradict each other.
    """
    if not path.is_file():
        raise NotFoundError(f"{path} is no file: give a table with reference_s,cover_s")
    rows = read_table(path)
    reference, cover = (column(rows, names, path) for names in (REFERENCE_TIMES, COVER_TIMES))
    segment = optional_column(rows, ["segment"])
    numbers = (
        [whole_number(cells[segment], path, line) for line, cells in rows] if segment else None
    )
    return Anchors.of(
        [seconds(cells, reference, path, line) for line, cells in rows],
        [seconds(cells, cover, path, line) for line, cells in rows],
        segment=numbers,
        places=[f"{path}, line {line}" for line, _ in rows],
    )
