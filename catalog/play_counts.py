"""What was listened to: batches of play events folded into counts per recording and day.

Events are anonymous when they come and are not kept: only the counts are. A batch carries an id
that its sender made up, so that one sent twice, because its answer was lost, counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Executable, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from catalog.lifecycle import Status
from catalog.listener_models import PlayBatch, PlayCount
from catalog.models import Hashtag, Recording, RecordingHashtag, utc_now

Kind = Literal["heard", "switched", "loop"]
BATCHES_KEPT = timedelta(days=3)
"""Longer than any sender tries again."""
_BATCHES, _COUNTS = (PlayBatch.metadata.tables[name] for name in ("play_batches", "play_counts"))


@dataclass(frozen=True)
class PlayEvent:
    """Something a listener did: heard a recording for a while, jumped to it, reached the end."""

    kind: Kind
    recording_id: int
    heard_ms: int = 0


@dataclass(frozen=True)
class Batch:
    """Events under the id that their sender made up for them."""

    id: str
    events: Sequence[PlayEvent]


def count_batches(session: Session, batches: Sequence[Batch]) -> set[str]:
    """Add batches to today's counts. Returns the ids of those that were new.

    Events of recordings that are not published are passed over: a page may outlive a takedown.
    """
    new = _note_batches(session, {each.id for each in batches})
    counted = {each.id: each for each in batches if each.id in new}
    events = [event for each in counted.values() for event in each.events]
    named = {each.recording_id for each in events}
    published = select(Recording.id).where(Recording.status == Status.PUBLISHED)
    there = set(session.scalars(published.where(Recording.id.in_(named))))
    _add(session, utc_now().date(), _fold(each for each in events if each.recording_id in there))
    return new


def _note_batches(session: Session, ids: set[str]) -> set[str]:
    insert = _insert(session)(_BATCHES).on_conflict_do_nothing()
    rows = [{"id": each, "received_at": utc_now()} for each in sorted(ids)]
    noted = session.execute(insert.values(rows).returning(_BATCHES.c.id))
    return set(noted.scalars())


def forget_batches(session: Session) -> None:
    """Drop ids of batches that nobody sends again."""
    session.execute(delete(PlayBatch).where(PlayBatch.received_at < utc_now() - BATCHES_KEPT))


def _fold(events: Iterable[PlayEvent]) -> list[dict[str, int]]:
    """One row per recording, in order, so that two batches never wait for each other in a ring."""
    rows: dict[int, dict[str, int]] = {}
    for event in events:
        row = rows.setdefault(
            event.recording_id,
            {"recording_id": event.recording_id, "plays": 0, "switches": 0, "loops": 0}
            | {"heard_ms": 0},
        )
        row["plays"] += event.kind == "heard"
        row["switches"] += event.kind == "switched"
        row["loops"] += event.kind == "loop"
        row["heard_ms"] += event.heard_ms if event.kind == "heard" else 0
    return [rows[recording_id] for recording_id in sorted(rows)]


def _add(session: Session, day: date, rows: Sequence[dict[str, int]]) -> None:
    if not rows:
        return
    insert = _insert(session)(_COUNTS)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["recording_id", "day"],
            set_={
                name: _COUNTS.c[name] + insert.excluded[name]
                for name in ("plays", "switches", "loops", "heard_ms")
            },
        ),
        [{"day": day} | row for row in rows],
    )


def _insert(session: Session) -> type[sqlite.Insert] | type[postgresql.Insert]:
    return postgresql.Insert if session.get_bind().dialect.name == "postgresql" else sqlite.Insert


@dataclass(frozen=True)
class Tally:
    """Counts of one recording, tag or day, named by `key`."""

    key: int | str | date
    plays: int
    switches: int
    loops: int
    heard_ms: int


_SUMS = tuple(
    func.coalesce(func.sum(column), 0)
    for column in (PlayCount.plays, PlayCount.switches, PlayCount.loops, PlayCount.heard_ms)
)


def by_recording(
    session: Session,
    *,
    among: ColumnElement[bool],
    since: date,
    song_id: int | None = None,
    most: Kind,
    limit: int,
) -> list[Tally]:
    """The recordings that were heard, or jumped to, most, of those that may be named."""
    order = PlayCount.heard_ms if most == "heard" else PlayCount.switches
    query = (
        select(PlayCount.recording_id, *_SUMS)
        .join(Recording)
        .where(PlayCount.day >= since, among)
        .group_by(PlayCount.recording_id)
        .having(func.sum(order) > 0)
        .order_by(func.sum(order).desc(), PlayCount.recording_id)
        .limit(limit)
    )
    if song_id is not None:
        query = query.where(Recording.song_id == song_id)
    return _tallies(session, query)


def by_tag(
    session: Session,
    *,
    among: ColumnElement[bool],
    since: date,
    song_id: int | None = None,
    limit: int,
) -> list[Tally]:
    """The hashtags whose covers were heard most, of covers that may be named."""
    query = (
        select(Hashtag.name, *_SUMS)
        .select_from(PlayCount)
        .join(RecordingHashtag, RecordingHashtag.recording_id == PlayCount.recording_id)
        .join(Hashtag, Hashtag.id == RecordingHashtag.hashtag_id)
        .join(Recording, Recording.id == PlayCount.recording_id)
        .where(PlayCount.day >= since, among)
        .group_by(Hashtag.name)
        .having(func.sum(PlayCount.heard_ms) > 0)
        .order_by(func.sum(PlayCount.heard_ms).desc(), Hashtag.name)
        .limit(limit)
    )
    if song_id is not None:
        query = query.where(Recording.song_id == song_id)
    return _tallies(session, query)


def by_day(session: Session, *, since: date, song_id: int | None = None) -> list[Tally]:
    """Every day from `since` to today, also those on which nobody listened."""
    query = select(PlayCount.day, *_SUMS).where(PlayCount.day >= since).group_by(PlayCount.day)
    if song_id is not None:
        query = query.join(Recording).where(Recording.song_id == song_id)
    found = {each.key: each for each in _tallies(session, query)}
    days = (utc_now().date() - since).days + 1
    every = (since + timedelta(days=number) for number in range(days))
    return [found.get(day, Tally(day, 0, 0, 0, 0)) for day in every]


def _tallies(session: Session, query: Executable) -> list[Tally]:
    return [
        Tally(key, int(plays), int(switches), int(loops), int(heard_ms))
        for key, plays, switches, loops, heard_ms in session.execute(query)
    ]
