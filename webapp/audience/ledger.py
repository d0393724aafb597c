"""Counting many batches of play events in few transactions.

A database has one writer at a time. Whoever gets hold of it writes for everybody who waits, and
nobody is answered before what they sent is committed.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from apiflask import HTTPError

from catalog import database
from catalog.play_counts import Batch, count_batches, forget_batches

RETRY_S = 5
FORGET_EVERY = 100
"""Transactions between two looks for ids that nobody sends again."""


@dataclass
class _Entry:
    batch: Batch
    is_done: bool = False
    is_new: bool = False
    error: Exception | None = None


class Ledger:
    """Where the threads of this process bring their batches."""

    def __init__(self, *, most_waiting: int) -> None:
        self.most_waiting = most_waiting
        self._waiting: list[_Entry] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._written = 0

    def count(self, batch: Batch) -> bool:
        """Count a batch. Returns whether it was new, once that is committed.

        Raises:
            HTTPError: 503 where so many wait already that waiting threads would keep others out.
        """
        entry = _Entry(batch)
        with self._lock:
            if len(self._waiting) >= self.most_waiting:
                headers = {"Retry-After": str(RETRY_S)}
                raise HTTPError(503, message="too many play events at once", headers=headers)
            self._waiting.append(entry)
        with self._writing:
            if not entry.is_done:
                self._write()
        if entry.error is not None:
            raise entry.error
        return entry.is_new

    def _write(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, []
        try:
            self._commit(entries)
        except Exception as error:  # noqa: BLE001 each of them raises it
            for entry in entries:
                entry.error = error
        for entry in entries:
            entry.is_done = True

    def _commit(self, entries: list[_Entry]) -> None:
        self._written += 1
        with database.session() as session:
            new = count_batches(session, [each.batch for each in entries])
            if self._written % FORGET_EVERY == 0:
                forget_batches(session)
        for entry in entries:
            entry.is_new = entry.batch.id in new
            new.discard(entry.batch.id)
