"""A small library on disk and a client of the real application over it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from catalog import database
from catalog.account_models import UserRole
from catalog.accounts import add_user
from catalog.audit import COMMAND
from catalog.lifecycle import Status
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song
from tests.webapp.desk import PASSWORD

BEATS_S = [0.5 + 0.5 * beat for beat in range(40)]
EVIL = '<script>alert("x")</script>'
RIGHT_TO_LEFT = "\u202eevil\u202c שיר"


@dataclass(frozen=True)
class Ids:
    """Recordings of the test song by what is special about them."""

    reference: int
    plain: int
    talking: int
    private: int
    in_review: int
    mapless: int


@pytest.fixture
def app(library: Path) -> APIFlask:
    from webapp.app import create_app

    return create_app()


@pytest.fixture
def client(app: APIFlask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def ids(library: Path, tmp_path: Path) -> Ids:
    """One song in every state that the API has to tell apart."""
    media = tmp_path / "take.m4a"
    media.write_bytes(bytes(range(256)) * 40)
    poster = tmp_path / "still.jpg"
    poster.write_bytes(b"\xff\xd8\xff\xe0 not much of a picture")
    straight = TimeMap((Segment.of(BEATS_S, [1 + 1.25 * each for each in BEATS_S]),))
    two_parts = TimeMap(
        (
            Segment.of([10, 11, 12], [2, 3, 4], [0.9, 0.5, 0.1]),
            Segment.of([0.5, 1.0004, 1.0008], [8, 9, 9.0004]),
        )
    )
    common = {"duration_s": 21.5, "media": media}
    reference = Entry(
        "The original",
        **common,
        poster=poster,
        performer="The Band",
        has_video=True,
        beats_s=BEATS_S,
        downbeats_s=BEATS_S[::4],
        sections=[{"start_s": 0.5, "end_s": 20.0, "label": "verse", "confidence": 1.0}],
    )
    covers = [
        Entry(EVIL, **common, performer=RIGHT_TO_LEFT, time_map=straight, tags=("piano", "calm")),
        Entry("Talks first", **common, time_map=two_parts, tags=("piano",), confidence=0.6),
        Entry("Private", **common, time_map=straight, hosted=False, poster=poster),
        Entry(
            "Waiting",
            **common,
            time_map=straight,
            status=Status.IN_REVIEW,
            reason="confidence 0.31 is below 0.50",
        ),
        Entry("Without a map", **common),
    ]
    return Ids(*insert_song("test-song", "Test Song", reference, covers))


@pytest.fixture
def people(library: Path, cheap_passwords: None) -> None:
    """An admin and a curator."""
    with database.session() as session:
        for role in UserRole:
            add_user(session, role.value, PASSWORD, role, actor=COMMAND)
