"""Renditions in the API and behind their own address, only while they hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from catalog import database
from catalog.models import Recording
from catalog.renditions import Rendition
from tests.webapp.conftest import Ids

SOUND = bytes(range(200))


def keep_rendition(library: Path, cover_id: int, **fields: object) -> None:
    path = library / "media" / str(cover_id) / "steady-abc.m4a"
    path.write_bytes(SOUND)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        assert cover.alignment is not None
        values: dict[str, Any] = {
            "recording_id": cover_id,
            "file": f"{cover_id}/{path.name}",
            "media_type": "audio/mp4",
            "sha256": "ab" * 32,
            "semitones": -2.04,
            "segments": [
                {"reference_s": [0.5, 9], "cover_s": [0.5, 9], "confidence": [0.9, 0.9]},
                {"reference_s": [12, 20], "cover_s": [12, 20], "confidence": [0.5, 0.5]},
            ],
            "aligned_at": cover.alignment.created_at,
            "media_sha256": cover.media_sha256,
        }
        session.add(Rendition(**(values | fields)))


def rendition_in_api(client: FlaskClient, cover_id: int) -> dict[str, Any] | None:
    covers = client.get("/api/v1/songs/test-song/covers").get_json()["covers"]
    found = next(each for each in covers if each["id"] == cover_id)["rendition"]
    return None if found is None else dict(found)


def test_a_cover_carries_its_rendition_with_its_map(
    client: FlaskClient, ids: Ids, library: Path
) -> None:
    keep_rendition(library, ids.plain)
    assert rendition_in_api(client, ids.plain) == {
        "media_url": f"/renditions/{ids.plain}?v={'ab' * 8}",
        "media_type": "audio/mp4",
        "transposition_semitones": -2,
        "segments": [
            {"reference_ms": [500, 8500], "cover_ms": [500, 8500], "confidence": [90, 90]},
            {"reference_ms": [12000, 8000], "cover_ms": [12000, 8000], "confidence": [50, 50]},
        ],
    }
    assert rendition_in_api(client, ids.talking) is None


def test_it_is_served_with_ranges_and_may_be_kept_for_ever(
    client: FlaskClient, ids: Ids, library: Path
) -> None:
    keep_rendition(library, ids.plain)
    address = f"/renditions/{ids.plain}"
    whole = client.get(f"{address}?v={'ab' * 8}")
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/mp4", SOUND)
    assert "immutable" in whole.headers["Cache-Control"]
    part = client.get(address, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, SOUND[10:20])
    assert part.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "change",
    [
        {"hosted": False},
        {"media_sha256": "of another file"},
        {"status": "in_review"},
    ],
)
def test_what_does_not_hold_or_is_not_public_is_not_there(
    client: FlaskClient, ids: Ids, library: Path, change: dict[str, object]
) -> None:
    keep_rendition(library, ids.plain)
    with database.session() as session:
        for name, value in change.items():
            setattr(session.get_one(Recording, ids.plain), name, value)
    assert client.get(f"/renditions/{ids.plain}").status_code == 404


def test_a_new_map_ends_it_at_once(client: FlaskClient, ids: Ids, library: Path) -> None:
    keep_rendition(library, ids.plain)
    with database.session() as session:
        alignment = session.get_one(Recording, ids.plain).alignment
        assert alignment is not None
        alignment.created_at += timedelta(seconds=1)
    assert rendition_in_api(client, ids.plain) is None
    assert client.get(f"/renditions/{ids.plain}").status_code == 404


def test_it_cannot_lead_outside_the_media_folder(
    client: FlaskClient, ids: Ids, library: Path
) -> None:
    keep_rendition(library, ids.plain, file="../catalog.sqlite3")
    assert (library / "catalog.sqlite3").is_file()
    assert client.get(f"/renditions/{ids.plain}").status_code == 404


def test_others_have_none(client: FlaskClient, ids: Ids) -> None:
    for each in (ids.reference, ids.plain, ids.private, 999, 99999999999999999999):
        assert client.get(f"/renditions/{each}").status_code == 404
