from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.errors import InputError, NotFoundError, StateError
from catalog.lifecycle import Role, Status
from catalog.models import Alignment, Job, Recording, RecordingHashtag
from catalog.songs import Found, add_recording, add_song, get_song, publish


def found(name: str, **more) -> Found:
    return Found(source="folder", source_id=name, location=name, title=name, **more)


def add_cover(session, song, name: str, status: Status, aligned: bool = True) -> Recording:
    cover = add_recording(session, song, found(name), role=Role.COVER, hosted=True)
    assert cover is not None
    cover.status = status
    if aligned:
        session.add(
            Alignment(
                recording_id=cover.id,
                model="test",
                confidence=0.4,
                transposition_semitones=0,
                tuning_cents=0,
                segments=[],
            )
        )
    session.flush()
    return cover


@pytest.mark.parametrize("slug", ["", "Air", "a b", "-a", "a--b", "ä", "../x"])
def test_a_slug_that_would_not_do_in_an_address_is_refused(library: Path, slug: str):
    with database.session() as session, pytest.raises(InputError, match="is not usable"):
        add_song(session, slug)


def test_a_slug_is_taken_once(library: Path):
    with database.session() as session:
        add_song(session, "air")
        with pytest.raises(StateError, match="already"):
            add_song(session, "air")
        with pytest.raises(NotFoundError, match="'sea'"):
            get_song(session, "sea")


def test_a_recording_is_added_once_and_its_fetching_queued(any_library: Path):
    with database.session() as session:
        song = add_song(session, "air")
        tags = (("piano", "title"), ("piano", "description"), ("live", "description"))
        first = add_recording(
            session, song, found("a", hashtags=tags), role=Role.COVER, hosted=False
        )
        assert first is not None
        assert add_recording(session, song, found("a"), role=Role.COVER, hosted=False) is None
        assert len(session.scalars(select(Job)).all()) == 1
        origins = session.scalars(select(RecordingHashtag.origin)).all()
        assert sorted(origins) == ["description", "title"]


def test_publish_takes_what_waits_in_review(library: Path):
    with database.session() as session:
        song = add_song(session, "air")
        waiting = add_cover(session, song, "a", Status.IN_REVIEW)
        add_cover(session, song, "b", Status.REJECTED)
        assert publish(session, song) == [waiting]
        assert waiting.status is Status.PUBLISHED


def test_publish_refuses_by_number_what_is_not_aligned(library: Path):
    with database.session() as session:
        song = add_song(session, "air")
        failed = add_cover(session, song, "a", Status.FAILED, aligned=False)
        with pytest.raises(StateError, match=f"cover {failed.id} is failed"):
            publish(session, song, [failed.id])
        with pytest.raises(NotFoundError, match="no cover 999"):
            publish(session, song, [999])
