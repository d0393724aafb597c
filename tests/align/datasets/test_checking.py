import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from align.datasets.checking import check_dataset
from align.datasets.truth import Annotation
from align.datasets.writing import write_annotation, write_dataset, write_truth
from catalog.errors import InputError
from tests.align.evaluation.loaders.layouts import write_sound

Change = Callable[[Path], None]


def write_marks(folder: Path, reference_s, cover_s, segment) -> None:
    annotation = Annotation(
        np.array(reference_s, float), np.array(cover_s, float), np.array(segment),
        np.zeros((0, 2)), 1.0,
    )  # fmt: skip
    write_annotation(folder / "cover.csv", annotation)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("original", "cover", "other"):
        write_sound(tmp_path / f"{name}.wav")
    write_marks(tmp_path, [1, 2, 3, 1, 2], [1, 2, 3, 4, 5], [0, 0, 0, 1, 1])
    write_truth(tmp_path / "cover.wav", {"relation": "performance", "foreign": [[6.0, 8.0]]})
    cover = {"file": "cover.wav", "annotation": "cover.csv", "kind": "punk"}
    negative = {"file": "other.wav", "kind": "other_song"}
    song = {"id": "a", "reference": "original.wav", "covers": [cover], "negatives": [negative]}
    write_dataset(tmp_path, "tiny", "CC0", [song])
    return tmp_path


def test_a_good_data_set_is_counted(folder: Path) -> None:
    report = check_dataset(folder)
    assert report.problems == ()
    assert report.summary == (
        "tiny: 1 songs, 1 covers (1 annotated, 5 marks in 2 segments), 1 negatives, "
        "0.01 h of sound; kinds: punk 1; 0 problems"
    )


def remove(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def text(name: str, content: str) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_text(content)

    return change


def marks(*columns) -> Change:
    return lambda folder: write_marks(folder, *columns)


def foreign(start_s: float, end_s: float) -> Change:
    return text("cover.truth.json", json.dumps({"foreign": [[start_s, end_s]]}))


PROBLEMS = [
    (remove("other.wav"), r"other\.wav does not exist: put it there"),
    (text("other.wav", "dear diary"), r"other\.wav is not a readable audio or video file"),
    (marks([1, 2], [1, 9], [0, 0]), r"mark at 9\.000 s is outside cover\.wav of 8\.0"),
    (marks([1, 9], [1, 2], [0, 0]), r"mark at 9\.000 s is outside original\.wav"),
    (marks([1, 2, 3], [1, 3, 2], [0, 0, 0]), r"not sorted by cover time at 2\.000 s"),
    (marks([2, 1], [1, 2], [0, 0]), r"segment 0 goes back in the reference at 2\.000 s"),
    (marks([1, 7], [1, 1.1], [0, 0]), "segment 0 plays 60.00 times as fast"),
    (marks([1, 2, 3], [1, 2, 3], [0, 1, 0]), "segments come back after they ended"),
    (marks([], [], np.array([], int)), "has no marks"),
    (foreign(2.5, 9.0), r"foreign span 2\.500 to 9\.000 s is no span of the file"),
    (foreign(2.5, 6.0), r"mark at 3\.000 s is inside the foreign span"),
    (text("cover.beats.csv", "time_s,position\n1,1\n1,2\n"), r"cover\.beats\.csv: beats do not"),
    (text("cover.sections.csv", "start_s,end_s,label\n0,4,a\n3,5,b\n"), "spans overlap"),
]


@pytest.mark.parametrize(("change", "message"), PROBLEMS)
def test_each_problem_is_named(folder: Path, change: Change, message: str) -> None:
    change(folder)
    assert any(re.search(message, problem) for problem in check_dataset(folder).problems)


def test_a_folder_without_a_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is .* a data set"):
        check_dataset(tmp_path)
