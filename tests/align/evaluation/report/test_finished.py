"""A run that goes on from where another one was cut short."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.methods.method import Method
from align.evaluation.methods.registry import get_method
from align.evaluation.report.outputs import Wanted, count_steps, run_evaluation
from catalog import database
from catalog.errors import InputError
from catalog.evaluations import list_runs

LINEAR, OFFSET = get_method("linear"), get_method("offset")
QUICK = Wanted(cost=False)
RESUMED = Wanted(cost=False, resume=True)


def ignore(message: str) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def finished(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run of the first method left."""
    output = tmp_path_factory.mktemp("finished")
    run_evaluation(folder, [LINEAR], output, QUICK, ignore)
    (output / "report.html").unlink()
    return output


@pytest.fixture
def output(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / "output"))


def test_what_is_finished_is_kept_and_what_is_missing_is_measured(
    folder: Path, output: Path
) -> None:
    metrics = (output / "metrics-linear.json").read_bytes()
    said: list[str] = []
    linear, _ = run_evaluation(folder, [LINEAR, OFFSET], output, RESUMED, said.append)
    assert (output / "metrics-linear.json").read_bytes() == metrics
    assert set(said) == {
        "linear: finished before", "offset: first.wav", "offset: second.wav", "report.html",
    }  # fmt: skip
    assert len(said) == count_steps(read_dataset(folder), [LINEAR, OFFSET], RESUMED)
    assert linear.document == json.loads(metrics)
    assert [each.entry.file.name for each in linear.covers] == ["first.wav", "second.wav"]
    report = (output / "report.html").read_text()
    assert ">linear<" in report and ">offset<" in report
    assert (output / "metrics-offset.json").exists()


def test_a_resumed_run_finds_what_a_whole_one_does(folder: Path, output: Path) -> None:
    (resumed,) = run_evaluation(folder, [LINEAR], output, RESUMED, ignore)
    (whole,) = run_evaluation(folder, [LINEAR], output, QUICK, ignore)
    for old, new in zip(resumed.covers, whole.covers, strict=True):
        assert old.errors_ms == pytest.approx(new.errors_ms, abs=0.2)  # maps are rounded to 0.1 ms
    assert resumed.document["truth"] == whole.document["truth"]


def test_metrics_are_of_the_method_that_is_named_first(folder: Path, output: Path) -> None:
    run_evaluation(folder, [OFFSET, LINEAR], output, RESUMED, ignore)
    assert json.loads((output / "metrics.json").read_text())["method"] == "offset"


def test_without_being_asked_everything_is_measured(folder: Path, output: Path) -> None:
    said: list[str] = []
    run_evaluation(folder, [LINEAR], output, QUICK, said.append)
    assert "linear: first.wav" in said


def test_only_new_figures_are_kept_in_the_library(
    folder: Path, output: Path, library: Path
) -> None:
    run_evaluation(folder, [LINEAR, OFFSET], output, replace(RESUMED, keep=True), ignore)
    with database.reading() as session:
        assert [each.method for each in list_runs(session).runs] == ["offset"]


def test_other_truth_is_refused(folder: Path, output: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    text = (other / "first.csv").read_text()
    (other / "first.csv").write_text(text.replace("0.5,0.4,0", "0.5,0.41,0"))
    with pytest.raises(InputError, match=r"linear\.json was measured against other truth"):
        run_evaluation(other, [LINEAR], output, RESUMED, ignore)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"dataset": "another"}, "on another data set"),
        ({"version": "0"}, "by another version of this program"),
        ({"definitions": {}}, "by other definitions"),
        ({"truth": None}, "against other truth"),
    ],
)
def test_figures_that_were_measured_otherwise_are_refused(
    folder: Path, output: Path, changed: dict, complaint: str
) -> None:
    path = output / "metrics-linear.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    said: list[str] = []
    with pytest.raises(InputError, match=f"{complaint}: choose another --output"):
        run_evaluation(folder, [OFFSET, LINEAR], output, RESUMED, said.append)
    assert said == []


@pytest.mark.parametrize(
    ("method", "complaint"),
    [
        (replace(LINEAR, model="linear/2"), "with another model"),
        (replace(LINEAR, source="another"), "of another method"),
    ],
)
def test_another_model_is_refused(
    folder: Path, output: Path, method: Method, complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        run_evaluation(folder, [method], output, RESUMED, ignore)


def test_a_map_that_is_gone_is_named(folder: Path, output: Path) -> None:
    (output / "maps" / "linear" / "second.json").unlink()
    with pytest.raises(InputError, match=r"second\.json is missing"):
        run_evaluation(folder, [LINEAR], output, RESUMED, ignore)
