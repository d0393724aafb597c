from pathlib import Path

import pytest

from align.network.weights import FOLDER
from align.training import validation
from align.training.validation import mean_scores, validate
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


def test_beats_that_nobody_knows_are_not_scored(folder: Path) -> None:
    scores = validate([folder], FOLDER, n_covers=1, n_processes=1, done=lambda name: None)
    assert "within_50" in scores
    assert "beat_f" not in scores
    assert "downbeat_f" not in scores


def test_means_are_over_what_is_known() -> None:
    scores = [{"beat_f": 0.8, "downbeat_f": None}, {"beat_f": None, "downbeat_f": None}]
    assert mean_scores(scores) == {"beat_f": 0.8}
