"""The first page finds songs and performers by parts of their names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from catalog import database
from catalog.lifecycle import Status
from catalog.models import Recording
from catalog.orm import utc_now
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song
from tests.webapp.conftest import Ids


@pytest.fixture
def songs(library: Path, tmp_path: Path) -> None:
    """Two songs; three performers with covers to play, and one whose cover waits."""
    media = tmp_path / "take.m4a"
    media.write_bytes(b"sound")
    common = {
        "duration_s": 20.0,
        "media": media,
        "time_map": TimeMap((Segment.of([0.5, 1, 10], [0.5, 1, 10]),)),
    }
    reference = Entry("The original", duration_s=20.0, media=media, beats_s=[0.5, 1, 10])
    hot = [
        Entry("A", **common, performer="Zoë & the Ärzte"),
        Entry("B", **common, performer="zoe alone"),
        Entry("C", **common, performer="zoe alone"),
        Entry("D", **common, performer="Zoe Waits", status=Status.IN_REVIEW),
    ]
    insert_song("hot-song", "Été chaud", reference, hot)
    insert_song("cold-song", "Cold <b>Winter</b>", reference, [Entry("E", **common)])


def look(client: FlaskClient, text: str, **more: str) -> tuple[list[str], list[str], str]:
    """Songs, performers and the page that a search shows."""
    page = client.get("/", query_string={"find": text, **more}).get_data(as_text=True)
    shown = re.findall(r"<h2><bdi>(.*?)</bdi>", page)
    performers = re.findall(r'href="/performers/([^"?]*)', page)
    return shown, performers, page


@pytest.mark.parametrize(
    ("text", "shown", "performers"),
    [
        ("", ["Cold &lt;b&gt;Winter&lt;/b&gt;", "Été chaud"], []),
        ("ete", ["Été chaud"], []),
        ("CHAUD ÉT", ["Été chaud"], []),
        ("winter", ["Cold &lt;b&gt;Winter&lt;/b&gt;"], []),
        ("zoe", [], ["zoe%20alone", "Zo%C3%AB%20%26%20the%20%C3%84rzte"]),
        ("arzte", [], ["Zo%C3%AB%20%26%20the%20%C3%84rzte"]),
        ("zoe winter", [], []),
        ("...", ["Cold &lt;b&gt;Winter&lt;/b&gt;", "Été chaud"], []),
    ],
)
def test_names_are_found_by_their_parts(
    client: FlaskClient, songs: None, text: str, shown: list[str], performers: list[str]
) -> None:
    assert look(client, text)[:2] == (shown, performers)


def test_a_performer_that_is_found_has_a_page(client: FlaskClient, songs: None) -> None:
    _, performers, page = look(client, "zoe", language="de")
    assert "2 Cover" in page
    for each in performers:
        assert client.get(f"/performers/{each}").status_code == 200


def test_nothing_found_says_what_was_looked_for(client: FlaskClient, songs: None) -> None:
    shown, performers, page = look(client, '"><script>alert(1)</script>')
    assert not shown and not performers
    assert "<script>alert" not in page
    assert "is called \u201c&#34;&gt;&lt;script&gt;" in page
    assert ">Show everything</a>" in page


def test_a_search_keeps_the_language_and_its_text(client: FlaskClient, songs: None) -> None:
    page = look(client, "  zo\x1b\u00eb  ", language="de")[2]
    assert 'name="find" value="zo \u00eb"' in page
    assert 'name="language" value="de"' in page
    assert 'name="language"' not in look(client, "zoe")[2]


def test_an_endless_text_is_cut(client: FlaskClient, ids: Ids) -> None:
    page = look(client, "a" * 5000)[2]
    assert "a" * 80 in page and "a" * 81 not in page


def test_an_empty_library_has_nothing_to_find(client: FlaskClient) -> None:
    page = look(client, "anything")[2]
    assert 'role="search"' not in page and "covers demo" in page


def test_who_comes_is_found_at_once(client: FlaskClient, songs: None) -> None:
    assert look(client, "waits")[1] == []
    with database.session() as session:
        waiting = session.scalars(select(Recording).where(Recording.performer == "Zoe Waits")).one()
        waiting.status, waiting.status_at = Status.PUBLISHED, utc_now()
    assert look(client, "waits")[1] == ["Zoe%20Waits"]
