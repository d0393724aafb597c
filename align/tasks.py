"""Celery tasks of the listening stages and of renditions. Each takes a job's id and is idempotent.

The stages are imported when a task runs, so that a worker starts quickly and numerical
libraries load after the fork.
"""

from __future__ import annotations

from celery import shared_task

from catalog.jobs import run_job


@shared_task(name="align.analyse")  # type: ignore[untyped-decorator]
def analyse(job_id: int) -> bool:
    """Analyse the recording of a job; False when the job was not free to be taken."""
    from align.stages import analyse_recording

    return run_job(job_id, analyse_recording)


@shared_task(name="align.screen")  # type: ignore[untyped-decorator]
def screen(job_id: int) -> bool:
    """Screen the recording of a job by ear; False when the job was not free to be taken."""
    from align.stages import screen_recording

    return run_job(job_id, screen_recording)


@shared_task(name="align.align")  # type: ignore[untyped-decorator]
def align(job_id: int) -> bool:
    """Align the recording of a job; False when the job was not free to be taken."""
    from align.stages import align_recording

    return run_job(job_id, align_recording)


@shared_task(name="align.render")  # type: ignore[untyped-decorator]
def render(job_id: int) -> bool:
    """Make the rendition of a job's cover; False when the job was not free to be taken."""
    from align.rendition.making import render_recording

    return run_job(job_id, render_recording)
