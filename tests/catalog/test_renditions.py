"""Which covers get a rendition, and when one does not hold any more."""

from datetime import timedelta
from pathlib import Path

import pytest

from catalog import database
from catalog.audit import Actor
from catalog.errors import CoversError, StateError
from catalog.jobs import run_job
from catalog.lifecycle import JobStatus, Stage, Status
from catalog.models import Alignment, Job, Recording
from catalog.renditions import (
    Rendition,
    check_may_have_one,
    enqueue_renditions,
    find_rendition,
    forget_rendition,
)
from catalog.retrying import retry_recording
from catalog.withdrawal import take_down
from tests.catalog.covers import insert_cover, status_of, waiting_stages


def insert_hosted(name: str = "a", **fields: object) -> int:
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9, name=name)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        cover.hosted, cover.media_file, cover.media_sha256 = True, f"{cover_id}/media.m4a", "ab"
        for field, value in fields.items():
            setattr(cover, field, value)
    return cover_id


def enqueue() -> int:
    with database.session() as session:
        return enqueue_renditions(session)


def render(cover_id: int) -> None:
    """What a worker keeps, without the sound."""
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        assert cover.alignment is not None
        session.merge(
            Rendition(
                recording_id=cover_id,
                file=f"{cover_id}/steady.m4a",
                media_type="audio/mp4",
                sha256="cd",
                semitones=0.0,
                segments=[],
                aligned_at=cover.alignment.created_at,
                media_sha256=cover.media_sha256,
            )
        )


def end_job(cover_id: int, status: JobStatus) -> None:
    with database.session() as session:
        for job in session.get_one(Recording, cover_id).jobs:
            if job.stage is Stage.RENDER:
                job.status = status


def has_rendition(cover_id: int) -> bool:
    with database.reading() as session:
        return find_rendition(session, session.get_one(Recording, cover_id)) is not None


def test_a_published_hosted_cover_is_queued_once(any_library: Path):
    cover_id = insert_hosted()
    assert enqueue() == 1
    assert waiting_stages(cover_id) == [Stage.RENDER]
    assert enqueue() == 0
    render(cover_id)
    end_job(cover_id, JobStatus.DONE)
    assert has_rendition(cover_id)
    assert enqueue() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"hosted": False},
        {"status": Status.IN_REVIEW},
        {"media_file": None},
        {"licence": "CC BY-NC-ND 4.0"},
        {"licence": "Creative Commons Attribution-NoDerivatives"},
        {"licence": "https://creativecommons.org/licenses/by-nd/4.0/"},
    ],
)
def test_what_may_not_be_served_or_changed_gets_none(library: Path, fields: dict[str, object]):
    insert_hosted(**fields)
    assert enqueue() == 0


def test_a_licence_that_allows_changes_or_says_nothing_is_no_obstacle(library: Path):
    insert_hosted("a", licence="CC BY 4.0")
    insert_hosted("b", licence=None)
    assert enqueue() == 2


def test_a_new_map_or_other_media_ends_a_rendition_and_queues_the_next(any_library: Path):
    cover_id = insert_hosted()
    render(cover_id)
    with database.session() as session:
        alignment = session.get_one(Recording, cover_id).alignment
        assert alignment is not None
        alignment.created_at += timedelta(seconds=1)
    assert not has_rendition(cover_id)
    assert enqueue() == 1
    end_job(cover_id, JobStatus.DONE)
    render(cover_id)
    assert has_rendition(cover_id)
    with database.session() as session:
        session.get_one(Recording, cover_id).media_sha256 = "ef"
    assert not has_rendition(cover_id)
    assert enqueue() == 1


def test_what_failed_is_tried_again_only_for_a_new_map(library: Path):
    cover_id = insert_hosted()
    assert enqueue() == 1
    end_job(cover_id, JobStatus.FAILED)
    assert enqueue() == 0
    with database.session() as session:
        session.query(Alignment).one().created_at += timedelta(days=1)
    assert enqueue() == 1


def test_a_rendition_that_fails_leaves_the_cover_published(library: Path):
    cover_id = insert_hosted()
    enqueue()
    with database.reading() as session:
        job_id = session.query(Job).filter(Job.stage == Stage.RENDER).one().id

    def fail(recording_id: int, report: object) -> None:
        raise StateError("no such thing")

    run_job(job_id, fail)
    assert status_of(cover_id) is Status.PUBLISHED
    end_job(cover_id, JobStatus.FAILED)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        cover.status = Status.FAILED
        assert retry_recording(session, cover).stage is Stage.FETCH


def test_a_takedown_takes_the_rendition_along(library: Path):
    cover_id = insert_hosted()
    render(cover_id)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        folders = take_down(session, cover, reason="asked", actor=Actor("ann"))
        assert library / "media" / str(cover_id) in folders
        assert session.get(Rendition, cover_id) is None


def test_forgetting_tells_which_file_is_left(library: Path):
    cover_id = insert_hosted()
    render(cover_id)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        assert forget_rendition(session, cover) == f"{cover_id}/steady.m4a"
        assert forget_rendition(session, cover) is None
    assert not has_rendition(cover_id)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"hosted": False}, "is not hosted here: only what you may serve"),
        ({"media_file": None}, "has no map or no media"),
        ({"licence": "CC BY-ND 4.0"}, "allows no changed versions"),
    ],
)
def test_refusals_say_why(library: Path, fields: dict[str, object], refusal: str):
    cover_id = insert_hosted(**fields)
    with database.reading() as session, pytest.raises(CoversError, match=refusal):
        check_may_have_one(session.get_one(Recording, cover_id))
