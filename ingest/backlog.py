"""What is still to be done, and what went wrong: queries about jobs for people and loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from catalog.errors import NotFoundError, StateError
from catalog.jobs import worker_name
from catalog.lifecycle import (
    ACTIVE_JOBS,
    HostState,
    JobStatus,
    Role,
    Stage,
    Status,
    step_of,
)
from catalog.models import Host, Job, Recording, Search, Song, utc_now
from catalog.retrying import retry_recording

SOON_S = 45.0
"""How long a command that ends when nothing is left waits for work that is put off."""


@dataclass(frozen=True)
class Standing:
    """Where a recording stands, for a display.

    Attributes:
        stage: the work that waits or runs, `None` where it rests
        running: whether a worker has it
        share: of that work, 0..1
    """

    recording_id: int
    title: str
    status: Status
    stage: Stage | None
    running: bool
    share: float
    reason: str | None


def standings_since(session: Session, since: datetime) -> list[Standing]:
    """Every recording that has work waiting, or that moved since a moment."""
    active = select(Job.id).where(Job.recording_id == Recording.id, Job.status.in_(ACTIVE_JOBS))
    recordings = session.scalars(
        select(Recording)
        .where(or_(Recording.status_at >= since, exists(active)))
        .order_by(Recording.id)
    ).all()
    jobs = session.scalars(select(Job).where(Job.status.in_(ACTIVE_JOBS))).all()
    working = {job.recording_id: job for job in jobs if job.recording_id is not None}
    return [_standing(each, working.get(each.id)) for each in recordings]


def _standing(recording: Recording, job: Job | None) -> Standing:
    return Standing(
        recording.id,
        recording.title,
        recording.status,
        job.stage if job else None,
        job is not None and job.status is JobStatus.RUNNING,
        job.progress if job else 0.0,
        recording.reason,
    )


def has_work(session: Session, stages: Sequence[Stage] = tuple(Stage)) -> bool:
    """Whether any job is active that can still come to an end.

    A job that waits for its Reference does not count by itself: either the Reference has work of
    its own, which counts, or it will not come. Nor do stages count that are not installed here,
    unless another machine's worker has them, nor what waits longer than a moment for a host, for
    room on the disk, or for its next attempt.
    """
    soon = utc_now() + timedelta(seconds=SOON_S)
    reference = aliased(Recording)
    needing = [stage for stage in Stage if step_of(stage).needs_reference]
    query = (
        select(Job.id)
        .outerjoin(Recording, Job.recording_id == Recording.id)
        .outerjoin(
            reference,
            (reference.song_id == Recording.song_id) & (reference.role == Role.REFERENCE),
        )
        .outerjoin(Host, Host.name == Recording.host)
        .where(
            Job.status.in_(ACTIVE_JOBS),
            or_(
                Job.status != JobStatus.QUEUED,
                Job.stage.in_(stages)
                & (Job.not_before <= soon)
                & or_(
                    Host.name.is_(None),
                    Host.state != HostState.PAUSED,
                    Host.next_probe_at <= soon,
                    Job.stage.not_in((Stage.FETCH, Stage.RECHECK)),
                )
                & or_(
                    Job.stage.not_in(needing),
                    reference.status == Status.PUBLISHED,
                ),
            ),
        )
        .limit(1)
    )
    return session.scalar(query) is not None


def any_running_here(session: Session) -> bool:
    """Whether a process of this machine holds a job."""
    here = worker_name().rpartition(":")[0]
    query = select(Job.id).where(
        Job.status == JobStatus.RUNNING, Job.worker.startswith(f"{here}:", autoescape=True)
    )
    return session.scalar(query.limit(1)) is not None


def waiting_jobs(session: Session) -> list[Job]:
    """Active jobs, with their recordings."""
    query = select(Job).options(joinedload(Job.recording)).where(Job.status.in_(ACTIVE_JOBS))
    return list(session.scalars(query.order_by(Job.id)).all())


def why_waiting(session: Session, job: Job) -> str:
    """Why an active job was not done, in one sentence."""
    name = job.recording.host if job.recording is not None else None
    host = session.get(Host, name) if name else None
    if host is not None and host.state is HostState.PAUSED and host.next_probe_at is not None:
        probe = f"{host.next_probe_at.astimezone():%d %B %H:%M}"
        return f"{host.name} is paused until {probe} ({host.cause})"
    if job.not_before > utc_now():
        cause = job.error or "put off"
        return f"{job.stage.value} comes again {job.not_before.astimezone():%d %B %H:%M} ({cause})"
    return (
        f"{job.stage.value} cannot begin: its reference is not ready, or the program for it is "
        "not installed"
    )


def failures_since(session: Session, since: datetime) -> list[Job]:
    """Jobs that failed for good since a moment, with their recordings."""
    query = (
        select(Job)
        .options(joinedload(Job.recording))
        .where(Job.status == JobStatus.FAILED, Job.finished_at >= since)
        .order_by(Job.id)
    )
    return list(session.scalars(query).all())


def describe_jobs(session: Session) -> list[dict[str, Any]]:
    """Every job with what became of it, oldest first."""
    query = (
        select(Job)
        .options(
            joinedload(Job.recording).joinedload(Recording.song),
            joinedload(Job.search).joinedload(Search.song),
        )
        .order_by(Job.id)
    )
    return [_describe_job(job) for job in session.scalars(query)]


def subject_of(job: Job) -> tuple[Song, str]:
    """The song that a job is about, and what a person calls its subject."""
    if job.recording is not None:
        return job.recording.song, job.recording.title
    assert job.search is not None
    return job.search.song, f"{job.search.kind.value} {job.search.query}".strip()


def _describe_job(job: Job) -> dict[str, Any]:
    song, title = subject_of(job)
    return {
        "id": job.id,
        "song": song.slug,
        "recording": job.recording_id,
        "search": job.search_id,
        "title": title,
        "stage": job.stage.value,
        "status": job.status.value,
        "attempts": job.attempts,
        "redeliveries": job.redeliveries,
        "progress": job.progress,
        "error": job.error,
        "error_class": job.error_class.value if job.error_class else None,
    }


def retry_failed(
    session: Session, song: Song, recording_ids: Sequence[int] = ()
) -> list[Recording]:
    """Queue failed recordings of a song again, each at the stage that failed.

    Where the media is gone, that is fetching, whatever failed for want of it.

    Raises:
        NotFoundError: when the song has no recording of a given number.
        StateError: when a named one has not failed.
    """
    mine = select(Recording).where(Recording.song_id == song.id).order_by(Recording.id)
    if recording_ids:
        chosen = list(session.scalars(mine.where(Recording.id.in_(recording_ids))))
        _check_failed(song, chosen, recording_ids)
    else:
        chosen = list(session.scalars(mine.where(Recording.status == Status.FAILED)))
    for recording in chosen:
        retry_recording(session, recording)
    return chosen


def _check_failed(song: Song, chosen: list[Recording], wanted: Sequence[int]) -> None:
    if missing := sorted(set(wanted) - {each.id for each in chosen}):
        raise NotFoundError(f"song {song.slug!r} has no recording {missing[0]}")
    for each in chosen:
        if each.status is not Status.FAILED:
            raise StateError(f"recording {each.id} is {each.status.value}: only failed ones retry")
