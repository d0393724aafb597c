"""What the web server asks of the catalog: named queries, all of them reading only.

A recording is playable when it is published and either the owner hosts it and its media is there,
or YouTube's own player plays it; of a cover that also asks for a time map.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from catalog.errors import NotFoundError
from catalog.lifecycle import ACTIVE_JOBS, JobStatus, Role, Status
from catalog.models import Job, Recording, Song
from catalog.renditions import Rendition, find_rendition
from webapp.youtube import is_embeddable

_REFERENCE = literal(Role.REFERENCE, literal_execute=True)
"""As text in the statement: the index of references is not used for a parameter, nor where the
status is asked for as well."""

LARGEST_ID = 2**31 - 1
"""Of an `INTEGER` in PostgreSQL; no database has to be asked about a larger one."""


def is_public() -> ColumnElement[bool]:
    """Recordings whose media anybody may have."""
    return and_(
        Recording.hosted.is_(True),
        Recording.status == Status.PUBLISHED,
        Recording.media_file.is_not(None),
    )


def is_playable() -> ColumnElement[bool]:
    """Recordings that the player can offer; the status stands alone for the sake of indexes."""
    return and_(Recording.status == Status.PUBLISHED, or_(is_public(), is_embeddable()))


def is_playable_cover() -> ColumnElement[bool]:
    """Covers that the player can offer."""
    return and_(is_playable(), Recording.role == Role.COVER, Recording.alignment.has())


def bounded(some_id: int) -> int:
    """An id that every database understands; 0, which nothing has, for one that is too large."""
    return some_id if some_id <= LARGEST_ID else 0


def find_reference(session: Session, song: Song) -> Recording | None:
    """The song's Reference once it is published, with its analysis."""
    found = session.scalar(
        select(Recording)
        .where(Recording.song_id == song.id, Recording.role == _REFERENCE)
        .options(joinedload(Recording.analysis))
    )
    return found if found is not None and found.status is Status.PUBLISHED else None


def count_playable(session: Session, song: Song) -> int:
    """How many covers of a song the player can offer."""
    query = select(func.count()).select_from(Recording)
    return session.scalar(query.where(Recording.song_id == song.id, is_playable_cover())) or 0


def first_covers(session: Session, song: Song, limit: int) -> Sequence[Recording]:
    """The song's playable covers that were added first, with their maps."""
    return session.scalars(
        select(Recording)
        .where(Recording.song_id == song.id, is_playable_cover())
        .order_by(Recording.id)
        .limit(limit)
        .options(joinedload(Recording.alignment))
    ).all()


def get_playable_cover(session: Session, cover_id: int) -> Recording:
    """A cover that the player can offer, with its alignment.

    Raises:
        NotFoundError: when there is none of that id.
    """
    cover = session.scalar(
        select(Recording)
        .where(Recording.id == bounded(cover_id), is_playable_cover())
        .options(joinedload(Recording.alignment))
    )
    if cover is None:
        raise NotFoundError(f"there is no cover {cover_id} to play")
    return cover


def get_public_recording(session: Session, recording_id: int) -> Recording:
    """A recording whose media may be served.

    Raises:
        NotFoundError: when there is none of that id, or it is private.
    """
    recording = session.scalar(
        select(Recording).where(Recording.id == bounded(recording_id), is_public())
    )
    if recording is None:
        raise NotFoundError(f"there is no recording {recording_id} to play")
    return recording


def get_public_rendition(session: Session, cover_id: int) -> Rendition:
    """The rendition of a cover that the player can offer.

    Raises:
        NotFoundError: when there is none of that id, or none that holds.
    """
    found = find_rendition(session, get_playable_cover(session, cover_id))
    if found is None:
        raise NotFoundError(f"there is no rendition of cover {cover_id} to play")
    return found


def count_by_performer(session: Session, performer: str) -> int:
    """How many covers of any song a performer plays, as the name is written there."""
    query = select(func.count()).where(Recording.performer == performer, is_playable_cover())
    return session.scalar(query) or 0


def list_by_performer(
    session: Session, performer: str, *, before: int | None = None, limit: int
) -> Sequence[Recording]:
    """Covers of any song that a performer plays, the newest first, or those before one of them.

    Raises:
        NotFoundError: when there is none.
    """
    query = (
        select(Recording)
        .where(Recording.performer == performer, is_playable_cover())
        .order_by(Recording.id.desc())
        .limit(limit)
        .options(joinedload(Recording.song), joinedload(Recording.alignment))
    )
    if before is not None:
        query = query.where(Recording.id < bounded(before))
    covers = session.scalars(query).all()
    if not covers:
        raise NotFoundError(f"there is no cover by {performer[:80]!r} to play")
    return covers


def get_cover_page(session: Session, cover_id: int) -> Recording:
    """A cover with its song and its map.

    Raises:
        NotFoundError: when there is none of that id to play.
    """
    cover = session.scalar(
        select(Recording)
        .where(Recording.id == bounded(cover_id), is_playable_cover())
        .options(joinedload(Recording.song), joinedload(Recording.alignment))
    )
    if cover is None:
        raise NotFoundError(f"there is no cover {cover_id} to play")
    return cover


def count_jobs(session: Session) -> dict[JobStatus, int]:
    """How many jobs stand in each status."""
    rows = session.execute(select(Job.status, func.count()).group_by(Job.status))
    return dict(rows.all())


def list_active_jobs(session: Session, limit: int = 50) -> Sequence[Job]:
    """Jobs that wait or run, the oldest first, with their recordings."""
    return session.scalars(
        select(Job)
        .where(Job.status.in_(ACTIVE_JOBS), Job.recording_id.is_not(None))
        .order_by(Job.id)
        .limit(limit)
        .options(joinedload(Job.recording))
    ).all()


def list_changes(
    session: Session, song: Song, *, after: int | None = None, limit: int
) -> Sequence[Recording]:
    """Recordings of a song but those that are gone, what changed last first, or after one of them.

    Raises:
        NotFoundError: when there is no such one.
    """
    query = (
        select(Recording)
        .where(Recording.song_id == song.id, Recording.status != Status.GONE)
        .order_by(Recording.status_at.desc(), Recording.id.desc())
        .limit(limit)
        .options(joinedload(Recording.alignment), joinedload(Recording.analysis))
    )
    if after is not None:
        last = session.get(Recording, bounded(after))
        if last is None:
            raise NotFoundError(f"there is no recording {after}")
        query = query.where(tuple_(Recording.status_at, Recording.id) < (last.status_at, last.id))
    return session.scalars(query).all()


def reference_status(session: Session, song: Song) -> Status | None:
    """Where a song's Reference stands, `None` without one."""
    return session.scalar(
        select(Recording.status).where(Recording.song_id == song.id, Recording.role == _REFERENCE)
    )
