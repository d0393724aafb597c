"""The Celery tasks of this package.

A task takes a job's number and does that job. The two without a job are sent by the beat: they
look what is due in the database, so one that is missed or comes twice changes nothing.
"""

from __future__ import annotations

from celery import shared_task

from catalog import database
from catalog.jobs import run_job
from catalog.settings import get_settings


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


@shared_task(name="ingest.discover", max_retries=2)  # type: ignore[untyped-decorator]
def discover(*, job_id: int) -> None:
    """Run the search of a job."""
    from ingest.discovery.running import run_search

    run_job(job_id, run_search)


@shared_task(name="ingest.recheck", max_retries=2)  # type: ignore[untyped-decorator]
def recheck(*, job_id: int) -> None:
    """Check whether the cover of a job is still there."""
    from ingest.health import recheck_recording

    run_job(job_id, recheck_recording)


@shared_task(name="ingest.harvest")  # type: ignore[untyped-decorator]
def harvest() -> None:
    """Queue the searches, checks and renditions that are due."""
    from catalog.renditions import enqueue_renditions
    from catalog.searches import enqueue_due
    from ingest.health import enqueue_checks

    with database.session() as session:
        enqueue_due(session)
        enqueue_checks(session)
        if get_settings().renditions:
            enqueue_renditions(session)


@shared_task(name="ingest.clean")  # type: ignore[untyped-decorator]
def clean() -> None:
    """Remove media that nobody needs."""
    from ingest import janitor

    janitor.clean()
