"""Candidates of songs kept by this process, and read again when the catalog has changed.

A song has changed when the last change of status among its recordings is another one: that is one
look into an index. What changes without a status (a tag that is found later) is seen when the
candidates are old. A long song is read in the background while the old answer still serves, and
takes no more than a twentieth of a processor's time.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import database
from catalog.models import Recording
from webapp.supply.candidates import Candidates, read_candidates

log = logging.getLogger(__name__)

QUICK_S = 0.05
"""What is read so quickly is read while somebody waits, and then never outdated."""
REST = 20
"""A song that takes longer is read at most once in so many times as long."""
OLD_S = 300.0
MOST_COVERS = 500_000
"""Of all kept songs together; those that were asked for last stay."""


@dataclass(frozen=True)
class _Kept:
    candidates: Candidates
    changed_at: Any
    read_at_s: float
    took_s: float

    def holds(self, changed_at: Any) -> bool:
        """Whether nothing has changed, as far as that can be told."""
        return changed_at == self.changed_at and time.monotonic() - self.read_at_s < OLD_S


class Keeping:
    """Candidates by the song's id."""

    def __init__(self) -> None:
        self._kept: dict[int, _Kept] = {}
        self._lock = threading.Lock()
        self._reading = threading.Lock()

    def get(self, session: Session, song_id: int) -> Candidates:
        """The song's candidates: those of now, or of a long song those of a few seconds ago."""
        changed_at = session.scalar(
            select(func.max(Recording.status_at)).where(Recording.song_id == song_id)
        )
        kept = self._look(song_id)
        if kept is not None and kept.holds(changed_at):
            return kept.candidates
        if kept is not None and kept.took_s > QUICK_S:
            self._read_soon(song_id, kept)
            return kept.candidates
        with self._reading:
            kept = self._look(song_id)
            if kept is None or not kept.holds(changed_at):
                kept = self._read(session, song_id, changed_at)
        return kept.candidates

    def _look(self, song_id: int) -> _Kept | None:
        with self._lock:
            kept = self._kept.pop(song_id, None)
            if kept is not None:
                self._kept[song_id] = kept  # the last of them was asked for last
            return kept

    def _read(self, session: Session, song_id: int, changed_at: Any) -> _Kept:
        began_s = time.monotonic()
        candidates = read_candidates(session, song_id, np.random.default_rng())
        now_s = time.monotonic()
        kept = _Kept(candidates, changed_at, now_s, now_s - began_s)
        with self._lock:
            self._kept[song_id] = kept
            while len(self._kept) > 1 and self._total() > MOST_COVERS:
                del self._kept[next(iter(self._kept))]
        return kept

    def _total(self) -> int:
        return sum(len(each.candidates) for each in self._kept.values())

    def _read_soon(self, song_id: int, kept: _Kept) -> None:
        rested_s = time.monotonic() - kept.read_at_s
        if rested_s > REST * kept.took_s and self._reading.acquire(blocking=False):
            threading.Thread(
                target=self._read_behind, args=(song_id,), name=f"read-song-{song_id}", daemon=True
            ).start()

    def _read_behind(self, song_id: int) -> None:
        try:
            with database.reading() as session:
                changed_at = session.scalar(
                    select(func.max(Recording.status_at)).where(Recording.song_id == song_id)
                )
                self._read(session, song_id, changed_at)
        except Exception:
            log.exception("the covers of song %d could not be read again", song_id)
        finally:
            self._reading.release()
