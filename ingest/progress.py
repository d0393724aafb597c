"""Showing how far every recording is: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from catalog import database
from catalog.console import progress_console
from ingest.backlog import Standing, standings_since

REST = 1.0
"""A recording that rests shows a full bar."""


@contextmanager
def shown_progress(since: datetime) -> Iterator[Callable[[], None]]:
    """Yields what to call now and then; it shows what moved since a moment."""
    if not progress_console.is_terminal:
        yield Lines(since).refresh
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[standing]}"),
    )
    with Progress(*columns, console=progress_console) as progress:
        yield Bars(progress, since).refresh


def _standings(since: datetime) -> list[Standing]:
    with database.reading() as session:
        return standings_since(session, since)


def _words(each: Standing) -> str:
    if each.stage is not None and each.running:
        return each.stage.value
    reason = f": {each.reason}" if each.reason else ""
    return f"{each.status.value}{reason}"


class Lines:
    """A line each time a recording takes a step."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.told: dict[int, str] = {}

    def refresh(self) -> None:
        """Tell what is new."""
        for each in _standings(self.since):
            words = _words(each)
            if self.told.get(each.recording_id) != words:
                self.told[each.recording_id] = words
                line = f"{each.recording_id}  {each.title}: {words}"
                progress_console.print(line, markup=False, soft_wrap=True)


class Bars:
    """A bar for each recording."""

    def __init__(self, progress: Progress, since: datetime) -> None:
        self.progress = progress
        self.since = since
        self.bars: dict[int, TaskID] = {}

    def refresh(self) -> None:
        """Move the bars."""
        for each in _standings(self.since):
            if each.recording_id not in self.bars:
                title = Text(each.title[:40]).markup
                self.bars[each.recording_id] = self.progress.add_task(
                    title, total=REST, standing=""
                )
            share = REST if each.stage is None else each.share
            self.progress.update(
                self.bars[each.recording_id],
                completed=share,
                standing=Text(_words(each)).markup,
            )
