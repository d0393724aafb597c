"""What the desk asks of the catalog: every recording in whatever status, for its keepers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import NotFoundError
from catalog.lifecycle import ACTIVE_JOBS, DecisionStep, JobStatus, Role, Status
from catalog.models import Alignment, Decision, Job, Recording, Search, Song
from webapp.queries import bounded

PAGE = 50


@dataclass(frozen=True)
class SongRow:
    """A song as the desk lists it."""

    song: Song
    reference: Recording | None
    counts: dict[Status, int]
    searches: int


def list_song_rows(session: Session) -> list[SongRow]:
    """All songs by title, with where their recordings stand."""
    counts: dict[int, dict[Status, int]] = {}
    grouped = (
        select(Recording.song_id, Recording.status, func.count())
        .where(Recording.role == Role.COVER)
        .group_by(Recording.song_id, Recording.status)
    )
    for song_id, status, count in session.execute(grouped):
        counts.setdefault(song_id, {})[status] = count
    all_references = session.scalars(select(Recording).where(Recording.role == Role.REFERENCE))
    references = {each.song_id: each for each in all_references}
    searches = dict(
        session.execute(select(Search.song_id, func.count()).group_by(Search.song_id)).all()
    )
    return [
        SongRow(song, references.get(song.id), counts.get(song.id, {}), searches.get(song.id, 0))
        for song in session.scalars(select(Song).order_by(Song.title, Song.id))
    ]


def count_in_review(session: Session) -> int:
    """How many covers wait for a person."""
    query = select(func.count()).where(
        Recording.status == Status.IN_REVIEW, Recording.role == Role.COVER
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class CoverList:
    """Some covers, and how many there are in all."""

    covers: Sequence[Recording]
    total: int


def list_covers(
    session: Session, *, status: Status | None, song: Song | None, skip: int = 0, limit: int = PAGE
) -> CoverList:
    """Covers in a status, the surest first, so that the quick decisions come first."""
    conditions = [Recording.role == Role.COVER]
    if status is not None:
        conditions.append(Recording.status == status)
    if song is not None:
        conditions.append(Recording.song_id == song.id)
    total = session.scalar(select(func.count()).select_from(Recording).where(*conditions)) or 0
    covers = session.scalars(
        select(Recording)
        .outerjoin(Alignment, Alignment.recording_id == Recording.id)
        .where(*conditions)
        .order_by(func.coalesce(Alignment.confidence, -1.0).desc(), Recording.id)
        .offset(skip)
        .limit(limit)
        .options(joinedload(Recording.alignment), joinedload(Recording.song))
    ).all()
    return CoverList(covers, total)


def get_recording(session: Session, recording_id: int) -> Recording:
    """A recording with its song, map and analysis, private or not.

    Raises:
        NotFoundError: when there is none of that number.
    """
    found = session.scalar(
        select(Recording)
        .where(Recording.id == bounded(recording_id))
        .options(
            joinedload(Recording.song),
            joinedload(Recording.alignment),
            joinedload(Recording.analysis),
        )
    )
    if found is None:
        raise NotFoundError(f"there is no recording {recording_id}")
    return found


def list_withdrawn(session: Session, limit: int) -> Sequence[Recording]:
    """Covers that a person took down, the latest first."""
    by_hand = select(Decision.id).where(
        Decision.recording_id == Recording.id,
        Decision.to_status == Status.GONE,
        Decision.step == DecisionStep.CURATOR,
        Decision.undone_at.is_(None),
    )
    return session.scalars(
        select(Recording)
        .where(Recording.status == Status.GONE, by_hand.exists())
        .order_by(Recording.status_at.desc(), Recording.id.desc())
        .limit(limit)
        .options(joinedload(Recording.song))
    ).all()


def next_in_review(session: Session, after: Recording) -> Recording | None:
    """The cover that a curator looks at next: of the same list, the next less sure one."""
    sure = func.coalesce(Alignment.confidence, -1.0)
    others = (
        select(Recording)
        .outerjoin(Alignment, Alignment.recording_id == Recording.id)
        .where(
            Recording.role == Role.COVER,
            Recording.status == Status.IN_REVIEW,
            Recording.id != after.id,
        )
        .order_by(sure.desc(), Recording.id)
        .limit(1)
    )
    here = after.alignment.confidence if after.alignment else -1.0
    is_later = or_(sure < here, and_(sure == here, Recording.id > after.id))
    return session.scalar(others.where(is_later)) or session.scalar(others)


def active_job(session: Session, recording: Recording) -> Job | None:
    """What is being done with a recording, `None` where it rests."""
    return session.scalars(
        select(Job)
        .where(Job.recording_id == recording.id, Job.status.in_(ACTIVE_JOBS))
        .order_by(Job.id)
        .limit(1)
    ).first()


def count_under_way(session: Session, song: Song) -> int:
    """How many of a song's covers are being worked on or wait for a worker."""
    query = select(func.count(Job.recording_id.distinct())).join(Job.recording)
    return (
        session.scalar(
            query.where(
                Recording.song_id == song.id,
                Recording.role == Role.COVER,
                Job.status.in_(ACTIVE_JOBS),
            )
        )
        or 0
    )


def count_jobs_by_status(session: Session) -> dict[JobStatus, int]:
    """How many jobs stand in each status."""
    return dict(session.execute(select(Job.status, func.count()).group_by(Job.status)).all())
