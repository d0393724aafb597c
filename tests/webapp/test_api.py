"""The public API: what it tells, how it pages and caches, and how it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, select

from catalog import database
from catalog.models import Hashtag
from tests.webapp.conftest import BEATS_S, Ids

SONG = "/api/v1/songs/test-song"
HUGE = 99999999999999999999
"""More than an integer of any database holds."""


def cover_ids(client: FlaskClient, query: str = "") -> list[int]:
    return [each["id"] for each in client.get(f"{SONG}/covers{query}").get_json()["covers"]]


def test_songs_are_listed(client: FlaskClient, ids: Ids) -> None:
    answer = client.get("/api/v1/songs").get_json()
    assert [each["slug"] for each in answer["songs"]] == ["test-song"]
    assert answer["songs"][0]["cover_count"] == 2
    assert answer["songs"][0]["poster_url"].startswith(f"/posters/{ids.reference}?v=")


def test_empty_library_is_an_empty_list(client: FlaskClient) -> None:
    assert client.get("/api/v1/songs").get_json() == {"songs": []}


def test_song_has_the_timeline_of_its_reference_in_deltas(client: FlaskClient, ids: Ids) -> None:
    reference = client.get(SONG).get_json()["reference"]
    assert reference["beats_ms"] == [500] * len(BEATS_S)
    assert reference["downbeats_ms"] == [500] + [2000] * 9
    assert reference["sections"] == [{"start_ms": 500, "end_ms": 20000, "label": "verse"}]
    assert reference["duration_ms"] == 21500
    assert reference["has_video"] is True
    assert reference["licence"] == "CC0 1.0 Universal"


def test_only_playable_covers_are_offered(client: FlaskClient, ids: Ids) -> None:
    assert cover_ids(client) == [ids.plain, ids.talking]


def test_cover_says_how_it_fits(client: FlaskClient, ids: Ids) -> None:
    covers = client.get(f"{SONG}/covers").get_json()["covers"]
    assert covers[0]["tempo_ratio"] == 0.8
    assert covers[0]["confidence"] == 95
    assert covers[0]["tags"] == ["calm", "piano"]
    assert covers[1]["spans_ms"] == [[10000, 12000], [500, 1001]]


def test_covers_are_listed_without_reading_their_maps(client: FlaskClient, ids: Ids) -> None:
    statements: list[str] = []
    engine = database.get_engine()
    event.listen(engine, "before_cursor_execute", lambda *each: statements.append(each[2]))
    assert cover_ids(client) == [ids.plain, ids.talking]
    assert statements and not any("alignments.segments" in each for each in statements)


def test_covers_come_page_by_page(client: FlaskClient, ids: Ids) -> None:
    first = client.get(f"{SONG}/covers?limit=1").get_json()
    assert [each["id"] for each in first["covers"]] == [ids.plain]
    second = client.get(f"{SONG}/covers?limit=1&cursor={first['next_cursor']}").get_json()
    assert [each["id"] for each in second["covers"]] == [ids.talking]
    assert second["next_cursor"] is None


def test_covers_are_filtered_by_tag(client: FlaskClient, ids: Ids) -> None:
    assert cover_ids(client, "?tag=calm") == [ids.plain]
    assert cover_ids(client, "?tag=%23Piano") == [ids.plain, ids.talking]
    assert cover_ids(client, "?tag=kazoo") == []


@pytest.mark.parametrize("wanted", ["café", "Cafe\u0301", "\uff23AF\u00c9", "\uff03Café"])
def test_a_tag_is_found_in_every_unicode_form(client: FlaskClient, ids: Ids, wanted: str) -> None:
    with database.session() as session:
        hashtag = session.scalars(select(Hashtag).where(Hashtag.name == "calm")).one()
        hashtag.name = "caf\u00e9"
    found = client.get(f"{SONG}/covers", query_string={"tag": wanted}).get_json()["covers"]
    assert [each["id"] for each in found] == [ids.plain]


def test_time_map_is_compact_and_drops_knots_that_round_together(
    client: FlaskClient, ids: Ids
) -> None:
    answer = client.get(f"/api/v1/covers/{ids.talking}/time-map").get_json()
    assert answer["segments"] == [
        {
            "reference_ms": [10000, 1000, 1000],
            "cover_ms": [2000, 1000, 1000],
            "confidence": [90, 50, 10],
        },
        {"reference_ms": [500, 500], "cover_ms": [8000, 1000], "confidence": [100, 100]},
    ]


def test_hashtags_have_counts_and_origins(client: FlaskClient, ids: Ids) -> None:
    assert client.get(f"{SONG}/hashtags").get_json()["hashtags"] == [
        {"name": "piano", "covers": 2, "left": 2, "origins": {"description": 2}},
        {"name": "calm", "covers": 1, "left": 1, "origins": {"description": 1}},
    ]


def test_library_counts_by_status(client: FlaskClient, ids: Ids) -> None:
    answer = client.get("/api/v1/library").get_json()
    assert answer["songs"][0]["covers_by_status"] == {"in_review": 1, "published": 4}
    assert answer["songs"][0]["reference_status"] == "published"
    assert answer["jobs_by_status"] == {}


@pytest.mark.parametrize("path", [SONG, f"{SONG}/covers", "/api/v1/songs"])
def test_answers_are_revalidated_by_etag(client: FlaskClient, ids: Ids, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_time_map_is_revalidated_by_etag(client: FlaskClient, ids: Ids) -> None:
    path = f"/api/v1/covers/{ids.plain}/time-map"
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/nothing", 404, "not_found"),
        ("/api/v1/songs/nothing", 404, "not_found"),
        ("/api/v1/songs/nothing/covers", 404, "not_found"),
        ("/api/v1/covers/999/time-map", 404, "not_found"),
        ("/api/v1/covers/abc/time-map", 404, "not_found"),
        (f"/api/v1/covers/{HUGE}/time-map", 404, "not_found"),
        (f"{SONG}/covers?cursor={HUGE}", 422, "invalid_parameters"),
        (f"{SONG}/covers?limit=0", 422, "invalid_parameters"),
        (f"{SONG}/covers?limit=1000", 422, "invalid_parameters"),
        (f"{SONG}/covers?cursor=abc", 422, "invalid_parameters"),
        (f"{SONG}/covers?tag=", 422, "invalid_parameters"),
    ],
)
def test_every_refusal_has_one_shape(
    client: FlaskClient, ids: Ids, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert set(answer.get_json()) == {"error"}
    assert answer.get_json()["error"]["code"] == code
    assert answer.get_json()["error"]["message"]


def test_refused_parameter_is_named(client: FlaskClient, ids: Ids) -> None:
    message = client.get(f"{SONG}/covers?limit=1000").get_json()["error"]["message"]
    assert message.startswith("limit: ")


def test_writing_is_not_allowed(client: FlaskClient, ids: Ids) -> None:
    answer = client.post("/api/v1/songs")
    assert answer.status_code == 405
    assert answer.get_json()["error"]["code"] == "method_not_allowed"
    assert "GET" in answer.headers["Allow"]


def test_private_and_unpublished_covers_have_no_public_map(client: FlaskClient, ids: Ids) -> None:
    for each in (ids.private, ids.in_review, ids.mapless, ids.reference):
        assert client.get(f"/api/v1/covers/{each}/time-map").status_code == 404


@pytest.mark.parametrize(
    ("path", "said"),
    [("/api/v1/songs", "the database does not answer"), ("/", "The library does not answer")],
)
def test_a_database_that_is_down_is_unavailable(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str, said: str
) -> None:
    nowhere = create_engine(f"sqlite:///{tmp_path}/missing/catalog.sqlite3")
    with monkeypatch.context() as patched:
        patched.setattr(database, "get_engine", lambda: nowhere)
        answer = client.get(path)
    assert answer.status_code == 503
    assert said in answer.get_data(as_text=True)
    assert "unable to open" not in answer.get_data(as_text=True)
    if path.startswith("/api/"):
        assert answer.get_json()["error"]["code"] == "unavailable"


def test_a_fault_is_one_sentence_and_no_traceback(
    client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.api.cards", lambda session: 1 / 0)
    answer = client.get("/api/v1/songs")
    assert answer.status_code == 500
    assert answer.get_json()["error"]["code"] == "internal_error"
    assert b"Traceback" not in answer.data and b"division" not in answer.data
