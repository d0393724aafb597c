"""What commands write: results on stdout, progress and errors on stderr.

rich honours NO_COLOR and draws progress only on a terminal.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from catalog.strangers_text import clean_line, clean_text, escape_c1


class SafeConsole(Console):
    """A console on which strangers' words stay words: no control character gets through."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Print as rich does, texts without control characters."""
        safe = (clean_text(each) if isinstance(each, str) else each for each in objects)
        super().print(*safe, **options)


progress_console = SafeConsole(stderr=True, highlight=False)
"""For progress, hints and errors."""

result_console = SafeConsole(highlight=False, width=None if sys.stdout.isatty() else 160)
"""For what was asked for, read by a person."""


@contextmanager
def progress_bar(description: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, nothing elsewhere. Yields what to call with the name of each thing done.

    Example:
        with progress_bar("Rendering", len(items)) as done:
            for item in items:
                render(item)
                done(item.name)
    """
    if not progress_console.is_terminal:
        yield lambda name: None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(),
        TimeRemainingColumn(), TextColumn("{task.fields[name]}", markup=False),
    )  # fmt: skip
    with Progress(*columns, console=progress_console) as progress:
        task = progress.add_task(description, total=total, name="")
        yield lambda name: progress.update(task, advance=1, name=clean_line(name))


def print_json(document: Any) -> None:
    """Write one JSON document to stdout, for machines.

    Raises:
        ValueError: when it holds NaN or infinity, which JSON has not.
    """
    text = json.dumps(document, indent=2, allow_nan=False, ensure_ascii=False)
    sys.stdout.write(escape_c1(text) + "\n")


WHOLE_COLUMNS = {
    *("id", "slug", "song", "role", "stage", "status", "variable", "method"),
    *("check", "state", "kind", "rule", "step"),
}
"""Columns whose cells stay on one line where the terminal is narrow; the others are folded."""


def print_table(columns: list[str], rows: list[list[str]]) -> None:
    """Write aligned columns; strangers' text is shown as it is, never as markup."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in WHOLE_COLUMNS)
    for row in rows:
        table.add_row(*(Text(clean_line(cell)) for cell in row))
    result_console.print(table)
