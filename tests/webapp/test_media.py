"""Media: ranges, types and caching for what is hosted and published; nothing else at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalog import database
from catalog.models import Recording
from tests.webapp.conftest import Ids


def media_url(client: FlaskClient) -> str:
    return str(client.get("/api/v1/songs/test-song").get_json()["reference"]["media_url"])


def test_media_of_the_reference_is_served_whole(client: FlaskClient, ids: Ids) -> None:
    answer = client.get(f"/media/{ids.reference}")
    assert answer.status_code == 200
    assert answer.mimetype == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert len(answer.data) == 10240


@pytest.mark.parametrize(
    ("wanted", "first", "length"),
    [("bytes=0-9", 0, 10), ("bytes=10230-", 10230, 10), ("bytes=-5", 10235, 5)],
)
def test_byte_ranges_are_answered(
    client: FlaskClient, ids: Ids, wanted: str, first: int, length: int
) -> None:
    answer = client.get(f"/media/{ids.reference}", headers={"Range": wanted})
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + length - 1}/10240"
    assert len(answer.data) == length


def test_a_range_beyond_the_end_is_refused(client: FlaskClient, ids: Ids) -> None:
    answer = client.get(f"/media/{ids.reference}", headers={"Range": "bytes=99999-"})
    assert answer.status_code == 416


def test_an_address_that_names_the_contents_may_be_kept_for_ever(
    client: FlaskClient, ids: Ids
) -> None:
    assert "immutable" in client.get(media_url(client)).headers["Cache-Control"]
    for version in ("", "?v=", "?v=00000000"):
        path = f"/media/{ids.reference}{version}"
        assert client.get(path).headers["Cache-Control"] == "no-cache"


def test_poster_is_served(client: FlaskClient, ids: Ids) -> None:
    answer = client.get(f"/posters/{ids.reference}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")


VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nla\n"


def add_captions(library: Path, recording_id: int, *names: str) -> None:
    for name in names:
        (library / "media" / str(recording_id) / name).write_text(f"{VTT}{name}")


@pytest.mark.parametrize(
    ("there", "asked", "served"),
    [
        (["captions.vtt", "captions.de.vtt"], "de", "captions.de.vtt"),
        (["captions.vtt", "captions.de.vtt"], "fr", "captions.vtt"),
        (["captions.de.vtt", "captions.pt-br.vtt"], "", "captions.de.vtt"),
        (["captions.vtt"], "../../secret", "captions.vtt"),
    ],
)
def test_captions_come_in_the_language_asked_for(
    client: FlaskClient, ids: Ids, library: Path, there: list[str], asked: str, served: str
) -> None:
    add_captions(library, ids.plain, *there)
    answer = client.get(f"/captions/{ids.plain}", query_string={"language": asked})
    assert answer.mimetype == "text/vtt"
    assert answer.get_data(as_text=True) == VTT + served


def test_without_captions_there_is_nothing_and_no_error(client: FlaskClient, ids: Ids) -> None:
    assert client.get(f"/captions/{ids.plain}").status_code == 204


def test_captions_of_private_media_are_not_there(
    client: FlaskClient, ids: Ids, library: Path
) -> None:
    add_captions(library, ids.private, "captions.vtt")
    assert client.get(f"/captions/{ids.private}").status_code == 404
    assert client.get("/captions/999").status_code == 404


def test_private_media_is_not_there(client: FlaskClient, ids: Ids) -> None:
    for each in (ids.private, ids.in_review, 999, 99999999999999999999):
        assert client.get(f"/media/{each}").status_code == 404
        assert client.get(f"/posters/{each}").status_code == 404


def test_media_that_was_dropped_is_not_there(client: FlaskClient, ids: Ids, library: Path) -> None:
    (library / "media" / str(ids.plain) / "take.m4a").unlink()
    assert client.get(f"/media/{ids.plain}").status_code == 404


def test_a_row_cannot_point_outside_the_media_folder(
    client: FlaskClient, ids: Ids, library: Path
) -> None:
    assert (library / "catalog.sqlite3").is_file()
    with database.session() as session:
        session.get_one(Recording, ids.plain).media_file = "../catalog.sqlite3"
    assert client.get(f"/media/{ids.plain}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/media/../catalog.sqlite3",
        "/media/1/../../catalog.sqlite3",
        "/media/%2e%2e%2fcatalog.sqlite3",
        "/posters/..%2f..%2fcatalog.sqlite3",
        "/static/x/../../webapp/app.py",
        "/static/x/%2e%2e/%2e%2e/webapp/app.py",
        "/static/x//etc/passwd",
    ],
)
def test_no_path_leads_out(client: FlaskClient, ids: Ids, path: str) -> None:
    assert client.get(path, follow_redirects=True).status_code == 404
