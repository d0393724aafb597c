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


LONG_COLUMNS = {"title", "reason", "error", "meaning", "value", "covers"}
"""Columns whose cells may take several lines; the others keep theirs."""


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Write aligned columns; strangers' text is shown as it is, never as markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column not in LONG_COLUMNS)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    result_console.print(table)
