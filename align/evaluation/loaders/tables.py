"""Tables as people write them: comma, semicolon or tab, with or without a header."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from align.datasets.validating import LARGEST_POSITION
from align.evaluation.loaders.imported import LayoutError

TIMES = ("time_s", "time", "start_s", "start", "onset", "onset_s", "seconds")
REFERENCE_TIMES = ("reference_s", "reference_time", "ref_s", "ref_time", "time_reference")
COVER_TIMES = ("cover_s", "cover_time", "time_cover", "performance_time")
LABELS = ("label", "measure", "bar", "beat", "mark", "event", "name")
POSITIONS = ("position", "beat_in_bar", "beat_position")
BEATS_PER_MARK = "beats_per_mark"

Row = tuple[int, dict[str, str]]
"""Line number in the file, and column -> cell."""


def read_table(path: Path) -> list[Row]:
    """The lines of a table with a header, whatever separates its columns.

    Raises:
        LayoutError: when it is empty or no text.
    """
    text = read_text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    rows = []
    for row in reader:
        cells = {(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if k}
        if any(cells.values()):
            rows.append((reader.line_num, cells))
    if not rows:
        raise LayoutError(f"{path} has no rows: a header and one line for each mark are needed")
    return rows


def read_text(path: Path) -> str:
    """A text file in UTF-8, with or without a byte order mark.

    Raises:
        LayoutError: when it is not there or no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise LayoutError(f"{path} does not exist: this layout needs it") from error
    except UnicodeDecodeError as error:
        raise LayoutError(f"{path} is no text in UTF-8: save it as such") from error


def column(rows: Sequence[Row], names: Sequence[str], path: Path) -> str:
    """The first of the names that is a column.

    Raises:
        LayoutError: when there is none.
    """
    found = optional_column(rows, names)
    if found is None:
        raise LayoutError(
            f"{path}, line 1: no column {' or '.join(names[:3])} among "
            f"{', '.join(rows[0][1])}: rename the column"
        )
    return found


def optional_column(rows: Sequence[Row], names: Sequence[str]) -> str | None:
    """The first of the names that is a column, `None` without one."""
    return next((name for name in names if name in rows[0][1]), None)


def seconds(cells: Mapping[str, str], name: str, path: Path, line: int) -> float:
    """A cell as a time.

    Raises:
        LayoutError: when it is no finite number from 0 on.
    """
    return parse_seconds(cells.get(name, ""), path, line)


def parse_seconds(text: str, path: Path, line: int) -> float:
    """A text as a time; a decimal comma is understood.

    Raises:
        LayoutError: when it is no finite number from 0 on.
    """
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise LayoutError(f"{path}, line {line}: {text!r} is no time: write seconds, such as 12.34")
    return value


def beats_per_mark(cells: Mapping[str, str], path: Path, line: int) -> float | None:
    """What a line says of it, `None` where it says nothing.

    Raises:
        LayoutError: when it is no number above 0.
    """
    text = cells.get(BEATS_PER_MARK, "")
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise LayoutError(f"{path}, line {line}: beats_per_mark {text!r}: write a number such as 4")
    return number


def whole_number(text: str, path: Path, line: int) -> int:
    """A cell as a whole number.

    Raises:
        LayoutError: when it is none.
    """
    try:
        number = int(text)
    except ValueError:
        number = LARGEST_POSITION + 1
    if abs(number) > LARGEST_POSITION:
        raise LayoutError(f"{path}, line {line}: {text!r} is no whole number: write one such as 1")
    return number
