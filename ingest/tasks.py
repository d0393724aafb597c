"""The Celery tasks of this package. A task takes a job's number and does that job."""

from __future__ import annotations

from celery import shared_task

from catalog.jobs import run_job


@shared_task(name="ingest.fetch", max_retries=2)  # type: ignore[untyped-decorator]
def fetch(*, job_id: int) -> None:
    """Fetch the recording of a job."""
    from ingest.stages import fetch_recording

    run_job(job_id, fetch_recording)


@shared_task(name="ingest.decide", max_retries=2)  # type: ignore[untyped-decorator]
def decide(*, job_id: int) -> None:
    """Decide about the cover of a job."""
    from ingest.stages import decide_recording

    run_job(job_id, decide_recording)
