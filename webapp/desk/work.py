"""The monitor: jobs with live progress, what failed and what to do about it, hosts and the disk."""

from __future__ import annotations

import shutil
from itertools import groupby
from typing import Any

from apiflask import APIBlueprint
from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from catalog import database
from catalog.audit import note
from catalog.errors import REMEDIES, ErrorClass, NotFoundError
from catalog.hosts import list_hosts, resume_host
from catalog.lifecycle import JobStatus, Status
from catalog.models import Job, Recording
from catalog.retrying import retry_recording
from catalog.settings import get_settings
from webapp.desk import monitor
from webapp.desk.access import visitor
from webapp.desk.forms import on_page
from webapp.queries import bounded

blueprint = APIBlueprint("desk_work", __name__, url_prefix="/desk", enable_openapi=False)
on_page(blueprint)

MOST_FAILURES = 200


@blueprint.get("/jobs")
def jobs() -> str:
    """What the workers do, and what failed."""
    with database.reading() as session:
        now = monitor.snapshot(session)
        return render_template("desk/jobs.html", now=now, failures=_failures(session))


def _failures(session: Session) -> list[dict[str, Any]]:
    """Recordings that failed, by class of error, each class with its remedy."""
    failed = session.scalars(
        select(Job)
        .join(Job.recording)
        .where(Job.status == JobStatus.FAILED, Recording.status == Status.FAILED)
        .order_by(Job.id.desc())
        .limit(MOST_FAILURES)
        .options(joinedload(Job.recording).joinedload(Recording.song))
    ).all()
    latest = {job.recording_id: job for job in reversed(failed)}.values()

    def kind(job: Job) -> str:
        return (job.error_class or ErrorClass.OURS).value

    groups = groupby(sorted(latest, key=kind), key=kind)
    return [
        {"class": name.replace("_", " "), "remedy": REMEDIES[ErrorClass(name)], "jobs": list(rows)}
        for name, rows in groups
    ]


@blueprint.get("/jobs/events")
def events() -> FlaskResponse:
    """The monitor's document as server-sent events, whenever it changes."""
    if not monitor.streams.acquire(blocking=False):
        raise ServiceUnavailable("too many monitors are open: this page asks again by itself")
    told = monitor.stream(request.headers.get("Last-Event-ID"))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = FlaskResponse(told, mimetype="text/event-stream", headers=headers)
    response.call_on_close(monitor.streams.release)  # also where nothing of it was asked for
    return response


@blueprint.post("/recordings/<int:recording_id>/retry")
def retry(recording_id: int) -> Response:
    """Try again what failed, from the stage that failed."""
    with database.session() as session:
        recording = session.get(Recording, bounded(recording_id))
        if recording is None:
            raise NotFoundError(f"there is no recording {recording_id}")
        retry_recording(session, recording)
        note(session, visitor().actor, "recording.retry", f"recording {recording.id}")
    flash("Queued again.")
    return redirect(url_for("desk_work.jobs"), 303)


@blueprint.get("/hosts")
def hosts() -> str:
    """How each host behaves, and how full the disk is."""
    with database.reading() as session:
        return render_template("desk/hosts.html", hosts=list_hosts(session), disk=disk())


@blueprint.post("/hosts/resume")
def resume() -> Response:
    """Let a paused host be asked again at once."""
    name = request.form.get("host", "")
    with database.session() as session:
        resume_host(session, name)
        note(session, visitor().actor, "host.resume", f"host {name}"[:200])
    flash(f"{name[:80]} is asked again at once; the first answer tells whether it works.")
    return redirect(url_for("desk_work.hosts"), 303)


def disk() -> dict[str, Any]:
    """Room on the media disk in MiB, and whether fetching has stopped for want of it."""
    settings = get_settings()
    folder = settings.media_folder if settings.media_folder.exists() else settings.data_folder
    usage = shutil.disk_usage(folder)
    free_mib = usage.free / 2**20
    return {
        "free_mib": free_mib,
        "total_mib": usage.total / 2**20,
        "least_mib": settings.min_free_mib,
        "budget_mib": settings.media_budget_mib,
        "is_full": free_mib < settings.min_free_mib,
    }
