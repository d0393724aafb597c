"""A real `covers worker`: what it does, and what happens when parts of it are killed."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Job, Recording, Song
from catalog.processes import is_dead
from catalog.songs import add_recording, add_song
from ingest.broker import socket_path_of
from ingest.sources.folder import read_recording
from tests.broker.processes import (
    Process,
    WorkerProcess,
    lines_of,
    processes_of,
    run_until_idle,
    wait_for,
)
from tests.ingest import media_files
from tests.ingest.web_server import Answer, WebServer

pytestmark = pytest.mark.usefixtures("trivial_tasks", "nothing_left")


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sounds")
    return [
        media_files.make_sound(folder / f"{number}.wav", frequency_hz=300 + number, duration_s=1.5)
        for number in range(4)
    ]


def add(sounds: list[Path]) -> list[int]:
    """Insert a song with the first sound as Reference and the others as covers."""
    with database.session() as session:
        song = session.scalar(select(Song)) or add_song(session, "air")
        roles = [Role.REFERENCE] + [Role.COVER] * (len(sounds) - 1)
        rows = [
            add_recording(session, song, read_recording(sound), role=role, hosted=True)
            for sound, role in zip(sounds, roles, strict=True)
        ]
        return [row.id for row in rows if row is not None]


def jobs_at(stage: Stage) -> list[Job]:
    with database.session() as session:
        return list(session.scalars(select(Job).where(Job.stage == stage).order_by(Job.id)))


def statuses() -> list[Status]:
    with database.session() as session:
        return list(session.scalars(select(Recording.status).order_by(Recording.id)))


@contextmanager
def held(library: Path, stage: str) -> Iterator[Callable[[], bool]]:
    """Makes a stage's task wait; yields whether one has begun."""
    library.mkdir(parents=True, exist_ok=True)
    (library / f"hold-{stage}").touch()
    yield lambda: any(line.startswith(stage) for line in lines_of(library / "begun"))
    (library / f"hold-{stage}").unlink(missing_ok=True)


def end(worker: WorkerProcess, sent: signal.Signals) -> str:
    worker.send_signal(sent)
    said = worker.said(timeout_s=30)
    return said


def kill_holder_of(job: Job) -> None:
    assert job.worker is not None
    os.kill(int(job.worker.rpartition(":")[2]), signal.SIGKILL)


def find(library: Path, part: str) -> Process:
    return next(each for each in processes_of(library) if part in each.command)


def test_all_stages_are_done_in_order(library: Path, sounds: list[Path]):
    add(sounds)
    ended = run_until_idle()
    assert ended.returncode == 0, ended.stderr
    assert statuses() == [Status.PUBLISHED] * 4
    assert [each.attempts for stage in Stage for each in jobs_at(stage)] == [1] * 14
    assert lines_of(library / "done")[0] == "analyse 1"


def test_a_killed_worker_process_costs_one_attempt_and_nothing_else(
    any_library: Path, sounds: list[Path]
):
    add(sounds[:1])
    with held(any_library, "analyse") as has_begun:
        worker = WorkerProcess("--until-idle")
        wait_for(has_begun)
        kill_holder_of(jobs_at(Stage.ANALYSE)[0])
        wait_for(lambda: len(lines_of(any_library / "begun")) == 2)
    said = worker.said()
    assert worker.returncode == 0, said
    job = jobs_at(Stage.ANALYSE)[0]
    assert (job.status, job.attempts, job.redeliveries) == (JobStatus.DONE, 2, 1)
    assert lines_of(any_library / "done") == ["analyse 1"]


def test_a_job_that_kills_every_worker_fails_after_three(library: Path, sounds: list[Path]):
    add(sounds[:1])
    with held(library, "analyse"):
        worker = WorkerProcess("--until-idle")
        for attempt in (1, 2, 3):
            wait_for(lambda attempt=attempt: len(lines_of(library / "begun")) == attempt)
            kill_holder_of(jobs_at(Stage.ANALYSE)[0])
        said = worker.said()
    assert worker.returncode == 1
    assert "its worker died 3 times" in said
    assert statuses() == [Status.FAILED]


def test_nothing_outlives_a_killed_supervisor_and_the_next_goes_on(
    library: Path, sounds: list[Path]
):
    add(sounds[:1])
    with held(library, "analyse") as has_begun:
        worker = WorkerProcess("--until-idle")
        wait_for(has_begun)
        assert len(processes_of(library)) >= 6
        end(worker, signal.SIGKILL)
        wait_for(lambda: not processes_of(library), timeout_s=5)
    ended = run_until_idle()
    assert ended.returncode == 0, ended.stderr
    job = jobs_at(Stage.ANALYSE)[0]
    assert (job.status, job.attempts, job.redeliveries) == (JobStatus.DONE, 2, 1)
    assert lines_of(library / "done") == ["analyse 1"]


def test_a_stop_ends_everything_and_costs_no_attempt(library: Path, sounds: list[Path]):
    add(sounds[:1])
    with held(library, "analyse") as has_begun:
        worker = WorkerProcess()
        wait_for(has_begun)
        end(worker, signal.SIGTERM)
        assert processes_of(library) == []
    job = jobs_at(Stage.ANALYSE)[0]
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)


def test_broker_and_workers_are_started_again(library: Path, sounds: list[Path]):
    worker = WorkerProcess()
    wait_for(lambda: len(processes_of(library)) >= 7)
    find(library, "valkey-server").kill()
    find(library, "hostname=align").kill()
    add(sounds[:1])
    wait_for(lambda: statuses() == [Status.PUBLISHED])
    said = end(worker, signal.SIGINT)
    assert "worker align ended with -9" in said
    assert lines_of(library / "done") == ["analyse 1"]


def test_a_broker_whose_socket_is_gone_is_replaced(library: Path, sounds: list[Path]):
    worker = WorkerProcess()
    wait_for(lambda: len(processes_of(library)) >= 7)
    deaf = find(library, "valkey-server")
    shutil.rmtree(socket_path_of(library).parent)
    wait_for(lambda: is_dead(deaf.number))
    add(sounds[:1])
    wait_for(lambda: statuses() == [Status.PUBLISHED])
    assert "Traceback" not in end(worker, signal.SIGINT)


def test_a_download_that_is_killed_leaves_nothing_and_is_done_once(
    web: WebServer, library: Path, sounds: list[Path]
):
    recording_id = add(sounds[:1])[0]
    with database.session() as session:
        recording = session.get_one(Recording, recording_id)
        recording.source, recording.location = "web", web.address("/0.wav")
    release = library / "release"
    slow = Answer(sounds[0].read_bytes(), "audio/wav")
    slow.before_second_half = lambda: wait_for(release.exists)
    web.answers["/0.wav"] = slow
    worker = WorkerProcess("--until-idle")
    wait_for(lambda: list(library.glob("media/.incoming/*/arriving/*.part")))
    download = find(library, "download_child")
    kill_holder_of(jobs_at(Stage.FETCH)[0])
    wait_for(lambda: is_dead(download.number), timeout_s=5)
    assert not (library / "media" / str(recording_id)).exists()
    release.touch()
    said = worker.said()
    assert worker.returncode == 0, said
    kept = [each.name for each in (library / "media").rglob("*") if each.is_file()]
    assert kept == ["media.wav"]
    assert jobs_at(Stage.FETCH)[0].redeliveries == 1


def test_jobs_without_a_program_are_named(library, sounds, trivial_tasks: Path):
    (trivial_tasks / "trivial_tasks.py").write_text("raise ImportError('no such program')")
    add(sounds[:1])
    ended = run_until_idle()
    assert ended.returncode == 1
    assert "analyse cannot begin" in ended.stderr


def test_a_worker_that_never_starts_is_said_so(library, sounds, trivial_tasks: Path):
    (trivial_tasks / "trivial_tasks.py").write_text("raise SystemExit(3)")
    add(sounds[:1])
    code = (
        "import ingest.workers as workers; workers.RESTART_PAUSE_S = 0.1\n"
        "workers.MAX_QUICK_ENDS = 3\n"
        "kind = workers.WorkerKind('align', 'align', 1)\n"
        "worker = workers.Worker(kind)\n"
        "import time\n"
        "while True: worker.keep_alive(''); time.sleep(0.05)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert "worker align ends whenever it is started" in ended.stderr
    assert ended.stderr.count("starting it again") == 2


def test_without_work_no_broker_is_started(library: Path):
    ended = run_until_idle()
    assert (ended.returncode, ended.stderr.strip()) == (0, "Nothing to do.")
    assert not (library / "broker").exists()
