"""Covers that YouTube plays: offered with its player, and only their pages allow it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalog import database
from catalog.errors import SettingsError
from catalog.lifecycle import Status
from catalog.mixes import MixStep, add_mix
from catalog.settings import Settings, get_settings
from catalog.songs import get_song
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song
from webapp.app import create_app
from webapp.youtube import get_site

PLAYERS = "https://www.youtube-nocookie.com"
STILLS = "https://i.ytimg.com"
VIDEO = "dQw4w9WgX-_"
MAP = TimeMap((Segment.of([0.5, 10.0], [1.0, 12.0]),))
BEATS_S = [0.5 + 0.5 * each for each in range(20)]


def cover(title: str, **more: object) -> Entry:
    entry = {"hosted": False, "youtube_id": VIDEO, "time_map": MAP, "duration_s": 13} | more
    return Entry(title, **entry)  # type: ignore[arg-type]


@pytest.fixture
def song(library: Path, tmp_path: Path) -> list[int]:
    """A hosted Reference, a cover at YouTube, one still in review there, and odd ones."""
    media = tmp_path / "take.m4a"
    media.write_bytes(b"sound")
    reference = Entry("The original", 12, media, beats_s=BEATS_S)
    covers = [
        cover("at YouTube"),
        cover("in review", youtube_id="aaaaaaaaaaa", status=Status.IN_REVIEW),
        cover("no id", youtube_id="too short"),
        cover("odd id", youtube_id="x/../../evil"[:11]),
        cover("hosted too", youtube_id="bbbbbbbbbbb", hosted=True, media=media),
    ]
    return insert_song("air", "Air", reference, covers)


@pytest.fixture
def client(song: list[int]) -> Iterator[FlaskClient]:
    with create_app().test_client() as client:
        yield client


def covers_of(client: FlaskClient) -> dict[str, dict[str, object]]:
    listed = client.get("/api/v1/songs/air/covers").get_json()["covers"]
    return {each["title"]: each for each in listed}


def test_a_cover_of_youtube_is_offered_with_its_player(client: FlaskClient) -> None:
    found = covers_of(client)["at YouTube"]
    assert found["media_url"] is None
    assert found["has_video"] is True
    assert found["youtube"] == {
        "player_url": f"{PLAYERS}/embed/{VIDEO}",
        "still_url": f"{STILLS}/vi/{VIDEO}/hqdefault.jpg",
    }


def test_what_is_hosted_needs_no_player_of_youtube(client: FlaskClient) -> None:
    found = covers_of(client)["hosted too"]
    assert found["media_url"] is not None
    assert found["youtube"] is None


def test_what_is_in_review_or_has_no_id_is_not_offered(client: FlaskClient) -> None:
    found = covers_of(client)
    assert "in review" not in found and "no id" not in found


def test_an_odd_id_makes_no_address(client: FlaskClient) -> None:
    assert covers_of(client)["odd id"]["youtube"] is None


def test_its_map_and_page_are_public(client: FlaskClient, song: list[int]) -> None:
    assert client.get(f"/api/v1/covers/{song[1]}/time-map").status_code == 200
    assert "at YouTube" in client.get(f"/covers/{song[1]}").get_data(as_text=True)
    assert client.get(f"/media/{song[1]}").status_code == 404


def test_only_its_songs_stage_lets_youtube_in(client: FlaskClient, song: list[int]) -> None:
    insert_song("plain", "Plain", Entry("other", 12, beats_s=BEATS_S), [])
    stage = client.get("/songs/air")
    policy = stage.headers["Content-Security-Policy"]
    assert f"frame-src {PLAYERS};" in policy
    assert f"img-src 'self' data: {STILLS};" in policy
    assert "script-src 'self';" in policy
    assert 'data-youtube="single"' in stage.get_data(as_text=True)
    for path in ("/", "/songs/plain", f"/covers/{song[1]}", "/api/v1/songs/air/covers"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "youtube" not in policy and "frame-src" not in policy, path


def test_an_embedded_mix_of_it_may_be_framed_and_frame_youtube(
    client: FlaskClient, song: list[int]
) -> None:
    with database.session() as session:
        steps = [MixStep(0, song[1], 0)]
        air = get_song(session, "air")
        key = add_mix(session, air, name="Evening", duration_ms=5000, steps=steps).key
    policy = client.get(f"/embed/mixes/{key}").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and f"frame-src {PLAYERS}" in policy


def test_an_owner_can_do_without(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERS_YOUTUBE_MODE", "off")
    get_settings.cache_clear()
    assert list(covers_of(client)) == ["hosted too"]
    assert "frame-src" not in client.get("/songs/air").headers["Content-Security-Policy"]


def test_a_stand_in_replaces_both_hosts(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COVERS_YOUTUBE_STAND_IN", "127.0.0.1:9999")
    get_settings.cache_clear()
    policy = client.get("/songs/air").headers["Content-Security-Policy"]
    assert "frame-src http://127.0.0.1:9999;" in policy and "youtube" not in policy


@pytest.mark.parametrize(
    ("stand_in", "host"),
    [
        ("127.0.0.1:9999", "0.0.0.0"),
        ("evil.example:80", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1:80; script-src *", "127.0.0.1"),
    ],
)
def test_a_stand_in_stays_on_this_machine(stand_in: str, host: str) -> None:
    with pytest.raises(SettingsError, match="HOST:PORT on loopback"):
        get_site(Settings(youtube_stand_in=stand_in, host=host))
