"""Jobs taken back: from workers that died, and from messages that nobody received."""

from __future__ import annotations

import socket
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from catalog.errors import ErrorClass
from catalog.jobs.ending import end_failed, queue_again
from catalog.lifecycle import JobStatus
from catalog.models import Job, utc_now
from catalog.processes import is_dead
from catalog.settings import get_settings

RESEND_AFTER_S = 60.0
"""A message that no worker took for so long counts as lost and is sent again."""


def take_back_abandoned(session: Session) -> int:
    """Queue again what a dead worker held and what no worker ever received. Returns how many."""
    now = utc_now()
    abandoned = session.scalars(
        select(Job)
        .where(
            or_(
                (Job.status == JobStatus.RUNNING) & (Job.lease_until < now),
                (Job.status == JobStatus.SENT)
                & (Job.sent_at < now - timedelta(seconds=RESEND_AFTER_S)),
            )
        )
        .with_for_update(skip_locked=True)
    ).all()
    for job in abandoned:
        _take_back(job)
    return len(abandoned)


def take_back_from_dead_processes(session: Session, *, stopped_by_us: bool = False) -> int:
    """Queue again at once what processes of this machine held that no longer live.

    What was interrupted because its worker was told to stop does not count as an attempt.
    """
    running = select(Job).where(Job.status == JobStatus.RUNNING)
    held = session.scalars(running.with_for_update(skip_locked=True)).all()
    abandoned = [job for job in held if _died_here(job.worker)]
    for job in abandoned:
        job.attempts -= int(stopped_by_us)
        _take_back(job)
    return len(abandoned)


def _died_here(worker: str | None) -> bool:
    host, _, process = (worker or "").rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    return is_dead(int(process))


def _take_back(job: Job) -> None:
    """Queue a job again, unless its worker has died on it too often."""
    if job.status is JobStatus.RUNNING:
        job.redeliveries += 1
    if job.attempts < get_settings().max_attempts:
        queue_again(job, utc_now())
        return
    job.error = f"its worker died {job.redeliveries} times"
    job.error_class = ErrorClass.OURS
    end_failed(job)
