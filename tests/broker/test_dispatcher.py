"""From rows to messages, on a real broker and on both databases."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import select, update

from catalog import database
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Job, Recording, utc_now
from catalog.processes import is_dead
from catalog.songs import Found, add_recording, add_song
from ingest.backlog import has_work
from ingest.broker import Broker, ensure_broker
from ingest.celery_app import make_app
from ingest.dispatcher import AHEAD, Dispatcher
from tests.broker.processes import wait_for


@pytest.fixture
def broker(library: Path) -> Iterator[Broker]:
    started = ensure_broker()
    yield started
    started.stop()


@pytest.fixture
def app(broker: Broker) -> Celery:
    return make_app(broker.address)


def add(number: int) -> None:
    """Insert a song with a Reference and covers, `number` recordings in all."""
    with database.session() as session:
        song = add_song(session, "air")
        for index in range(number):
            name = f"{index}.wav"
            found = Found(source="test", source_id=name, location=name, title=name)
            role = Role.COVER if index else Role.REFERENCE
            add_recording(session, song, found, role=role, hosted=True)


def change(job_id: int, **values: object) -> None:
    with database.session() as session:
        session.execute(update(Job).where(Job.id == job_id).values(**values))


def statuses() -> list[JobStatus]:
    with database.session() as session:
        return list(session.scalars(select(Job.status).order_by(Job.id)))


def waiting_in(app: Celery, queue: str) -> int:
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen(queue))


def test_due_jobs_go_to_the_queue_of_their_stage(any_library: Path, app: Celery):
    add(2)
    assert Dispatcher(app).tick() == 2
    assert statuses() == [JobStatus.SENT] * 2
    assert waiting_in(app, "fetch") == 2


def test_what_was_sent_is_not_sent_again(library: Path, app: Celery):
    add(1)
    dispatcher = Dispatcher(app)
    assert [dispatcher.tick() for _ in range(3)] == [1, 0, 0]
    assert waiting_in(app, "fetch") == 1


def test_rows_wait_so_that_messages_need_not(library: Path, app: Celery):
    add(20)
    dispatcher = Dispatcher(app)
    assert [dispatcher.tick() for _ in range(2)] == [AHEAD, 0]
    change(1, status=JobStatus.RUNNING, lease_until=utc_now() + timedelta(minutes=1))
    assert dispatcher.tick() == 3
    change(1, status=JobStatus.DONE)
    assert dispatcher.tick() == 0


def test_a_message_that_nobody_received_is_sent_again(library: Path, app: Celery):
    add(1)
    dispatcher = Dispatcher(app)
    dispatcher.tick()
    change(1, sent_at=utc_now() - timedelta(minutes=5))
    assert dispatcher.tick() == 1


def test_a_job_of_a_dead_process_is_sent_again_at_once(any_library: Path, app: Celery):
    add(1)
    child = os.fork()
    if child == 0:
        os._exit(0)  # dead, and not collected: it still has its number
    wait_for(lambda: is_dead(child))
    worker = f"{os.uname().nodename}:{child}"
    later = utc_now() + timedelta(hours=1)
    change(1, status=JobStatus.RUNNING, attempts=1, worker=worker, lease_until=later)
    assert Dispatcher(app).tick() == 1
    os.waitpid(child, 0)
    with database.session() as session:
        job = session.get_one(Job, 1)
    assert (job.status, job.redeliveries) == (JobStatus.SENT, 1)


def test_a_broker_that_is_away_loses_nothing(library: Path, broker: Broker, app: Celery, caplog):
    add(2)
    dispatcher = Dispatcher(app)
    broker.stop()
    assert [dispatcher.tick() for _ in range(3)] == [0, 0, 0]
    assert statuses() == [JobStatus.QUEUED] * 2
    assert caplog.text.count("does not answer") == 1
    again = ensure_broker()
    assert dispatcher.tick() == 2
    assert waiting_in(app, "fetch") == 2
    again.stop()


def test_stages_that_are_not_installed_are_left_to_others(library: Path, app: Celery):
    add(1)
    dispatcher = Dispatcher(app)
    dispatcher.stages.remove(Stage.FETCH)
    assert dispatcher.tick() == 0
    assert statuses() == [JobStatus.QUEUED]
    with database.session() as session:
        assert not has_work(session, dispatcher.stages)
        assert has_work(session)


def test_covers_of_a_reference_that_failed_are_no_work(any_library: Path):
    add(2)
    with database.session() as session:
        reference, cover = session.scalars(select(Recording).order_by(Recording.id))
        session.execute(update(Job).values(status=JobStatus.DONE))
        session.add(Job(recording_id=cover.id, stage=Stage.SCREEN))
    with database.session() as session:
        assert not has_work(session)
        session.get_one(Recording, reference.id).status = Status.PUBLISHED
        session.flush()
        assert has_work(session)


def test_a_job_that_waits_for_its_next_attempt_is_work(library: Path, app: Celery):
    add(1)
    change(1, not_before=utc_now() + timedelta(seconds=30))
    assert Dispatcher(app).tick() == 0
    with database.session() as session:
        assert has_work(session)
