from pathlib import Path

from alembic import command
from sqlalchemy import inspect, select, update

from catalog import database
from catalog.lifecycle import Role
from catalog.models import Recording
from catalog.songs import Found, add_song, insert_recording


def tables() -> set[str]:
    return set(inspect(database.get_engine()).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_what_the_models_say(any_library: Path):
    with database.get_engine().begin() as connection:
        command.check(database._alembic_config(connection))  # raises when they differ


def test_every_migration_can_be_undone_and_done_again(any_library: Path):
    there = tables()
    assert "recordings" in there
    database.downgrade("base")
    assert tables() == set()
    database.upgrade()
    assert tables() == there


def test_recordings_from_before_the_harvest_get_the_host_that_is_asked(any_library: Path):
    locations = {
        "https://youtu.be/dQw4w9WgXcQ": "youtube.com",
        "http://127.0.0.1:8001/air.ogg": "127.0.0.1:8001",
        "https://www.example.org/air": "example.org",
        "http://[half": None,
        "/srv/covers/air.wav": None,
    }
    with database.session() as session:
        song = add_song(session, "air")
        for each in locations:
            found = Found(source="web", source_id=each, location=each, title="air")
            insert_recording(session, song, found, role=Role.COVER, hosted=False)
        session.execute(update(Recording).values(host=None))
    database.downgrade("20261124_listeners")
    database.upgrade()
    with database.reading() as session:
        hosts = dict(session.execute(select(Recording.location, Recording.host)).all())
    assert hosts == locations
