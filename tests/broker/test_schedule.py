"""The schedule on a real broker: searches run by themselves, once, whatever is killed."""

import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.lifecycle import SearchKind
from catalog.models import DiscoveryRun, Recording
from catalog.searches import add_search
from catalog.songs import add_song
from tests.broker.processes import Process, WorkerProcess, processes_of, wait_for
from tests.ingest import media_files

TICK_S, SOME_TICKS_S = 1, 4
pytestmark = pytest.mark.usefixtures("trivial_tasks", "nothing_left")


@pytest.fixture
def covers_folder(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COVERS_HARVEST_TICK_S", str(TICK_S))
    for number in range(2):
        media_files.make_sound(tmp_path / "covers" / f"{number}.wav", frequency_hz=300 + number)
    return tmp_path / "covers"


def save_search(folder: Path, slug: str) -> int:
    with database.session() as session:
        song = add_song(session, slug)
        return add_search(session, song, SearchKind.FOLDER, str(folder), hosted=True).id


def runs() -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(DiscoveryRun.search_id).order_by(DiscoveryRun.id)))


def beats(library: Path) -> list[Process]:
    return [each for each in processes_of(library) if " beat " in f"{each.command} "]


def end(worker: WorkerProcess) -> None:
    worker.send_signal(signal.SIGTERM)
    worker.said(timeout_s=30)


def test_a_search_that_is_due_runs_by_itself_once(library: Path, covers_folder: Path):
    first = save_search(covers_folder, "air")
    workers = [WorkerProcess(), WorkerProcess()]  # two beats on one broker
    wait_for(lambda: len(beats(library)) == 2)
    wait_for(lambda: runs() == [first])
    second = save_search(covers_folder, "boat")
    wait_for(lambda: second in runs())
    for each in workers:
        end(each)
    assert runs() == [first, second]
    with database.reading() as session:
        assert len(session.scalars(select(Recording)).all()) == 4


def test_a_beat_that_is_killed_is_started_again(library: Path, covers_folder: Path, monkeypatch):
    worker = WorkerProcess()
    wait_for(lambda: beats(library))
    beats(library)[0].kill()
    search_id = save_search(covers_folder, "air")
    wait_for(lambda: runs() == [search_id], timeout_s=90)
    end(worker)


def test_a_schedule_that_was_asleep_catches_up_by_one_run(library: Path, covers_folder: Path):
    search_id = save_search(covers_folder, "air")
    for _ in range(2):
        worker = WorkerProcess()
        wait_for(lambda: beats(library) and runs() == [search_id])
        time.sleep(SOME_TICKS_S)
        end(worker)
    assert runs() == [search_id]
