"""The demo's build: whole from any state, never double."""

import dataclasses
import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ingest.demo
from catalog import database
from catalog.errors import StateError
from catalog.lifecycle import JobStatus, Role, Status
from catalog.models import Alignment, Job, Recording, Song
from catalog.settings import get_settings
from catalog.songs import add_recording
from ingest.commands import demo_command
from ingest.demo.build import _insert, _publish
from ingest.demo.library import read_library, read_recordings
from tests.broker.processes import lines_of, processes_of, wait_for
from tests.ingest import media_files

SHIPPED = Path(ingest.demo.__file__).parent
BUILD = "import sys, pathlib; from ingest.demo.build import build; build(pathlib.Path(sys.argv[1]))"


@pytest.fixture
def small_demo(tmp_path: Path) -> Path:
    """A manifest with one song of three recordings, and one that cannot be had."""
    folder = tmp_path / "demo"
    names = ["reference.wav", "one.wav", "two.wav"]
    for number, name in enumerate(names):
        media_files.make_sound(
            folder / "air" / name, frequency_hz=300 + 50 * number, duration_s=1.5
        )
    song = {"id": "air", "reference": names[0], "covers": [{"file": name} for name in names[1:]]}
    (folder / "air" / "dataset.json").write_text(json.dumps({"songs": [song]}))
    library = [
        {"slug": "air", "title": "Air", "composer": "Traditional", "dataset": "air"},
        {
            "slug": "away",
            "title": "Away",
            "composer": "Nobody",
            "dataset": "no-such-data-set",
            "to_be_built": True,
        },
    ]
    (folder / "library.json").write_text(json.dumps(library))
    return folder


def start_build(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "said").open("w") as said:  # a pipe that nobody reads fills up
        return subprocess.Popen([sys.executable, "-c", BUILD, str(folder)], stderr=said)


@pytest.mark.usefixtures("trivial_tasks", "nothing_left")
def test_a_killed_build_is_completed_by_the_next_one(library: Path, small_demo: Path):
    library.mkdir(parents=True, exist_ok=True)
    (library / "hold-screen").touch()
    killed = start_build(small_demo)
    wait_for(lambda: any(line.startswith("screen") for line in lines_of(library / "begun")))
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    wait_for(lambda: not processes_of(library), timeout_s=5)
    (library / "hold-screen").unlink()

    completing = start_build(small_demo)
    status, said = completing.wait(timeout=90), (small_demo / "said").read_text()
    assert status == 0, said
    assert "Going on without away" in said
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Song)) == 1
        assert session.scalar(select(func.count()).select_from(Recording)) == 3
        done = session.scalars(select(Job).where(Job.status == JobStatus.DONE)).all()
    assert len({(job.recording_id, job.stage) for job in done}) == len(done) == 3 + 1 + 2 + 2 + 2
    assert sorted(lines_of(library / "done")) == [
        *("align 2", "align 3", "analyse 1", "screen 2", "screen 3")
    ]
    assert start_build(small_demo).wait(timeout=90) == 0
    assert "Nothing to do." in (small_demo / "said").read_text()


def test_the_shipped_library_is_whole():
    songs = read_library(SHIPPED)
    assert [song.slug for song in songs] == ["londonderry-air", "gefrorne-traenen"]
    recordings = read_recordings(songs[0], SHIPPED / songs[0].dataset)
    every = (recordings.reference, *recordings.covers)
    assert len(every) >= 8
    assert all(Path(each.location).is_file() for each in every)
    assert all(each.performer and each.licence and each.hashtags for each in every)
    assert len({each.source_id for each in every}) == len(every)


def test_a_data_set_without_sidecars_is_described_by_the_manifest(tmp_path: Path):
    song = read_library(SHIPPED)[1]
    names = ["D911-03_HU33.wav", "D911-03_SC06.wav"]
    document = {"songs": [{"id": "x", "reference": names[0], "covers": [{"file": names[1]}]}]}
    (tmp_path / "dataset.json").write_text(json.dumps(document))
    recordings = read_recordings(song, tmp_path)
    assert recordings.reference.performer == "Gerhard Hüsch, Hanns-Udo Müller"
    assert recordings.covers[0].licence == "CC BY 3.0"


def test_a_port_that_is_taken_fails_before_the_build(library: Path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("COVERS_PORT", str(server.getsockname()[1]))
        get_settings.cache_clear()
        with pytest.raises(StateError, match="COVERS_PORT"):
            demo_command(serve=True)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Song)) == 0


def test_only_the_demos_own_covers_are_published(library: Path, small_demo: Path):
    song = read_library(small_demo)[0]
    recordings = read_recordings(song, small_demo / "air")
    added = dataclasses.replace(recordings.covers[0], source="folder")
    with database.session() as session:
        _insert(session, song, recordings)
        row = session.scalars(select(Song)).one()
        add_recording(session, row, added, role=Role.COVER, hosted=True)
        wait_in_review(session, "folder")
    _publish([song])
    assert covers_at(Status.PUBLISHED) == []
    with database.session() as session:
        wait_in_review(session, "demo")
    _publish([song])
    assert covers_at(Status.PUBLISHED) == ["demo", "demo"]
    assert covers_at(Status.IN_REVIEW) == ["folder"]


def wait_in_review(session: Session, source: str) -> None:
    covers = select(Recording).where(Recording.role == Role.COVER, Recording.source == source)
    for cover in session.scalars(covers):
        cover.status = Status.IN_REVIEW
        cover.alignment = Alignment(
            model="trivial",
            confidence=0.1,
            transposition_semitones=0,
            tuning_cents=0.0,
            segments=[{"reference_s": [0, 9], "cover_s": [0, 9], "confidence": [1, 1]}],
        )


def covers_at(status: Status) -> list[str]:
    with database.session() as session:
        covers = select(Recording.source).where(Recording.status == status)
        return sorted(session.scalars(covers))


def test_roles_of_the_demo_are_kept(library: Path, small_demo: Path):
    song = read_library(small_demo)[0]
    for _ in range(2):
        with database.session() as session:
            _insert(session, song, read_recordings(song, small_demo / "air"))
    with database.session() as session:
        roles = session.scalars(select(Recording.role).order_by(Recording.id)).all()
    assert roles == [Role.REFERENCE, Role.COVER, Role.COVER]
