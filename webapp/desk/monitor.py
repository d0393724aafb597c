"""What the workers do at this moment, as one document, and as a stream of its changes.

A stream holds a thread, so there are few of them, each ends after a while, and a browser comes
back by itself: `Last-Event-ID` names the document that it has, which is not sent again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog import database
from catalog.lifecycle import ACTIVE_JOBS, JobStatus
from catalog.models import Job, Recording, Search
from webapp.desk import queries
from webapp.rows_to_json import clip

MOST_STREAMS = 8
STREAM_S = 300.0
LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0
MOST_JOBS = 60
streams = BoundedSemaphore(MOST_STREAMS)


def snapshot(session: Session, watch: int = 0) -> dict[str, Any]:
    """Running jobs first, then what waits; of many not all, but the one that somebody watches."""
    active = session.scalars(
        select(Job)
        .where(Job.status.in_(ACTIVE_JOBS))
        .order_by((Job.id == watch).desc(), (Job.status == JobStatus.RUNNING).desc(), Job.id)
        .limit(MOST_JOBS)
        .options(
            joinedload(Job.recording).joinedload(Recording.song),
            joinedload(Job.search).joinedload(Search.song),
        )
    ).all()
    counts = queries.count_jobs_by_status(session)
    return {
        "jobs": [job_json(each) for each in active],
        "counts": {status.value: counts.get(status, 0) for status in JobStatus},
        "in_review": queries.count_in_review(session),
    }


def job_json(job: Job) -> dict[str, Any]:
    """A job as the monitor shows it."""
    song, what, url = _subject(job)
    return {
        "id": job.id,
        "what": clip(what),
        "song": song,
        "url": url,
        "stage": job.stage.value,
        "status": job.status.value,
        "progress": round(job.progress, 3),
        "attempts": job.attempts,
    }


def _subject(job: Job) -> tuple[str, str, str]:
    if job.recording is not None:
        slug = job.recording.song.slug
        is_cover = job.recording.role.value == "cover"
        url = f"/desk/covers/{job.recording_id}" if is_cover else f"/desk/songs/{slug}"
        return slug, job.recording.title, url
    assert job.search is not None
    slug = job.search.song.slug
    return slug, f"{job.search.kind.value} {job.search.query}".strip(), f"/desk/songs/{slug}"


def stream(last_id: str | None) -> Generator[str, None, None]:
    """Events of the server-sent kind: the document whenever it changes, and a heartbeat.

    The caller has taken a place in `streams`, and gives it back.
    """
    end_s = time.monotonic() + STREAM_S
    told_s = time.monotonic()
    yield "retry: 2000\n\n"
    while time.monotonic() < end_s:
        with database.reading() as session:
            document = json.dumps(snapshot(session), ensure_ascii=False)
        digest = hashlib.sha256(document.encode()).hexdigest()[:16]
        if digest != last_id:
            last_id, told_s = digest, time.monotonic()
            yield f"id: {digest}\nevent: jobs\ndata: {document}\n\n"
        elif time.monotonic() - told_s > HEARTBEAT_S:
            told_s = time.monotonic()
            yield ": still here\n\n"
        time.sleep(LOOK_EVERY_S)
