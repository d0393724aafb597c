"""Which jobs are due, and noting that their messages go out."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from catalog.hosts import is_free
from catalog.lifecycle import JobStatus, Role, Stage, Status, step_of
from catalog.models import Host, Job, Recording, utc_now


def due_jobs(
    session: Session, limit: int = 100, *, stages: Sequence[Stage] = tuple(Stage)
) -> Sequence[Job]:
    """Queued jobs whose time has come, whose host is free and whose Reference is ready."""
    reference = aliased(Recording)
    needing_reference = [stage for stage in Stage if step_of(stage).needs_reference]
    query = (
        select(Job)
        .outerjoin(Recording, Job.recording_id == Recording.id)
        .outerjoin(
            reference,
            (reference.song_id == Recording.song_id) & (reference.role == Role.REFERENCE),
        )
        .outerjoin(Host, Host.name == Recording.host)
        .where(
            Job.status == JobStatus.QUEUED,
            Job.stage.in_(stages),
            Job.not_before <= utc_now(),
            or_(
                Job.stage.not_in(needing_reference),
                reference.status == Status.PUBLISHED,
            ),
            or_(Job.stage.not_in((Stage.FETCH, Stage.RECHECK)), is_free()),
        )
        .order_by(Job.id)
        .limit(limit)
        .with_for_update(of=Job, skip_locked=True)
    )
    return session.scalars(query).all()


def mark_sent(session: Session, job: Job) -> None:
    """Note that a message is about to go out. Committed before it does."""
    job.status = JobStatus.SENT
    job.sent_at = utc_now()
