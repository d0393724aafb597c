"""Turns at hosts as a download takes them: nobody waits, and a failing host costs no attempt."""

from pathlib import Path

import pytest

from catalog import database
from catalog.errors import HostError, PostponedError, UnavailableError
from catalog.jobs import enqueue, run_job
from catalog.lifecycle import HostState, Stage, Status
from catalog.models import Host, Job, Recording, utc_now
from catalog.settings import get_settings
from ingest.politeness import turn_at_host
from tests.catalog.covers import insert_cover

ADDRESS = "https://www.youtube.com/watch?v=a"


def host() -> Host:
    with database.reading() as session:
        return session.get_one(Host, "youtube.com")


def visit() -> None:
    with turn_at_host(ADDRESS):
        pass


def refuse() -> None:
    with turn_at_host(ADDRESS):
        raise HostError("HTTP Error 429", refuses=True, retry_after_s=600)


def test_a_host_is_left_alone_for_a_while(library: Path):
    visit()
    with pytest.raises(PostponedError, match="a moment ago") as caught:
        visit()
    assert caught.value.until is not None
    assert 9 < (caught.value.until - utc_now()).total_seconds() <= 20
    with turn_at_host("https://example.net/a"):
        pass


def test_a_host_of_the_owner_needs_no_pause(web):
    for _ in range(2):
        with turn_at_host(web.address("/a")):
            pass


def test_what_is_missing_there_says_that_the_host_works(library: Path):
    with pytest.raises(UnavailableError), turn_at_host(ADDRESS):
        raise UnavailableError("HTTP Error 404")
    assert (host().state, host().last_success_at is not None) == (HostState.WORKING, True)


def test_a_refusal_pauses_the_host_for_everybody(library: Path):
    with pytest.raises(HostError) as caught:
        refuse()
    assert caught.value.until == host().next_probe_at
    assert (host().state, host().cause) == (HostState.PAUSED, "HTTP Error 429")
    with pytest.raises(PostponedError, match="paused: HTTP Error 429"):
        visit()


def test_attempts_that_a_dying_host_cost_are_given_back(library: Path, monkeypatch):
    monkeypatch.setenv("COVERS_HOST_PAUSE_S", "0")
    get_settings.cache_clear()
    job_ids = []
    for name in "abc":
        cover_id = insert_cover(Status.DISCOVERED, name=name)
        with database.session() as session:
            job = enqueue(session, session.get_one(Recording, cover_id), Stage.FETCH)
            job_ids.append(job.id)

    def no_answer(recording_id: int, report) -> None:
        with turn_at_host(ADDRESS):
            raise HostError("no answer")

    attempts = []
    for job_id in job_ids:
        run_job(job_id, no_answer)
        with database.reading() as session:
            attempts.append([session.get_one(Job, each).attempts for each in job_ids])
    assert attempts == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    assert host().state is HostState.PAUSED
