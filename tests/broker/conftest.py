"""Fixtures for real workers: tasks that do what a test's files tell them to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broker.processes import processes_of
from tests.broker.trivial_tasks import install_tasks
from tests.ingest.conftest import web  # noqa: F401


@pytest.fixture
def trivial_tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Installs tasks in the place of align's, by the entry point that align uses too."""
    package = install_tasks(tmp_path / "tasks")
    monkeypatch.setenv("PYTHONPATH", str(package))
    return package


@pytest.fixture
def nothing_left(library: Path) -> Iterator[None]:
    """Fails when a process of the test's library outlives the test."""
    yield
    left = processes_of(library)
    for process in left:
        process.kill()
    assert left == []
