"""Doing a job: claimed, its lease renewed while the work goes on, and its end recorded."""

from __future__ import annotations

import logging
import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from catalog import database
from catalog.decisions import set_status
from catalog.errors import CoversError
from catalog.jobs.ending import Outcome, fail, finish
from catalog.lifecycle import JobStatus, step_of
from catalog.models import Job, utc_now
from catalog.settings import get_settings

log = logging.getLogger(__name__)

REPORT_EVERY_S = 0.5

Work = Callable[[int, Callable[[float], None]], Outcome]
"""A stage: takes a recording's (or a search's) id and what to report progress 0..1 to."""


def run_job(job_id: int, work: Work) -> bool:
    """Claim a job, do its work, and record how it ended.

    Returns False without working when the job is not there to be taken: done already, or held
    by a living worker. Errors of the project's own kind end on the row as one sentence; an
    unforeseen one does too, and is raised again so that it is logged with its traceback.
    """
    subject_id = _claim(job_id)
    if subject_id is None:
        log.info("job %d is not free to be taken", job_id)
        return False
    try:
        with _heartbeat(job_id):
            outcome = work(subject_id, _reporting(job_id))
    except CoversError as error:
        _fail(job_id, error)
    except Exception as error:
        _fail(job_id, error)
        raise
    else:
        _finish(job_id, outcome)
    return True


def worker_name() -> str:
    """`host:process`, so that another process of the host can tell whether it lives."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _claim(job_id: int) -> int | None:
    with database.session() as session:
        database.need_not_last(session)
        now = utc_now()
        claimed = session.execute(
            update(Job)
            .where(
                Job.id == job_id,
                Job.status.in_((JobStatus.QUEUED, JobStatus.SENT)),
                Job.not_before <= now,
            )
            .values(
                status=JobStatus.RUNNING,
                attempts=Job.attempts + 1,
                worker=worker_name(),
                started_at=now,
                lease_until=now + timedelta(seconds=get_settings().lease_s),
                progress=0.0,
                error=None,
                error_class=None,
            )
        )
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return None
        job = session.get_one(Job, job_id)
        running = step_of(job.stage).shown_while_running
        if job.recording is not None and running is not None:
            set_status(job.recording, running)
        return job.recording_id or job.search_id


@contextmanager
def _heartbeat(job_id: int) -> Iterator[None]:
    """Renew the lease from a thread while the work goes on."""
    stopped = threading.Event()
    lease_s = get_settings().lease_s

    def renew() -> None:
        while not stopped.wait(lease_s / 4):
            _update_held(job_id, lease_until=utc_now() + timedelta(seconds=lease_s))

    thread = threading.Thread(target=renew, name=f"heartbeat-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _reporting(job_id: int) -> Callable[[float], None]:
    """What takes a job's progress, and writes it no more often than anybody looks."""
    written_at = -math.inf

    def report(share: float) -> None:
        nonlocal written_at
        now = time.monotonic()
        if now - written_at >= REPORT_EVERY_S:
            written_at = now
            _update_held(job_id, progress=min(max(share, 0.0), 1.0))

    return report


def _update_held(job_id: int, **values: Any) -> None:
    """Change a job as long as this process holds it."""
    try:
        with database.session() as session:
            database.need_not_last(session)
            session.execute(
                update(Job)
                .where(
                    Job.id == job_id,
                    Job.status == JobStatus.RUNNING,
                    Job.worker == worker_name(),
                )
                .values(**values)
            )
    except SQLAlchemyError:
        log.exception("job %d: could not be renewed; trying again", job_id)


def _finish(job_id: int, outcome: Outcome) -> None:
    with database.session() as session:
        job = _held_job(session, job_id)
        if job is not None:
            finish(session, job, outcome)


def _fail(job_id: int, error: Exception) -> None:
    with database.session() as session:
        job = _held_job(session, job_id)
        if job is not None:
            fail(job, error)


def _held_job(session: Session, job_id: int) -> Job | None:
    """The job, if this process still holds it: it may have been taken back meanwhile."""
    job = session.get_one(Job, job_id, with_for_update=True)
    if job.status is JobStatus.RUNNING and job.worker == worker_name():
        return job
    log.warning("job %d was taken back while it ran; its result is dropped", job_id)
    return None
