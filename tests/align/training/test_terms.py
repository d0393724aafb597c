import os
import shutil
from pathlib import Path

import pytest
import torch
from torch import nn

from align.training.terms import digest_data, digest_networks
from tests.align.evaluation.small_dataset import write_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "small")


def test_data_are_the_same_in_another_folder_at_another_time(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    for file in copy.iterdir():
        os.utime(file, (0, 0))
    assert digest_data([copy]) == digest_data([folder])


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("dataset.json", '"small"', '"other"'),
        ("cover.csv", "0.5000,0.5000,0", "0.5000,0.5001,0"),
        ("cover.truth.json", "{", '{"transposition_semitones": 3, '),
    ],
)
def test_other_truth_is_other_data(folder: Path, file: str, old: str, new: str) -> None:
    before = digest_data([folder])
    path = folder / file
    path.write_text(path.read_text().replace(old, new))
    assert digest_data([folder]) != before


def test_other_recordings_and_more_of_them_are_other_data(folder: Path) -> None:
    before = digest_data([folder])
    assert digest_data([folder, folder]) != before
    with (folder / "hiss.wav").open("ab") as target:
        target.write(b"more")
    assert digest_data([folder]) != before


def test_networks_of_other_weights_are_others() -> None:
    network = nn.Linear(2, 1)
    before = digest_networks({"place": network})
    assert digest_networks({"place": network}) == before
    assert digest_networks({"pulse": network}) != before
    with torch.no_grad():
        network.bias += 1
    assert digest_networks({"place": network}) != before
