"""Tasks in the place of align's that do what files tell them to, for tests of real workers."""

from __future__ import annotations

from pathlib import Path

TASKS = """
import os
import time
from pathlib import Path
from celery import shared_task
from catalog import database
from catalog.jobs import Outcome, run_job
from catalog.lifecycle import Relation
from catalog.models import Alignment, Recording
from catalog.settings import get_settings


def work(stage):
    def do(recording_id, report):
        folder = Path(os.environ.get("TRIVIAL_LOG") or get_settings().data_folder)
        with (folder / "begun").open("a") as log:
            log.write(f"{stage} {recording_id}\\n")
        report(0.5)
        time.sleep(float(os.environ.get("TRIVIAL_S", 0)))
        while (folder / f"hold-{stage}").exists():
            time.sleep(0.02)
        if stage == "align":
            write_alignment(recording_id)
        with (folder / "done").open("a") as log:
            log.write(f"{stage} {recording_id}\\n")
        return Outcome()
    return do


def write_alignment(recording_id):
    with database.session() as session:
        cover = session.get_one(Recording, recording_id)
        cover.relation = Relation.PERFORMANCE
        cover.alignment = cover.alignment or Alignment(
            model="trivial",
            confidence=0.9,
            transposition_semitones=0,
            tuning_cents=0.0,
            segments=[],
        )


for stage in ("analyse", "screen", "align"):
    def task(*, job_id, stage=stage):
        run_job(job_id, work(stage))
    shared_task(name=f"align.{stage}")(task)
"""


def install_tasks(package: Path) -> Path:
    """Write them as a package that has align's own entry point. Returns it, for PYTHONPATH."""
    information = package / "trivial_tasks-1.0.dist-info"
    information.mkdir(parents=True)
    (package / "trivial_tasks.py").write_text(TASKS)
    (information / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: trivial-tasks\nVersion: 1.0\n"
    )
    (information / "entry_points.txt").write_text("[covers.tasks]\nalign = trivial_tasks\n")
    return package
