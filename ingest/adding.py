"""Putting what a source found into the catalog, and telling where recordings stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog import database
from catalog.lifecycle import Role
from catalog.models import Recording
from catalog.songs import Found, add_recording, get_song


@dataclass(frozen=True)
class Added:
    """What became of a listing.

    Attributes:
        known: how many of it the song had already
    """

    new: tuple[Recording, ...]
    known: int


def add_found(slug: str, find: Callable[[], Sequence[Found]], *, hosted: bool) -> Added:
    """Add as covers of a song what `find` lists; it is called outside any transaction.

    Raises:
        NotFoundError: when there is no such song, before anything is listed.
        CoversError: whatever `find` raises.
    """
    with database.session() as session:
        get_song(session, slug)
    found = find()
    with database.session() as session:
        song = get_song(session, slug)
        rows = [
            add_recording(session, song, each, role=Role.COVER, hosted=hosted) for each in found
        ]
    new = tuple(row for row in rows if row is not None)
    return Added(new, len(rows) - len(new))


def describe_recordings(session: Session, slug: str | None) -> list[dict[str, Any]]:
    """Every recording of one song, or of all.

    Raises:
        NotFoundError: when there is no such song.
    """
    query = select(Recording).options(joinedload(Recording.song)).order_by(Recording.id)
    if slug is not None:
        query = query.where(Recording.song_id == get_song(session, slug).id)
    return [
        {
            "id": each.id,
            "song": each.song.slug,
            "role": each.role.value,
            "title": each.title,
            "status": each.status.value,
            "reason": each.reason,
            "source": each.source,
            "location": each.location,
            "duration_s": each.duration_s,
        }
        for each in session.scalars(query)
    ]
