"""Turns at a host, and the circuit breaker that all workers share."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from catalog import database, jobs
from catalog.errors import ErrorClass, HostError, NotFoundError, PostponedError
from catalog.hosts import (
    end_turn,
    host_of,
    list_hosts,
    note_failure,
    note_success,
    resume_host,
    take_turn,
)
from catalog.lifecycle import HostState, JobStatus, SearchKind, Stage, Status
from catalog.models import Host, Job, Recording, utc_now
from catalog.searches import add_search, run_now
from tests.catalog.covers import insert_cover, status_of

NAME = "youtube.com"


def state() -> HostState:
    with database.reading() as session:
        return session.get_one(Host, NAME).state


def let_time_pass() -> None:
    past = utc_now() - timedelta(seconds=1)
    with database.session() as session:
        session.execute(update(Host).values(next_probe_at=past, next_request_at=past))


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.youtube.com/watch?v=x", "youtube.com"),
        ("https://youtu.be/x", "youtube.com"),
        ("http://me:secret@Example.org:8080/x", "example.org:8080"),
        ("/a/file.mp4", None),
        ("http://[half", None),
    ],
)
def test_the_names_of_a_host_are_one(address: str, name: str | None):
    assert host_of(address) == name


def test_a_refusal_pauses_the_host_for_as_long_as_it_asked(any_library: Path):
    with database.session() as session:
        until, _ = note_failure(session, NAME, HostError("429", refuses=True, retry_after_s=900))
    assert timedelta(seconds=890) < until - utc_now() <= timedelta(seconds=900)
    with database.session() as session, pytest.raises(PostponedError, match="paused: 429"):
        take_turn(session, NAME, "w:1")


def test_failures_in_a_row_pause_it_and_one_success_ends_them(any_library: Path):
    for expected in (HostState.WORKING, HostState.WORKING, HostState.PAUSED):
        with database.session() as session:
            note_failure(session, NAME, HostError("no answer"))
        assert state() is expected
    let_time_pass()
    with database.session() as session:
        take_turn(session, NAME, "w:1")
    assert state() is HostState.PROBING
    with database.session() as session:
        note_success(session, NAME)
        host = list_hosts(session)[0]
        assert (host.state, host.failures, host.cause) == (HostState.WORKING, 0, None)


def test_a_probe_that_fails_doubles_the_pause(library: Path):
    pauses = []
    for _ in range(3):
        with database.session() as session:
            until, _ = note_failure(session, NAME, HostError("HTTP 403", refuses=True))
        pauses.append((until - utc_now()).total_seconds())
        let_time_pass()
        with database.session() as session:
            take_turn(session, NAME, "w:1")
    assert [round(pauses[n + 1] / pauses[n]) for n in range(2)] == [2, 2]


def test_one_page_that_is_always_broken_pauses_nobody(any_library: Path):
    for _ in range(7):
        with database.session() as session:
            error = HostError("HTTP 500", doubtful=True)
            until, costs_attempt = note_failure(session, NAME, error, address="/a")
        assert (state(), costs_attempt) == (HostState.WORKING, True)
    assert until - utc_now() > timedelta(minutes=9)


def test_several_broken_pages_are_the_host_s_fault_and_cost_nothing(any_library: Path):
    ends = []
    for address in "aabcb":
        with database.session() as session:
            error = HostError("HTTP 502", doubtful=True)
            _, costs_attempt = note_failure(session, NAME, error, address=address)
        ends.append((state(), costs_attempt))
    working, paused = (HostState.WORKING, True), (HostState.PAUSED, False)
    assert ends == [working, working, working, paused, paused]


def test_two_broken_pages_do_not_pause_their_host_for_ever(any_library: Path):
    for address in "abab":
        with database.session() as session:
            error = HostError("HTTP 500", doubtful=True)
            _, costs_attempt = note_failure(session, NAME, error, address=address)
        assert (state(), costs_attempt) == (HostState.WORKING, True)


def test_a_broken_page_that_probes_alone_runs_out_of_attempts(any_library: Path):
    ends = []
    for _ in range(2):
        with database.session() as session:
            error = HostError("HTTP 500", doubtful=True)
            until, costs_attempt = note_failure(session, NAME, error, address="/a")
            host = session.get_one(Host, NAME)
            assert host.next_probe_at is None or until > host.next_probe_at, "others try first"
        ends.append(costs_attempt)
        with database.session() as session:
            note_failure(session, NAME, HostError("HTTP 429", refuses=True), address="/a")
        let_time_pass()
    assert ends == [True, True]


def test_what_a_host_asks_for_has_a_limit(library: Path):
    with database.session() as session:
        until, _ = note_failure(
            session, NAME, HostError("429", refuses=True, retry_after_s=10.0**9)
        )
    assert until - utc_now() <= timedelta(days=1)


def test_two_workers_take_turns_with_a_pause_between(any_library: Path):
    cover_id = insert_cover(Status.FETCHING)
    with database.session() as session:
        job = Job(recording_id=cover_id, stage=Stage.RECHECK, status=JobStatus.RUNNING)
        job.worker = "w:1"
        session.add(job)
        take_turn(session, NAME, "w:1")
    with database.session() as session, pytest.raises(PostponedError, match="is busy"):
        take_turn(session, NAME, "w:2")
    with database.session() as session:
        end_turn(session, NAME, "w:1", pause_s=10)
    with database.session() as session, pytest.raises(PostponedError, match="a moment ago"):
        take_turn(session, NAME, "w:2")
    let_time_pass()
    with database.session() as session:
        take_turn(session, NAME, "w:2")


def test_a_worker_that_died_holds_nothing(library: Path):
    with database.session() as session:
        take_turn(session, NAME, "dead:1")
    with database.session() as session:
        take_turn(session, NAME, "w:2")


def test_a_paused_host_keeps_its_jobs_from_being_sent(any_library: Path):
    cover_id = insert_cover(Status.DISCOVERED)
    with database.session() as session:
        jobs.enqueue(session, session.get_one(Recording, cover_id), Stage.FETCH)
        assert len(jobs.due_jobs(session)) == 1
        note_failure(session, NAME, HostError("HTTP 429", refuses=True))
    with database.session() as session:
        assert jobs.due_jobs(session) == []
        resume_host(session, NAME)
    with database.session() as session:
        assert len(jobs.due_jobs(session)) == 1
        with pytest.raises(NotFoundError, match="nowhere"):
            resume_host(session, "nowhere")


def test_a_hosts_failure_costs_no_attempt_however_often(library: Path):
    cover_id = insert_cover(Status.DISCOVERED)
    with database.session() as session:
        job_id = jobs.enqueue(session, session.get_one(Recording, cover_id), Stage.FETCH).id

    def refuse(recording_id: int, report) -> jobs.Outcome:
        error = HostError("HTTP 429")
        error.until = utc_now()
        raise error

    for _ in range(7):
        assert jobs.run_job(job_id, refuse)
    with database.reading() as session:
        job = session.get_one(Job, job_id)
    assert (job.attempts, job.status, status_of(cover_id)) == (
        *(0, JobStatus.QUEUED, Status.DISCOVERED),
    )


def test_what_waited_for_a_host_goes_on_when_it_is_resumed(any_library: Path):
    cover_id = insert_cover(Status.DISCOVERED)
    with database.session() as session:
        until, _ = note_failure(session, NAME, HostError("429", refuses=True, retry_after_s=3600))
        cover = session.get_one(Recording, cover_id)
        search = add_search(session, cover.song, SearchKind.YOUTUBE_HASHTAG, "air")
        for job in (jobs.enqueue(session, cover, Stage.FETCH), run_now(session, search.id)):
            job.not_before, job.error_class = until, ErrorClass.NETWORK
    with database.session() as session:
        assert jobs.due_jobs(session) == []
        resume_host(session, NAME)
    with database.session() as session:
        due = [(each.stage, each.recording_id) for each in jobs.due_jobs(session)]
        assert due == [(Stage.FETCH, cover_id), (Stage.DISCOVER, None)]
