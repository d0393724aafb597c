"""What a run leaves on disk and in the library, whole or cut short."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.choosing import choose_methods
from align.evaluation.methods.registry import get_method
from align.evaluation.report.outputs import Wanted, count_steps, run_evaluation
from catalog import database
from catalog.errors import InputError, StorageError
from catalog.evaluations import list_runs
from catalog.time_map import TimeMap

CONTRACT = {
    "median_ms", "p90_ms", "within_25", "within_50", "within_70", "within_100", "within_200",
    "unmapped", "wrong_beat", "wrong_section", "attribution", "switch_within_25",
    "switch_within_50", "eer", "recall_at_1_percent", "confidence_auroc", "seconds_per_cover",
    "peak_mib",
}  # fmt: skip
"""What every summary says, be it `null`."""
LINEAR, OFFSET = get_method("linear"), get_method("offset")
QUICK = Wanted(cost=False, command="covers evaluate")


def ignore(message: str) -> None:
    """Progress that nobody looks at."""


def once(act: Callable[[str], None]) -> Callable[[str], None]:
    """Act on the first report only."""
    acts = iter([act])
    return lambda message: next(acts, ignore)(message)


def files_below(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_a_run_leaves_metrics_maps_sounds_and_a_report(folder: Path, tmp_path: Path) -> None:
    wanted = Wanted(cost=False, sounds=True, command="covers evaluate tones")
    said: list[str] = []
    run_evaluation(folder, [LINEAR, OFFSET], tmp_path / "new", wanted, said.append)
    assert files_below(tmp_path / "new") == {
        "metrics.json", "metrics-linear.json", "metrics-offset.json", "report.html",
        "maps/linear/first.json", "maps/linear/second.json",
        "maps/offset/first.json", "maps/offset/second.json",
        "listen/first.ogg", "listen/second.ogg",
    }  # fmt: skip
    first = json.loads((tmp_path / "new" / "metrics.json").read_text())
    assert first == json.loads((tmp_path / "new" / "metrics-linear.json").read_text())
    assert set(first["summary"]) >= CONTRACT
    found = json.loads((tmp_path / "new" / "maps" / "linear" / "first.json").read_text())
    assert TimeMap.from_json(found["segments"]).segments
    report = (tmp_path / "new" / "report.html").read_text()
    assert '<a class="below" href="listen/first.ogg">' in report
    assert len(said) == count_steps(read_dataset(folder), [LINEAR, OFFSET], wanted)


def test_all_methods_are_those_with_something_to_do(folder: Path) -> None:
    named = [each.name for each in choose_methods(["all"], read_dataset(folder))]
    assert {"tracker", "linear", "novelty"} <= set(named)  # there are sections, and no beats
    assert "librosa-beats" not in named


def test_a_run_that_is_cut_keeps_what_is_finished_and_no_old_report(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "report.html").write_text("of another run")

    def stop(message: str) -> None:
        if message.startswith("offset"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_evaluation(folder, [LINEAR, OFFSET], tmp_path, QUICK, stop)
    assert files_below(tmp_path) == {
        "metrics.json", "metrics-linear.json",
        "maps/linear/first.json", "maps/linear/second.json",
    }  # fmt: skip


def test_what_the_report_needs_is_missed_before_anything_is_measured(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(ModuleNotFoundError):
        run_evaluation(folder, [LINEAR], tmp_path / "out", QUICK, ignore)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["file", "file/below"])
def test_an_output_that_cannot_be_written_is_refused_before_anything_is_measured(
    folder: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "file").write_text("mine")
    said: list[str] = []
    with pytest.raises(InputError, match=r"file.* cannot be written: .*; name a new folder"):
        run_evaluation(folder, [LINEAR], tmp_path / name, QUICK, said.append)
    assert said == []
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_is_lost_meanwhile_is_one_sentence(folder: Path, tmp_path: Path) -> None:
    def replace_folder(message: str) -> None:
        (tmp_path / "out").rmdir()
        (tmp_path / "out").write_text("")

    with pytest.raises(StorageError, match="cannot write"):
        run_evaluation(folder, [OFFSET], tmp_path / "out", QUICK, once(replace_folder))


def test_kept_runs_are_in_the_library(folder: Path, library: Path, tmp_path: Path) -> None:
    wanted = Wanted(cost=False, keep=True)
    run_evaluation(folder, [LINEAR, OFFSET], tmp_path / "out", wanted, ignore)
    with database.reading() as session:
        runs = list_runs(session).runs
    assert [(each.dataset, each.method, each.n_covers) for each in runs] == [
        ("<b>tones</b>", "linear", 2), ("<b>tones</b>", "offset", 2),
    ]  # fmt: skip
