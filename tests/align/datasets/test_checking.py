import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from align.datasets.checking import check_dataset
from align.datasets.reading import read_dataset
from align.datasets.truth import Annotation
from align.datasets.writing import write_annotation, write_dataset, write_truth
from catalog.errors import InputError
from tests.align.evaluation.loaders.layouts import write_sound

Change = Callable[[Path], None]

HEAD = "reference_s,cover_s,segment\n"


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
    (
        text("cover.beats.csv", "time_s,position\n1,1\n1,2\n"),
        r"cover\.beats\.csv: beats do not rise at 1\.000 s",
    ),
    (text("cover.sections.csv", "start_s,end_s,label\n0,4,a\n3,5,b\n"), "spans overlap"),
    (text("cover.beats.csv", "time_s,position\n1,1\n9,2\n"), r"beats\.csv: 9\.000 s is outside"),
    (text("cover.sections.csv", "start_s,end_s,label\n0,9,a\n"), r"sections\.csv: 9\.000 s is out"),
]


@pytest.mark.parametrize(("change", "message"), PROBLEMS)
def test_each_problem_is_named(folder: Path, change: Change, message: str) -> None:
    change(folder)
    assert any(re.search(message, problem) for problem in check_dataset(folder).problems)


def test_a_folder_without_a_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is .* a data set"):
        check_dataset(tmp_path)


UNUSABLE = [
    (text("cover.csv", f"{HEAD}nan,1,0\n2,2,0\n"), r"cover\.csv: nan s is no time"),
    (text("cover.csv", f"{HEAD}1,1,0\n2,inf,0\n"), r"cover\.csv: inf s is no time"),
    (text("cover.csv", f"{HEAD}1,-1,0\n2,2,0\n"), r"cover\.csv: -1 s is no time"),
    (text("cover.csv", HEAD), r"cover\.csv: the annotation has no marks"),
    (text("cover.csv", "reference_s,cover_s\n1,1\n"), r"cover\.csv has no column segment"),
    (text("cover.csv", f"{HEAD}1,1,0\n2\n"), r"line 3: cover_s '' is no number"),
    (text("cover.csv", f"{HEAD}1,1,{2**70}\n"), r"line 2: segment '1.* is no whole number"),
    (remove("cover.csv"), r"cover\.csv does not exist: put it there"),
    (foreign(8.0, 6.0), r"8\.000 to 6\.000 s is no span"),
    (text("cover.truth.json", '{"foreign": [[1]]}'), r"truth\.json: foreign is no list of"),
    (text("cover.truth.json", '{"foreign": 7}'), r"truth\.json: foreign is no list of"),
    (text("cover.truth.json", '{"beats_per_mark": 0}'), "beats_per_mark is 0: write how many"),
    (text("cover.truth.json", '{"beats_per_mark": "4"}'), "beats_per_mark '4' is no number"),
    (text("cover.truth.json", "[]"), r"truth\.json holds no object"),
    (text("cover.truth.json", "{"), r"truth\.json is no JSON"),
    (text("cover.sections.csv", "start_s,end_s,label\n"), r"sections\.csv: there are no sections"),
    (text("cover.sections.csv", "start_s,end_s,label\nnan,2,a\n"), r"sections\.csv: nan s is no"),
    (text("cover.beats.csv", f"time_s,position\n1,{2**70}\n"), "position '1.* is no whole number"),
    (text("cover.beats.csv", "time_s,position\n1,0\n"), "position 0 is no place in a bar"),
]


@pytest.mark.parametrize(("change", "message"), UNUSABLE)
def test_unusable_truth_is_refused_before_anything_is_measured(
    folder: Path, change: Change, message: str
) -> None:
    change(folder)
    with pytest.raises(InputError, match=message) as caught:
        read_dataset(folder)
    assert "\n" not in str(caught.value)
    assert str(caught.value) in check_dataset(folder).problems


def setting(**fields) -> Change:
    def change(folder: Path) -> None:
        path = folder / "dataset.json"
        document = json.loads(path.read_text())
        document["songs"][0]["covers"][0] |= fields
        path.write_text(json.dumps(document))

    return change


LISTED_WRONGLY = [
    (setting(kind=3), r"songs\[0\]\.covers\[0\]\.kind is 3: write it in quotes"),
    (setting(file="/etc/passwd"), r"covers\[0\]\.file '/etc/passwd' is no file below the folder"),
    (setting(file="../cover.wav"), r"file '\.\./cover\.wav' is no file below the folder"),
    (setting(annotation="a/../../b.csv"), "annotation .* is no file below the folder"),
    (setting(file=""), r"covers\[0\]\.file is missing"),
    (setting(relation="cousin"), "relation 'cousin' is none of same_recording"),
    (text("dataset.json", '{"name": "a"}'), "songs is no list of objects"),
    (text("dataset.json", '{"name": "a", "songs": [7]}'), "songs is no list of objects"),
    (text("dataset.json", '{"name": "a", "songs": [{"id": "b"}]}'), r"songs\[0\]\.covers is no"),
    (text("dataset.json", '{"songs": []}'), "name is missing"),
    (text("dataset.json", "[]"), "holds no object"),
    (text("dataset.json", "{"), "is no JSON"),
]


@pytest.mark.parametrize(("change", "message"), LISTED_WRONGLY)
def test_what_dataset_json_lists_wrongly_is_one_sentence(
    folder: Path, change: Change, message: str
) -> None:
    change(folder)
    for read in (read_dataset, check_dataset):
        with pytest.raises(InputError, match=rf"dataset\.json.*{message}") as caught:
            read(folder)
        assert "Error(" not in str(caught.value)


def test_beats_from_mark_to_mark_are_unknown_unless_they_are_told(folder: Path) -> None:
    assert read_dataset(folder).covers[0].annotation.beats_per_mark is None
    write_truth(folder / "cover.wav", {"beats_per_mark": 4})
    assert read_dataset(folder).covers[0].annotation.beats_per_mark == 4
