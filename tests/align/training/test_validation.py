from pathlib import Path

import pytest

from align.network.weights import FOLDER
from align.training import validation
from align.training.validation import validate
from tests.align.evaluation.small_dataset import write_dataset


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set whose songs are all held out."""
    monkeypatch.setattr(validation, "is_held_out", lambda song: True)
    return write_dataset(tmp_path)


def test_no_covers_are_no_validation(folder: Path) -> None:
    heard: list[str] = []
    assert validate([folder], FOLDER, n_covers=0, n_processes=1, done=heard.append) == {}
    assert heard == []
