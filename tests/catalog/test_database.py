from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from catalog import database
from catalog.errors import SettingsError, StateError
from catalog.models import Hashtag


def test_many_writers_at_once_all_succeed(any_library: Path):
    def write(number: int) -> None:
        with database.session() as session:
            session.scalar(select(func.count()).select_from(Hashtag))
            session.add(Hashtag(name=f"tag{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(200)))
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Hashtag)) == 200


def test_a_reader_does_not_wait_for_a_writer_nor_hold_one_up(any_library: Path):
    with database.session() as writing:
        writing.add(Hashtag(name="unseen"))
        writing.flush()
        with database.reading() as reader:
            assert reader.scalar(select(func.count()).select_from(Hashtag)) == 0
    with database.reading() as reader:
        assert reader.scalar(select(func.count()).select_from(Hashtag)) == 1
        with database.session() as writing:
            writing.add(Hashtag(name="second"))


def test_an_exception_leaves_nothing_half_written(any_library: Path):
    with pytest.raises(RuntimeError), database.session() as session:
        session.add(Hashtag(name="half"))
        session.flush()
        raise RuntimeError
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Hashtag)) == 0


def test_what_need_not_last_is_committed_all_the_same(any_library: Path):
    def waits() -> str:
        return session.scalar(text("SHOW synchronous_commit"))

    is_postgresql = database.get_engine().dialect.name == "postgresql"
    with database.session() as session:
        database.need_not_last(session)
        session.add(Hashtag(name="light"))
        assert not is_postgresql or waits() == "off"
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Hashtag)) == 1
        assert not is_postgresql or waits() == "on"


def test_an_address_that_is_none_is_refused():
    with pytest.raises(SettingsError, match="not a database address"):
        database.make_engine("nonsense")
    with pytest.raises(SettingsError, match="not a database address"):
        database.make_engine("foo://x")


def test_a_revision_that_does_not_exist_is_refused(library: Path):
    with pytest.raises(StateError, match="'nonsense'"):
        database.upgrade("nonsense")
