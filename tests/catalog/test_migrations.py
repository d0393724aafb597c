from pathlib import Path

from alembic import command
from sqlalchemy import inspect, select, update

from catalog import database
from catalog.lifecycle import Role
from catalog.models import Alignment, Recording
from catalog.songs import Found, add_song, insert_recording
from catalog.time_map import Segment, TimeMap


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


def test_maps_from_before_their_summaries_get_them(any_library: Path):
    time_map = TimeMap((Segment.of([10, 12, 30.0004], [2, 3, 12]), Segment.of([1, 2], [20, 21])))
    with database.session() as session:
        song = add_song(session, "air")
        for number, segments in enumerate((time_map.to_json(), [])):
            found = Found(source="web", source_id=str(number), location="/air", title="air")
            insert_recording(
                session, song, found, role=Role.COVER, hosted=False
            ).alignment = Alignment(
                model="exact",
                confidence=0.5,
                transposition_semitones=0,
                tuning_cents=0.0,
                segments=segments,
            )
    columns = (Alignment.tempo_ratio, Alignment.spans_ms, Alignment.segments)
    query = select(*columns).order_by(Alignment.id)
    with database.reading() as session:
        before = session.execute(query).all()
    assert [tuple(each)[:2] for each in before] == [
        (1.9091, [[10000, 30000], [1000, 2000]]),
        (1.0, []),
    ]
    database.downgrade("20261125_renditions")
    database.upgrade()
    with database.reading() as session:
        assert session.execute(query).all() == before
