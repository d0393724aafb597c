"""Media that nobody needs goes; what is needed stays."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from catalog import database
from catalog.errors import StorageError
from catalog.lifecycle import Role, Status
from catalog.models import Recording, utc_now
from catalog.settings import get_settings
from catalog.storage import check_free_space, media_bytes
from ingest.janitor import clean
from tests.catalog.covers import insert_cover


def insert(library: Path, name: str, status: Status, *, days_ago: float, **values: object) -> int:
    cover_id = insert_cover(status, name=name)
    folder = library / "media" / str(cover_id)
    folder.mkdir(parents=True)
    (folder / "media.ogg").write_bytes(b"\0" * 1024 * 1024)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        cover.media_file = f"{cover_id}/media.ogg"
        cover.status_at = utc_now() - timedelta(days=days_ago)
        for key, value in values.items():
            setattr(cover, key, value)
    return cover_id


def kept(library: Path) -> set[str]:
    return {each.parent.name for each in (library / "media").rglob("media.ogg")}


def test_media_goes_some_days_after_the_decision(library: Path):
    gone = insert(library, "a", Status.PUBLISHED, days_ago=8)
    stays = {
        insert(library, "b", Status.PUBLISHED, days_ago=6),
        insert(library, "c", Status.PUBLISHED, days_ago=8, hosted=True),
        insert(library, "d", Status.IN_REVIEW, days_ago=80),
        insert(library, "e", Status.PUBLISHED, days_ago=80, role=Role.REFERENCE),
    }
    cleaned = clean()
    assert (cleaned.dropped, cleaned.freed_bytes) == (1, 1024 * 1024)
    assert kept(library) == {str(each) for each in stays}
    with database.reading() as session:
        assert session.get_one(Recording, gone).media_file is None


def test_where_space_is_short_the_oldest_decisions_pay_first(library: Path, monkeypatch):
    for number in range(14):
        insert(library, str(number), Status.REJECTED, days_ago=5 - number / 4)
    monkeypatch.setenv("COVERS_MEDIA_BUDGET_MIB", "6")
    monkeypatch.setenv("COVERS_MAX_MEDIA_MIB", "1")
    get_settings.cache_clear()
    with pytest.raises(StorageError, match="more than the 6 MiB of COVERS_MEDIA_BUDGET_MIB"):
        check_free_space()
    clean()
    check_free_space()
    assert kept(library) == {str(number) for number in (11, 12, 13, 14)}
    assert media_bytes() == 4 * 1024 * 1024


def test_what_arrived_half_is_cleared_when_it_was_given_up(library: Path):
    incoming = library / "media" / ".incoming"
    for name, hours in (("1", 50), ("2", 1)):
        (incoming / name).mkdir(parents=True)
        half = incoming / name / "half.part"
        half.write_bytes(b"half")
        then = time.time() - hours * 3600
        os.utime(half, (then, then))
        os.utime(incoming / name, (then, then))
    assert clean().abandoned == 1
    assert [each.name for each in incoming.iterdir()] == ["2"]
