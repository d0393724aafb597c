import json
import shutil
from pathlib import Path

import pytest

from align.datasets.digest import digest_truth
from align.datasets.reading import read_dataset
from tests.align.evaluation.small_dataset import write_dataset


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "small")


def digest(folder: Path) -> str:
    return digest_truth(read_dataset(folder), folder)


def test_it_is_the_same_wherever_the_folder_lies(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    assert digest(tmp_path / "elsewhere") == digest(folder)


def test_a_licence_is_no_truth(folder: Path) -> None:
    before = digest(folder)
    document = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps(document | {"licence": "none"}))
    assert digest(folder) == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cover.csv", "0.5000,0.5000,0", "0.5000,0.5001,0"),
        ("cover.truth.json", "1", "2"),
        ("reference.beats.csv", "0.5000,1", "0.5000,2"),
        ("reference.sections.csv", ",A", ",C"),
        ("dataset.json", "interview", "background"),
        ("dataset.json", "solo", "choir"),
    ],
)
def test_whatever_is_measured_against_changes_it(
    folder: Path, file: str, old: str, new: str
) -> None:
    before = digest(folder)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    assert digest(folder) != before
