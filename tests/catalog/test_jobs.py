"""Jobs as rows, on both databases: claimed once, taken back from the dead, never lost."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from catalog import database, jobs
from catalog.errors import MediaError, SourceError
from catalog.jobs import ending, running
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Job, Recording, Song, utc_now
from catalog.songs import Found, add_recording, add_song
from tests.conftest import forget_settings


def add_found(role: Role = Role.COVER, name: str = "a.mp4") -> int:
    """Insert a song, if it is not there, and one recording of it. Returns the job's number."""
    with database.session() as session:
        song = session.scalar(select(Song)) or add_song(session, "air")
        recording = add_recording(
            session,
            song,
            Found(source="folder", source_id=name, location=name, title=name),
            role=role,
            hosted=True,
        )
        assert recording is not None
        return session.scalars(select(Job.id).where(Job.recording_id == recording.id)).one()


def read(job_id: int) -> tuple[Job, Recording]:
    with database.session() as session:
        job = session.get_one(Job, job_id)
        return job, job.recording


def succeed(recording_id: int, report) -> jobs.Outcome:
    report(0.5)
    return jobs.Outcome()


def test_a_job_done_leads_to_the_next_stage(any_library: Path):
    job_id = add_found()
    assert jobs.run_job(job_id, succeed)
    job, recording = read(job_id)
    assert (job.status, job.attempts, recording.status) == (JobStatus.DONE, 1, Status.FETCHED)
    with database.session() as session:
        stages = session.scalars(select(Job.stage).order_by(Job.id)).all()
    assert stages == [Stage.FETCH, Stage.SCREEN]


def test_a_second_message_for_the_same_job_does_nothing(any_library: Path):
    job_id = add_found()
    calls = []

    def count(recording_id: int, report) -> jobs.Outcome:
        calls.append(recording_id)
        assert not jobs.run_job(job_id, count)  # held by this process
        return jobs.Outcome()

    assert jobs.run_job(job_id, count)
    assert not jobs.run_job(job_id, count)  # done
    assert len(calls) == 1


def test_a_permanent_error_ends_the_recording_with_its_reason(any_library: Path):
    def refuse(recording_id: int, report) -> jobs.Outcome:
        raise MediaError("notes.txt is not a readable audio or video file")

    job_id = add_found()
    jobs.run_job(job_id, refuse)
    job, recording = read(job_id)
    assert (job.status, recording.status) == (JobStatus.FAILED, Status.FAILED)
    assert recording.reason == job.error == "notes.txt is not a readable audio or video file"


def test_a_passing_error_is_tried_again_until_attempts_end(any_library: Path, monkeypatch):
    monkeypatch.setattr(ending, "RETRY_BASE_S", 0.0)

    def stumble(recording_id: int, report) -> jobs.Outcome:
        raise SourceError("host.example did not answer")

    job_id = add_found()
    for _ in range(2):
        jobs.run_job(job_id, stumble)
        job, recording = read(job_id)
        assert (job.status, recording.status) == (JobStatus.QUEUED, Status.DISCOVERED)
    jobs.run_job(job_id, stumble)
    job, recording = read(job_id)
    assert (job.status, job.attempts, recording.status) == (JobStatus.FAILED, 3, Status.FAILED)


@pytest.mark.parametrize(("every_s", "shown"), [(60.0, 0.2), (0.0, 0.9)])
def test_progress_is_written_no_more_often_than_anybody_looks(
    library: Path, monkeypatch: pytest.MonkeyPatch, every_s: float, shown: float
):
    monkeypatch.setattr(running, "REPORT_EVERY_S", every_s)
    job_id = add_found()
    seen = []

    def work(recording_id: int, report) -> jobs.Outcome:
        report(0.2)
        report(0.9)
        seen.append(read(job_id)[0].progress)
        return jobs.Outcome()

    assert jobs.run_job(job_id, work)
    assert (seen, read(job_id)[0].progress) == ([shown], 1.0)


def test_an_unforeseen_error_is_noted_and_raised(library: Path):
    def break_down(recording_id: int, report) -> jobs.Outcome:
        raise ZeroDivisionError("division by zero")

    job_id = add_found()
    with pytest.raises(ZeroDivisionError):
        jobs.run_job(job_id, break_down)
    job, _ = read(job_id)
    assert (job.status, job.error) == (JobStatus.QUEUED, "ZeroDivisionError: division by zero")


def test_a_lease_that_ran_out_is_taken_back_and_counted(any_library: Path):
    job_id = add_found()
    hold(job_id, worker="elsewhere:1", lease_s=-1)
    with database.session() as session:
        assert jobs.take_back_abandoned(session) == 1
    job, _ = read(job_id)
    assert (job.status, job.redeliveries, job.worker) == (JobStatus.QUEUED, 1, None)


def test_a_living_lease_is_left_alone(library: Path):
    job_id = add_found()
    hold(job_id, worker="elsewhere:1", lease_s=60)
    with database.session() as session:
        assert jobs.take_back_abandoned(session) == 0
        assert jobs.take_back_from_dead_processes(session) == 0


def test_a_dead_process_of_this_machine_loses_its_job_at_once(any_library: Path):
    job_id = add_found()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = jobs.worker_name().rpartition(":")[0]
    hold(job_id, worker=f"{host}:{ended.pid}", lease_s=60)
    with database.session() as session:
        assert jobs.take_back_from_dead_processes(session) == 1
    assert read(job_id)[0].status is JobStatus.QUEUED


def test_a_job_that_kills_its_worker_each_time_fails_in_the_end(library: Path):
    job_id = add_found()
    for attempt in range(1, 4):
        hold(job_id, worker="elsewhere:1", lease_s=-1, attempts=attempt)
        with database.session() as session:
            jobs.take_back_abandoned(session)
    job, recording = read(job_id)
    assert (job.status, job.error) == (JobStatus.FAILED, "its worker died 3 times")
    assert recording.status is Status.FAILED


def test_the_result_of_a_job_taken_back_meanwhile_is_dropped(library: Path):
    job_id = add_found()

    def lose_it(recording_id: int, report) -> jobs.Outcome:
        hold(job_id, worker="elsewhere:1", lease_s=60)
        return jobs.Outcome()

    jobs.run_job(job_id, lose_it)
    job, recording = read(job_id)
    assert (job.status, recording.status) == (JobStatus.RUNNING, Status.FETCHING)


def test_covers_wait_for_their_reference(library: Path):
    cover, reference = add_found(), add_found(Role.REFERENCE, "reference.mp4")
    jobs.run_job(cover, succeed)
    with database.session() as session:
        assert [job.stage for job in jobs.due_jobs(session)] == [Stage.FETCH]  # the reference's
    jobs.run_job(reference, succeed)
    with database.session() as session:
        assert [job.stage for job in jobs.due_jobs(session)] == [Stage.ANALYSE]
        analyse = jobs.due_jobs(session)[0].id
    jobs.run_job(analyse, succeed)
    with database.session() as session:
        assert [job.stage for job in jobs.due_jobs(session)] == [Stage.SCREEN]


def test_a_second_message_does_not_skip_the_pause_before_the_next_attempt(any_library: Path):
    def stumble(recording_id: int, report) -> jobs.Outcome:
        raise SourceError("HTTP 429")

    job_id = add_found()
    assert jobs.run_job(job_id, stumble)
    assert not jobs.run_job(job_id, stumble)
    assert read(job_id)[0].attempts == 1


def test_two_dispatchers_never_send_the_same_job(any_library: Path):
    add_found()
    with database.session() as first:
        taken = jobs.due_jobs(first)
        if first.get_bind().dialect.name == "postgresql":  # SQLite lets one in at a time
            with database.session() as second:
                assert jobs.due_jobs(second) == []
        assert len(taken) == 1


def test_a_job_that_ends_while_it_is_looked_at_is_not_taken_back(
    library: Path, request, monkeypatch
):
    address = request.getfixturevalue("postgres_server")
    monkeypatch.setenv("COVERS_DATABASE_URL", address)
    forget_settings()
    database.upgrade()
    job_id = add_found()
    hold(job_id, worker=jobs.worker_name(), lease_s=-1)
    with database.session() as finishing:
        job = finishing.get_one(Job, job_id, with_for_update=True)
        with database.session() as sweeping:
            assert jobs.take_back_abandoned(sweeping) == 0
        job.status = JobStatus.DONE
    assert read(job_id)[0].status is JobStatus.DONE
    database.downgrade("base")


def test_one_active_job_per_recording_and_stage(any_library: Path):
    job_id = add_found()
    with database.session() as session:
        recording = session.get_one(Job, job_id).recording
        assert jobs.enqueue(session, recording, Stage.FETCH).id == job_id


def hold(job_id: int, *, worker: str, lease_s: float, attempts: int = 1) -> None:
    """Put a job into the hands of a worker."""
    with database.session() as session:
        session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(
                status=JobStatus.RUNNING,
                worker=worker,
                attempts=attempts,
                lease_until=utc_now() + timedelta(seconds=lease_s),
            )
        )
