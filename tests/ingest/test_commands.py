"""`covers ingest` and `covers jobs` as people call them."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.jobs import run_job
from catalog.lifecycle import JobStatus, Stage, Status
from catalog.models import Job, Recording
from ingest.stages import fetch_recording


def do_all_jobs() -> None:
    with database.session() as session:
        job_ids = session.scalars(select(Job.id)).all()
    for job_id in job_ids:
        run_job(job_id, fetch_recording)


def test_a_folder_is_added_once(covers, media: Path):
    first = covers("ingest", "add", "air", str(media))
    assert first.code == 0
    assert "new  1  other" in first.err
    assert "3 new, 0 known. `covers worker --until-idle` does the work." in first.err
    assert covers("ingest", "add", "air", str(media)).err.strip() == "0 new, 3 known."


def test_status_shows_where_each_stands(covers, media: Path):
    covers("ingest", "add", "air", str(media / "song.mp4"), "--hosted")
    rows = json.loads(covers("ingest", "status", "air", "--json").out)
    assert [(row["title"], row["status"], row["role"]) for row in rows] == [
        ("song", "discovered", "cover")
    ]
    assert "discovered" in covers("ingest", "status").out


def test_failed_recordings_are_tried_again(covers, media: Path, tmp_path: Path):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"just words")
    covers("ingest", "add", "air", str(bad))
    do_all_jobs()
    row = json.loads(covers("jobs", "--json").out)[0]
    assert (row["status"], row["attempts"], row["redeliveries"]) == ("failed", 1, 0)
    assert "bad.mp4 is not a readable" in row["error"]
    shutil.copy(media / "song.mp4", bad)
    assert "1 queued again" in covers("ingest", "retry", "air").err
    do_all_jobs()
    row = json.loads(covers("ingest", "status", "--json").out)[0]
    assert (row["status"], row["reason"]) == ("fetched", None)
    assert "only failed ones" in covers("ingest", "retry", "air", "1").err


@pytest.mark.parametrize(("is_gone", "stage"), [(True, Stage.FETCH), (False, Stage.SCREEN)])
def test_lost_media_is_fetched_again(covers, library: Path, media: Path, is_gone, stage):
    covers("ingest", "add", "air", str(media / "song.ogg"))
    do_all_jobs()
    with database.session() as session:
        recording = session.scalars(select(Recording)).one()
        recording.status = Status.FAILED
        screening = session.scalars(select(Job).where(Job.stage == Stage.SCREEN)).one()
        screening.status = JobStatus.FAILED
        if is_gone:
            (library / "media" / recording.media_file).unlink()
    covers("ingest", "retry", "air")
    with database.session() as session:
        queued = select(Job.stage).where(Job.status == JobStatus.QUEUED)
        assert session.scalars(queued).all() == [stage]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("ingest", "add", "none", "/nothing/there"), "covers: there is no song 'none'"),
        (("ingest", "add", "air", "/nothing/there"), "covers: there is no folder or file"),
        (("ingest", "status", "none"), "covers: there is no song 'none'"),
        (("ingest", "retry", "air", "7"), "covers: song 'air' has no recording 7"),
    ],
)
def test_mistakes_are_one_line(covers, arguments: tuple[str, ...], reason: str):
    ended = covers(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(reason)
    assert ended.err.count("\n") == 1


def test_markup_in_strangers_titles_is_shown_as_it_is(covers, media: Path, tmp_path: Path):
    shutil.copy(media / "song.ogg", tmp_path / "[red]song.ogg")
    assert "new  1  [red]song" in covers("ingest", "add", "air", str(tmp_path)).err
    assert "[red]song" in covers("ingest", "status").out
