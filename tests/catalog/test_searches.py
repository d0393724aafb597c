"""Saved searches: what is accepted, and when they are due."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from catalog import database
from catalog.errors import InputError, NotFoundError, StateError
from catalog.lifecycle import JobStatus, SearchKind, Stage
from catalog.models import Job, Search, utc_now
from catalog.searches import (
    add_search,
    change_search,
    enqueue_due,
    list_searches,
    remove_search,
    run_now,
    set_enabled,
)
from catalog.songs import add_song


@pytest.fixture
def search_id(any_library: Path) -> int:
    with database.session() as session:
        song = add_song(session, "air")
        return add_search(session, song, SearchKind.YOUTUBE_SEARCH, " danny  boy ").id


def make_due(search_id: int, *, hours_ago: float) -> None:
    moment = utc_now() - timedelta(hours=hours_ago)
    with database.session() as session:
        session.execute(update(Search).where(Search.id == search_id).values(next_run_at=moment))


def test_missed_runs_are_caught_up_once(search_id: int):
    make_due(search_id, hours_ago=24 * 9)
    with database.session() as session:
        assert enqueue_due(session) == 1
        assert enqueue_due(session) == 0
        job = session.scalars(select(Job)).one()
        assert (job.stage, job.search_id, job.recording_id) == (Stage.DISCOVER, search_id, None)
        following = session.get_one(Search, search_id).next_run_at
    assert following is not None
    assert timedelta(hours=23.9) < following - utc_now() < timedelta(hours=26.5)


def test_a_paused_search_runs_only_when_it_is_told_to(search_id: int):
    make_due(search_id, hours_ago=1)
    with database.session() as session:
        set_enabled(session, search_id, False)
        assert enqueue_due(session) == 0
        assert run_now(session, search_id).id == run_now(session, search_id).id


def test_a_removed_search_takes_its_jobs_with_it(search_id: int):
    with database.session() as session:
        run_now(session, search_id)
    with database.session() as session:
        remove_search(session, search_id)
        assert list_searches(session) == []
        assert session.scalars(select(Job).where(Job.status == JobStatus.QUEUED)).all() == []
        with pytest.raises(NotFoundError, match=f"no search {search_id}"):
            remove_search(session, search_id)


def test_a_period_counts_from_the_last_run(search_id: int):
    with database.session() as session:
        session.get_one(Search, search_id).last_run_at = utc_now() - timedelta(hours=10)
        change_search(session, search_id, every_h=12, max_listed=10, max_new=5)
        following = session.get_one(Search, search_id).next_run_at
        assert following is not None
        assert timedelta(hours=1.9) < following - utc_now() < timedelta(hours=3.3)
        change_search(session, search_id, every_h=None, max_listed=10, max_new=5)
        assert session.get_one(Search, search_id).next_run_at is None


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (SearchKind.YOUTUBE_HASHTAG, "#DannyBoy", "dannyboy"),
        (SearchKind.YOUTUBE_CHANNEL, "@somebody", "https://www.youtube.com/@somebody"),
        (SearchKind.YOUTUBE_SEARCH, " Danny\n Boy ", "Danny Boy"),
        (SearchKind.ADDRESS, "https://example.org/feed", "https://example.org/feed"),
        (SearchKind.PERFORMERS, "", ""),
        (SearchKind.FOLDER, "/tmp/../tmp", "/tmp"),
    ],
)
def test_queries_are_kept_in_one_form(library: Path, kind, given, kept):
    with database.session() as session:
        song = add_song(session, "air")
        assert add_search(session, song, kind, given).query == kept
        with pytest.raises(StateError, match="has this search already"):
            add_search(session, song, kind, given)


@pytest.mark.parametrize(
    ("kind", "query", "options", "message"),
    [
        (SearchKind.YOUTUBE_SEARCH, " ", {}, "asks words"),
        (SearchKind.YOUTUBE_HASHTAG, "two words", {}, "asks one hashtag"),
        (SearchKind.YOUTUBE_CHANNEL, "https://evil.example/@x", {}, "asks a channel's address"),
        (SearchKind.ADDRESS, "file:///etc/passwd", {}, "asks an address"),
        (SearchKind.FOLDER, "/no/such/folder", {}, "asks a folder"),
        (SearchKind.PEERTUBE_SEARCH, "danny boy", {}, "give its address"),
        (SearchKind.YOUTUBE_SEARCH, "x", {"instance": "https://a.example"}, "has none"),
        (SearchKind.YOUTUBE_SEARCH, "x", {"max_new": 60}, "60 new ones"),
        (SearchKind.YOUTUBE_SEARCH, "x", {"every_h": 0.1}, "every 0.1 hours"),
        (SearchKind.YOUTUBE_SEARCH, "x", {"hosted": True}, "not yours to serve"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(library, kind, query, options, message):
    with database.session() as session:
        song = add_song(session, "air")
        with pytest.raises(InputError, match=message):
            add_search(session, song, kind, query, **options)
