"""What the commands of this package share: their arguments, and tables or JSON as asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from catalog.console import print_json, print_table

Slug = Annotated[str, typer.Argument(help="The song, as in `covers song list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]


def show(rows: list[dict[str, Any]], columns: list[str], as_json: bool) -> None:
    """All of the rows as JSON, or the named columns as a table."""
    if as_json:
        print_json(rows)
        return
    texts = [["" if row[name] is None else str(row[name]) for name in columns] for row in rows]
    print_table(columns, texts)


def moment(time: datetime | None) -> str | None:
    """A moment as ISO 8601 in UTC, to the second."""
    return None if time is None else time.isoformat(timespec="seconds")
