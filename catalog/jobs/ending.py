"""How a job ends, and what that means for its recording: moved on, tried again, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalog.decisions import Reason, decide, last_standing, set_status
from catalog.errors import CoversError, ErrorClass, StorageError
from catalog.jobs.queueing import enqueue_next
from catalog.lifecycle import DecisionStep, JobStatus, Stage, Status, step_of
from catalog.models import Job, Recording, utc_now
from catalog.settings import get_settings

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


def finish(session: Session, job: Job, outcome: Outcome) -> None:
    """Note that a job is done, and move its recording on."""
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
    elif _was_aligned_anew(recording, stage) and _stands_by_hand(session, recording):
        return
    elif step.ends_in is not None:
        set_status(recording, step.ends_in, outcome.reason)
    else:
        return
    enqueue_next(session, recording)


def _was_aligned_anew(recording: Recording, stage: Stage) -> bool:
    return stage is Stage.ALIGN and recording.status is not step_of(stage).starts_from


def _stands_by_hand(session: Session, recording: Recording) -> bool:
    """A person has decided about it: a new map is no reason to decide again."""
    last = last_standing(session, recording.id)
    return last is not None and last.step is DecisionStep.CURATOR


def fail(job: Job, error: Exception) -> None:
    """Note why an attempt failed, and queue the next one where another can succeed."""
    ours = not isinstance(error, CoversError)
    job.error = f"{type(error).__name__}: {error}" if ours else str(error)
    job.error_class = getattr(error, "error_class", ErrorClass.OURS)
    job.attempts -= int(not getattr(error, "costs_attempt", True))
    retryable = getattr(error, "retryable", True)
    if not retryable or job.attempts >= get_settings().max_attempts:
        end_failed(job)
        return
    if (recording := _in_hand(job)) is not None:
        recording.reason = job.error
    queue_again(job, _again_at(job, error))


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


def queue_again(job: Job, not_before: datetime) -> None:
    """Let a job wait for its next attempt, its recording where the stage starts from."""
    job.status = JobStatus.QUEUED
    job.not_before = not_before
    job.lease_until = None
    job.worker = None
    job.progress = 0.0
    starts_from = step_of(job.stage).starts_from
    if (recording := _in_hand(job)) is not None and starts_from is not None:
        set_status(recording, starts_from, recording.reason)


def end_failed(job: Job) -> None:
    """Give up; a recording that does not wait for this stage keeps its status."""
    _close(job, JobStatus.FAILED)
    if (recording := _in_hand(job)) is not None:
        set_status(recording, Status.FAILED, job.error)


def _in_hand(job: Job) -> Recording | None:
    """Its recording where that stands as the stage found it; what is aligned anew does not."""
    step, recording = step_of(job.stage), job.recording
    if recording is None or recording.status not in (step.starts_from, step.shown_while_running):
        return None
    return recording


def _close(job: Job, status: JobStatus) -> None:
    job.status = status
    job.finished_at = utc_now()
    job.lease_until = None
