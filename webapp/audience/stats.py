"""What was heard most, for the statistics page and the API; kept for a minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog import play_counts
from catalog.lifecycle import Role
from catalog.models import Recording, Song, utc_now
from catalog.play_counts import Tally
from webapp.queries import is_playable
from webapp.rows_to_json import clip

MOST = 10


def stats_json(session: Session, *, days: int, song: Song | None) -> dict[str, Any]:
    """All rankings over the days up to today."""
    since = utc_now().date() - timedelta(days=days - 1)
    song_id = None if song is None else song.id
    heard, switched = (
        play_counts.by_recording(
            session, among=is_playable(), since=since, song_id=song_id, most=most, limit=MOST
        )
        for most in ("heard", "switched")
    )
    tags = play_counts.by_tag(
        session, among=is_playable(), since=since, song_id=song_id, limit=MOST
    )
    return {
        "most_heard": _with_names(session, heard),
        "most_switched_to": _with_names(session, switched),
        "by_tag": [
            {"name": each.key, "plays": each.plays, "heard_ms": each.heard_ms} for each in tags
        ],
        "by_day": [
            {
                "day": str(each.key),
                "plays": each.plays,
                "switches": each.switches,
                "loops": each.loops,
                "heard_ms": each.heard_ms,
            }
            for each in play_counts.by_day(session, since=since, song_id=song_id)
        ],
        "new_today": _new_today(session, song_id),
    }


def _with_names(session: Session, tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    found = session.scalars(
        select(Recording)
        .where(Recording.id.in_([each.key for each in tallies]))
        .options(joinedload(Recording.song))
    )
    named: dict[Any, Recording] = {recording.id: recording for recording in found}
    return [_ranked(named[each.key], each) for each in tallies]


def _new_today(session: Session, song_id: int | None) -> list[dict[str, Any]]:
    midnight = utc_now().replace(hour=0, minute=0, second=0, microsecond=0)
    query = (
        select(Recording)
        .where(is_playable(), Recording.status_at >= midnight)
        .order_by(Recording.id.desc())
        .limit(MOST)
        .options(joinedload(Recording.song))
    )
    if song_id is not None:
        query = query.where(Recording.song_id == song_id)
    return [_ranked(each, Tally(each.id, 0, 0, 0, 0)) for each in session.scalars(query)]


def _ranked(recording: Recording, tally: Tally) -> dict[str, Any]:
    return {
        "recording_id": recording.id,
        "title": clip(recording.title),
        "performer": clip(recording.performer),
        "song": recording.song.slug,
        "is_reference": recording.role is Role.REFERENCE,
        "plays": tally.plays,
        "switches": tally.switches,
        "heard_ms": tally.heard_ms,
    }
