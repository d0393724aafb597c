"""Engine, sessions and migrations, for SQLite and PostgreSQL alike.

SQLite runs with a write-ahead log and immediate transactions: with SQLAlchemy's deferred BEGIN,
concurrent writers fail with "database is locked" however long they are willing to wait. A
session is therefore short: never hold one across a download or a computation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from catalog.errors import SettingsError, StateError, StorageError
from catalog.settings import get_settings

if TYPE_CHECKING:
    from alembic.config import Config  # takes 0.4 s to import, and workers do not need it

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def make_engine(address: str) -> Engine:
    """An engine with the settings that survived concurrent writers.

    Raises:
        SettingsError: when the address is not one SQLAlchemy understands.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() != "sqlite":
            return create_engine(url, pool_pre_ping=True)
    except ArgumentError as error:
        raise SettingsError(f"COVERS_DATABASE_URL is not a database address: {error}") from error
    if url.database:
        _make_folder(Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": 15})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot create {folder}: {error.strerror}") from error


def _configure_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below is the only one
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    """Readers share the database; a writer takes its place at once and never upgrades later."""
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """The engine of this process. After a fork, call `get_engine().dispose(close=False)`."""
    return make_engine(get_settings().database_address)


@contextmanager
def session() -> Iterator[Session]:
    """One short transaction: committed at the end, rolled back on an exception."""
    with Session(get_engine(), expire_on_commit=False) as opened, opened.begin():
        yield opened


@contextmanager
def reading() -> Iterator[Session]:
    """One short transaction that only reads, so that no writer has to wait for it."""
    engine = get_engine().execution_options(reads_only=True)
    with Session(engine, expire_on_commit=False) as opened, opened.begin():
        yield opened


def need_not_last(session: Session) -> None:
    """Let PostgreSQL commit this transaction without waiting for the disk.

    For what is found again after a power failure, such as a claim or a job's progress: waiting is
    most of what it costs. SQLite never waits here, by `synchronous=NORMAL`.
    """
    if get_engine().dialect.name == "postgresql":
        session.execute(text("SET LOCAL synchronous_commit TO off"))


def upgrade(revision: str = "head") -> None:
    """Bring the tables to a revision. Does nothing when they are there already.

    Raises:
        StateError: when there is no such revision, or the tables are newer than this program.
    """
    from alembic import command

    with _migrating(revision) as config:
        command.upgrade(config, revision)


def downgrade(revision: str) -> None:
    """Take the tables back to an earlier revision, `base` for none at all.

    Raises:
        StateError: when there is no such revision.
    """
    from alembic import command

    with _migrating(revision) as config:
        command.downgrade(config, revision)


@contextmanager
def _migrating(revision: str) -> Iterator[Config]:
    from alembic.util import CommandError

    try:
        with get_engine().begin() as connection:
            yield _alembic_config(connection)
    except CommandError as error:
        raise StateError(
            f"the tables cannot be brought to revision {revision!r} ({error}): "
            "if they are newer than this program, upgrade it"
        ) from error


def _alembic_config(connection: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
