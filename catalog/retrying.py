"""Trying again what failed, from the stage that failed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.decisions import set_status
from catalog.errors import StateError
from catalog.jobs import enqueue
from catalog.lifecycle import JobStatus, Stage, Status, step_to_retry
from catalog.models import Job, Recording
from catalog.reviewing import has_media


def retry_recording(session: Session, recording: Recording) -> Job:
    """Queue a failed recording again; where its media is gone, that is fetching.

    Raises:
        StateError: when it has not failed.
    """
    if recording.status is not Status.FAILED:
        raise StateError(
            f"recording {recording.id} is {recording.status.value}: only failed ones retry"
        )
    failed = session.scalars(
        select(Job)
        .where(
            Job.recording_id == recording.id,
            Job.status == JobStatus.FAILED,
            Job.stage.not_in((Stage.RENDER, Stage.RECHECK)),
        )
        .order_by(Job.id.desc())
        .limit(1)
    ).first()
    stage = failed.stage if failed and has_media(recording) else Stage.FETCH
    step = step_to_retry(recording.role, stage)
    set_status(recording, step.starts_from or Status.DISCOVERED)
    return enqueue(session, recording, step.stage)
