"""What commands write: results on stdout, progress and errors on stderr.

rich honours NO_COLOR and draws progress only on a terminal.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

progress_console = Console(stderr=True, highlight=False)
"""For progress, hints and errors."""

result_console = Console(highlight=False)
"""For what was asked for, read by a person."""


def print_json(document: Any) -> None:
    """Write one JSON document to stdout, for machines.

    Raises:
        ValueError: when it holds NaN or infinity, which JSON has not.
    """
    json.dump(document, sys.stdout, indent=2, allow_nan=False, ensure_ascii=False)
    sys.stdout.write("\n")


def print_table(columns: list[str], rows: list[list[str]], *, shorten: str | None = None) -> None:
    """Write aligned columns; strangers' text is shown as it is, never as markup.

    Where the terminal is too narrow, the column named by `shorten` loses its end; without one,
    cells are folded.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=shorten is not None)
    cells = [[Text(cell) for cell in row] for row in rows]
    if shorten is not None:
        _shorten(cells, columns, columns.index(shorten))
    for row in cells:
        table.add_row(*row)
    result_console.print(table)


def _shorten(cells: list[list[Text]], columns: list[str], place: int) -> None:
    """Truncate one column to what the others leave of the line."""
    widths = [
        max([len(name), *(row[each].cell_len for row in cells)])
        for each, name in enumerate(columns)
        if each != place
    ]
    room = result_console.width - sum(widths) - 2 * len(widths) - 1
    for row in cells:
        row[place].truncate(max(room, 12), overflow="ellipsis")
