"""What a curator does with covers: approve, reject, undo, take down. Each is a decision kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.decisions import Reason, decide, last_standing, set_status
from catalog.errors import NotFoundError, StateError
from catalog.jobs import cancel_jobs, enqueue, enqueue_next
from catalog.lifecycle import DecisionStep, Role, Stage, Status
from catalog.models import Decision, Recording, utc_now
from catalog.settings import get_settings

NEEDING_MEDIA = (Status.FETCHED, Status.SCREENED, Status.ALIGNED)


def get_cover(session: Session, cover_id: int) -> Recording:
    """A cover by its number, its row locked until the session ends.

    Raises:
        NotFoundError: when there is none.
    """
    cover = session.get(Recording, cover_id, with_for_update=True)
    if cover is None or cover.role is not Role.COVER:
        raise NotFoundError(f"there is no cover {cover_id}: `covers ingest status` shows them")
    return cover


def approve(session: Session, cover_id: int, *, made_by: str, reason: str = "") -> Decision:
    """Publish an aligned cover, wherever it stands.

    Raises:
        NotFoundError: when there is no such cover.
        StateError: when nothing of the song was found in it, or it is published already.
    """
    cover = get_cover(session, cover_id)
    if cover.alignment is None or not cover.alignment.has_map:
        raise StateError(
            f"cover {cover_id} is {cover.status.value} ({cover.reason or 'no reason given'}) and "
            "cannot be published: only aligned covers can"
        )
    cancel_jobs(session, cover, [Stage.DECIDE])
    return _move(session, cover, Status.PUBLISHED, made_by, reason)


def reject(session: Session, cover_id: int, *, made_by: str, reason: str = "") -> Decision:
    """Take a cover out, wherever it stands, and call off the work on it.

    Raises:
        NotFoundError: when there is no such cover.
        StateError: when it is rejected already.
    """
    cover = get_cover(session, cover_id)
    cancel_jobs(session, cover)
    return _move(session, cover, Status.REJECTED, made_by, reason or "rejected by hand")


def _move(
    session: Session, cover: Recording, status: Status, made_by: str, reason: str
) -> Decision:
    if cover.status is status:
        raise StateError(f"cover {cover.id} is {status.value} already")
    reasons = [Reason("by_hand", reason)] if reason else []
    before = Status.DISCOVERED if cover.status is Status.FETCHING else cover.status
    return decide(
        session,
        cover,
        status,
        step=DecisionStep.CURATOR,
        from_status=before,
        reasons=reasons,
        made_by=made_by,
    )


def undo(session: Session, cover_id: int, *, made_by: str) -> Decision:
    """Take back the last decision about a cover that stands; its work goes on from there.

    A step whose decision was undone does not decide about this cover again.

    Raises:
        NotFoundError: when there is no such cover.
        StateError: when nothing is left to be undone.
    """
    cover = get_cover(session, cover_id)
    decision = last_standing(session, cover_id)
    if decision is None:
        raise StateError(f"no decision about cover {cover_id} is left to be undone")
    decision.undone_at = utc_now()
    decision.undone_by = made_by
    _resume(session, cover, decision.resumes_in)
    return decision


def _resume(session: Session, cover: Recording, status: Status) -> None:
    """Go on from a status; where that needs media that was dropped, fetch it again first."""
    if status in NEEDING_MEDIA and not has_media(cover):
        status = Status.DISCOVERED
    set_status(cover, status)
    if status is Status.FAILED:
        return
    if status is Status.DISCOVERED:
        enqueue(session, cover, Stage.FETCH)
    else:
        enqueue_next(session, cover)


def has_media(recording: Recording) -> bool:
    """Whether a recording's file lies in the media folder."""
    media_file = recording.media_file
    return media_file is not None and (get_settings().media_folder / media_file).is_file()


def list_decisions(session: Session, cover_id: int) -> Sequence[Decision]:
    """Every decision about a cover, newest first, also those undone."""
    query = select(Decision).where(Decision.recording_id == cover_id)
    return session.scalars(query.order_by(Decision.id.desc())).all()
