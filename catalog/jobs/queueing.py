"""Jobs put into the queue, and called off."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from catalog.lifecycle import ACTIVE_JOBS, JobStatus, Stage, next_step
from catalog.models import Job, Recording, Search, utc_now


def enqueue(session: Session, recording: Recording, stage: Stage) -> Job:
    """The active job for this stage of a recording, inserted unless there is one."""
    same = (Job.recording_id == recording.id) & (Job.stage == stage)
    return _active(session, same) or _insert(session, Job(recording_id=recording.id, stage=stage))


def enqueue_search(session: Session, search: Search) -> Job:
    """The active job that runs a search, inserted unless there is one."""
    return _active(session, Job.search_id == search.id) or _insert(
        session, Job(search_id=search.id, stage=Stage.DISCOVER)
    )


def _active(session: Session, which: ColumnElement[bool]) -> Job | None:
    return session.scalar(select(Job).where(which, Job.status.in_(ACTIVE_JOBS)))


def _insert(session: Session, job: Job) -> Job:
    session.add(job)
    session.flush()
    return job


def enqueue_next(session: Session, recording: Recording) -> Job | None:
    """Queue the stage that follows a recording's status, if one does."""
    step = next_step(recording.role, recording.status)
    return None if step is None else enqueue(session, recording, step.stage)


def cancel_jobs(
    session: Session, recording: Recording, stages: Sequence[Stage] = tuple(Stage)
) -> None:
    """Call off the work on a recording; what a worker is doing now is dropped when it ends."""
    session.execute(
        update(Job)
        .where(
            Job.recording_id == recording.id,
            Job.status.in_(ACTIVE_JOBS),
            Job.stage.in_(stages),
        )
        .values(status=JobStatus.CANCELLED, finished_at=utc_now(), lease_until=None)
    )
