from pathlib import Path

from alembic import command
from sqlalchemy import inspect

from catalog import database


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
