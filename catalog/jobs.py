"""Jobs: rows that say what is to be done, and the one way to do one.

Anybody may insert a job (`enqueue`); the dispatcher sends due ones to Celery; a worker claims,
works, and finishes. Whoever changes a job reads its row for update, so that on PostgreSQL too
nobody decides by what has changed meanwhile. A worker that dies stops renewing its lease, and
`take_back_abandoned` puts the job back. A message that arrives twice, or late, finds the job
claimed or done and does nothing.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, aliased

from catalog import database
from catalog.decisions import Reason, decide, set_status
from catalog.errors import CoversError, ErrorClass, StorageError
from catalog.hosts import is_free
from catalog.lifecycle import (
    ACTIVE_JOBS,
    DecisionStep,
    JobStatus,
    Role,
    Stage,
    Status,
    next_step,
    step_of,
)
from catalog.models import Host, Job, Recording, Search, utc_now
from catalog.processes import is_dead
from catalog.settings import get_settings

log = logging.getLogger(__name__)

RESEND_AFTER_S = 60.0
"""A message that no worker took for so long counts as lost and is sent again."""
RETRY_BASE_S = 5.0
"""Pause before the second attempt is twice this, and doubles with each further one."""
RETRY_DISK_S = 60.0
"""Pause after the disk was full, until somebody or the janitor has made room."""
RETRY_EXTRACTOR_S = 6 * 3600.0
"""Pause after a site has changed: a newer yt-dlp takes days."""
DECIDED_BY = {
    Stage.FETCH: DecisionStep.METADATA,
    Stage.SCREEN: DecisionStep.EAR,
    Stage.ALIGN: DecisionStep.EAR,
    Stage.DECIDE: DecisionStep.THRESHOLD,
    Stage.RECHECK: DecisionStep.HEALTH,
}
RESUMES_IN = {
    Stage.FETCH: Status.DISCOVERED,
    Stage.SCREEN: Status.SCREENED,
    Stage.ALIGN: Status.IN_REVIEW,
    Stage.DECIDE: Status.IN_REVIEW,
    Stage.RECHECK: Status.IN_REVIEW,
}
"""Where a recording goes on when what a stage decided is undone."""


@dataclass(frozen=True)
class Outcome:
    """What a stage decided; with `status=None` the recording takes the step's own end.

    Attributes:
        reasons: where there is more to tell than the one sentence
        step: what it rests on, where that is not the stage's usual ground
    """

    status: Status | None = None
    reason: str | None = None
    reasons: tuple[Reason, ...] = ()
    step: DecisionStep | None = None


Work = Callable[[int, Callable[[float], None]], Outcome]
"""A stage: takes a recording's (or a search's) id and what to report progress 0..1 to."""


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


def cancel_jobs(session: Session, recording: Recording) -> None:
    """Call off the work on a recording; what a worker is doing now is dropped when it ends."""
    session.execute(
        update(Job)
        .where(Job.recording_id == recording.id, Job.status.in_(ACTIVE_JOBS))
        .values(status=JobStatus.CANCELLED, finished_at=utc_now(), lease_until=None)
    )


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
        _queue_again(job, utc_now())
        return
    job.error = f"its worker died {job.redeliveries} times"
    job.error_class = ErrorClass.OURS
    _end_failed(job)


def _queue_again(job: Job, not_before: datetime) -> None:
    job.status = JobStatus.QUEUED
    job.not_before = not_before
    job.lease_until = None
    job.worker = None
    job.progress = 0.0
    starts_from = step_of(job.stage).starts_from
    if job.recording is not None and starts_from is not None:
        set_status(job.recording, starts_from, job.recording.reason)


def _end_failed(job: Job) -> None:
    """Give up; a recording whose status the stage leaves alone keeps it."""
    _close(job, JobStatus.FAILED)
    if job.recording is not None and step_of(job.stage).starts_from is not None:
        set_status(job.recording, Status.FAILED, job.error)


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
            outcome = work(subject_id, lambda share: _report(job_id, share))
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


def _report(job_id: int, share: float) -> None:
    _update_held(job_id, progress=min(max(share, 0.0), 1.0))


def _update_held(job_id: int, **values: Any) -> None:
    """Change a job as long as this process holds it."""
    try:
        with database.session() as session:
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
        if job is None:
            return
        _close(job, JobStatus.DONE)
        job.progress = 1.0
        if job.recording is not None:
            _move_on(session, job.recording, job.stage, outcome)


def _move_on(session: Session, recording: Recording, stage: Stage, outcome: Outcome) -> None:
    step = step_of(stage)
    if outcome.status is not None:
        reasons = outcome.reasons or (Reason(stage.value, outcome.reason or ""),)
        decide(
            session,
            recording,
            outcome.status,
            step=outcome.step or DECIDED_BY[stage],
            from_status=step.starts_from,
            resumes_in=RESUMES_IN[stage],
            reasons=[each for each in reasons if each.text],
        )
    elif step.ends_in is not None:
        set_status(recording, step.ends_in, outcome.reason)
    else:
        return
    enqueue_next(session, recording)


def _fail(job_id: int, error: Exception) -> None:
    with database.session() as session:
        job = _held_job(session, job_id)
        if job is None:
            return
        ours = not isinstance(error, CoversError)
        job.error = f"{type(error).__name__}: {error}" if ours else str(error)
        job.error_class = getattr(error, "error_class", ErrorClass.OURS)
        job.attempts -= int(not getattr(error, "costs_attempt", True))
        retryable = getattr(error, "retryable", True)
        if not retryable or job.attempts >= get_settings().max_attempts:
            _end_failed(job)
            return
        if job.recording is not None and step_of(job.stage).starts_from is not None:
            job.recording.reason = job.error
        _queue_again(job, _again_at(job, error))


def _again_at(job: Job, error: Exception) -> datetime:
    """When to try once more: what the error says, else by its class."""
    until: datetime | None = getattr(error, "until", None)
    if until is not None:
        return until
    if isinstance(error, StorageError):
        return utc_now() + timedelta(seconds=RETRY_DISK_S)
    if job.error_class is ErrorClass.EXTRACTOR_OUTDATED:
        return utc_now() + timedelta(seconds=RETRY_EXTRACTOR_S)
    return utc_now() + timedelta(seconds=RETRY_BASE_S * 2**job.attempts)


def _held_job(session: Session, job_id: int) -> Job | None:
    """The job, if this process still holds it: it may have been taken back meanwhile."""
    job = session.get_one(Job, job_id, with_for_update=True)
    if job.status is JobStatus.RUNNING and job.worker == worker_name():
        return job
    log.warning("job %d was taken back while it ran; its result is dropped", job_id)
    return None


def _close(job: Job, status: JobStatus) -> None:
    job.status = status
    job.finished_at = utc_now()
    job.lease_until = None
