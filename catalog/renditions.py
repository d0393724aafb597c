"""Renditions of covers: which ones there may be, which still hold, and which have to be made.

A rendition is a cover's sound warped onto the Reference's timeline, beside the cover's media. It
stands on one map and one file: where either has changed since, it is not served any more, and made
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from catalog.errors import StateError
from catalog.jobs import enqueue
from catalog.lifecycle import ACTIVE_JOBS, JobStatus, Role, Stage, Status
from catalog.models import Alignment, Job, Recording, Song
from catalog.orm import Base, utc_now
from catalog.time_map import TimeMap

AT_ONCE = 20
"""Renditions that one tick queues; the rest waits for the next."""
NO_CHANGES = ("-nd", "noderiv", "no deriv", "no-deriv")
"""How licences say that nothing may be made of a recording, such as CC BY-ND."""


class Rendition(Base):
    """What was made of a cover to be played at the Reference's tempo.

    Attributes:
        file: path below the media folder
        semitones: how much higher than the cover it sounds
        segments: its map onto the Reference's timeline: the identity, with gaps
        aligned_at: when the map that it was made by was made
        media_sha256: of the file that it was made from
    """

    __tablename__ = "renditions"

    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    file: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    semitones: Mapped[float]
    segments: Mapped[list[dict[str, Any]]]
    aligned_at: Mapped[datetime]
    media_sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def time_map(self) -> TimeMap:
        """The segments, validated."""
        return TimeMap.from_json(self.segments)


def _may_have_one() -> ColumnElement[bool]:
    licence = func.coalesce(Recording.licence, "")
    return and_(
        Recording.role == Role.COVER,
        Recording.hosted.is_(True),
        Recording.status == Status.PUBLISHED,
        Recording.media_file.is_not(None),
        *(~licence.icontains(each) for each in NO_CHANGES),
    )


def holds() -> ColumnElement[bool]:
    """Renditions of the map and the media that there are now."""
    return and_(
        Rendition.aligned_at == Alignment.created_at,
        Rendition.media_sha256 == Recording.media_sha256,
    )


def _due() -> Select[Recording]:
    return (
        select(Recording)
        .join(Alignment, Alignment.recording_id == Recording.id)
        .outerjoin(Rendition, Rendition.recording_id == Recording.id)
        .where(_may_have_one(), or_(Rendition.recording_id.is_(None), ~holds()))
        .order_by(Recording.id)
    )


def due_covers(session: Session, song: Song) -> Sequence[Recording]:
    """A song's covers that may have a rendition and have none that holds."""
    return session.scalars(_due().where(Recording.song_id == song.id)).all()


def enqueue_renditions(session: Session) -> int:
    """Queue what is due, unless it is queued or has failed since its map was made.

    Returns how many are queued now.
    """
    settled = select(Job.id).where(
        Job.recording_id == Recording.id,
        Job.stage == Stage.RENDER,
        or_(
            Job.status.in_(ACTIVE_JOBS),
            and_(Job.status == JobStatus.FAILED, Job.created_at >= Alignment.created_at),
        ),
    )
    due = session.scalars(_due().where(~settled.exists()).limit(AT_ONCE)).all()
    for cover in due:
        enqueue(session, cover, Stage.RENDER)
    return len(due)


def find_rendition(session: Session, cover: Recording) -> Rendition | None:
    """A cover's rendition, `None` where there is none that holds."""
    return session.scalar(
        select(Rendition)
        .join(Recording, Recording.id == Rendition.recording_id)
        .join(Alignment, Alignment.recording_id == Rendition.recording_id)
        .where(Rendition.recording_id == cover.id, holds())
    )


def check_may_have_one(cover: Recording) -> None:
    """Refuse what nobody may make or hear a rendition of.

    Raises:
        StateError: saying why, and what would help.
    """
    name = f"cover {cover.id}"
    if cover.role is not Role.COVER:
        raise StateError(f"recording {cover.id} is the reference: it has its own tempo already")
    if not cover.hosted:
        raise StateError(f"{name} is not hosted here: only what you may serve can be rendered")
    if cover.alignment is None or cover.media_file is None:
        raise StateError(f"{name} has no map or no media to make a rendition of: align it first")
    if any(each in (cover.licence or "").lower() for each in NO_CHANGES):
        raise StateError(f"{name} is under {cover.licence!r}, which allows no changed versions")


def forget_rendition(session: Session, cover: Recording) -> str | None:
    """Delete a cover's rendition from the tables. Returns the file that was its own, if any."""
    found = session.get(Rendition, cover.id)
    session.execute(delete(Rendition).where(Rendition.recording_id == cover.id))
    return None if found is None else found.file


def rendered_covers(session: Session, song: Song) -> Sequence[Recording]:
    """A song's covers that have a rendition, whether or not it holds."""
    return session.scalars(
        select(Recording)
        .join(Rendition, Rendition.recording_id == Recording.id)
        .where(Recording.song_id == song.id)
        .order_by(Recording.id)
    ).all()


def useless_renditions(session: Session) -> Sequence[Rendition]:
    """Renditions of covers that are out of the rotation for good, or not hosted any more."""
    out = (Status.REJECTED, Status.FAILED, Status.GONE)
    return session.scalars(
        select(Rendition)
        .join(Recording, Recording.id == Rendition.recording_id)
        .where(or_(Recording.status.in_(out), Recording.hosted.is_(False)))
        .order_by(Rendition.recording_id)
    ).all()
