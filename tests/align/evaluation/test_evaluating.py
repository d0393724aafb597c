import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from align.evaluation.evaluating import evaluate_dataset
from align.evaluation.methods.registry import METHODS, runnable_methods
from align.evaluation.results import Evaluation
from align.evaluation.summary.figures import by_negative
from catalog.errors import InputError
from tests.align.evaluation.small_dataset import add_cover, write_dataset

CONTRACT = (
    "median_ms", "p90_ms", "within_25", "within_50", "within_70", "within_100", "within_200",
    "unmapped", "wrong_beat", "wrong_section", "attribution", "switch_within_25",
    "switch_within_50", "eer", "recall_at_1_percent", "confidence_auroc", "seconds_per_cover",
    "peak_mib",
)  # fmt: skip
TIMED = ("seconds", "warm_seconds", "duration_s")


def silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def evaluations(folder: Path) -> dict[str, Evaluation]:
    """Every method that runs here, in one run."""
    names = [each.name for each in runnable_methods()]
    found = evaluate_dataset(folder, names, report=silent, cost=False)
    return {each.document["method"]: each for each in found}


@pytest.mark.parametrize("method", [each.name for each in METHODS if each.align])
def test_every_aligner_finds_key_and_tempo(evaluations: dict[str, Evaluation], method: str) -> None:
    (row,) = evaluations[method].document["covers"]
    assert row["error"] is None
    if method == "offset":
        assert row["within_200"] < 0.5  # it has no tempo
    else:
        assert row["within_100"] > 0.75
        assert row["wrong_beat"] < 0.1


def test_the_summary_has_every_key_of_the_contract(evaluations: dict[str, Evaluation]) -> None:
    for evaluation in evaluations.values():
        document = evaluation.document
        assert set(CONTRACT) <= set(document["summary"])
        assert set(document["summary"]["intervals"]) <= set(document["summary"])
        json.dumps(document, allow_nan=False)


def test_a_method_does_what_it_can_and_no_more(evaluations: dict[str, Evaluation]) -> None:
    counts = {
        name: [len(each.document[part]) for part in ("covers", "screening", "beats", "sections")]
        for name, each in evaluations.items()
    }
    assert counts["tracker"] == [1, 3, 1, 1]
    assert counts["dtw"] == [1, 0, 0, 0]
    assert counts["qmax-chroma"] == [0, 3, 0, 0]
    assert counts["librosa-beats"] == [0, 0, 1, 0]
    assert counts["novelty"] == counts["equal-length"] == [0, 0, 0, 1]


@pytest.mark.parametrize("method", ["tracker", "qmax-chroma"])
def test_a_cover_is_told_from_another_song(evaluations: dict[str, Evaluation], method: str) -> None:
    summary = evaluations[method].document["summary"]
    assert summary["eer"] == 0
    assert summary["recall_at_1_percent"] == 1


def test_each_kind_of_negative_has_rates_of_its_own() -> None:
    def row(kind: str, relation: str, score: float) -> dict[str, Any]:
        return {"kind": kind, "relation": {"annotation": relation}, "score": score}

    songs = [row("solo", "performance", 0.5), row("copy", "same_recording", 0.9)]
    strangers = [row("interview", "unrelated", 0.1), row("other_melody", "unrelated", 0.8)]
    rates = by_negative([*songs, *strangers])
    assert rates["interview"] == {"n": 1, "eer": 0, "recall_at_1_percent": 1}
    assert rates["other_melody"]["recall_at_1_percent"] == 0.5
    assert list(rates) == ["interview", "other_melody"]


def test_maps_stand_behind_the_rows(evaluations: dict[str, Evaluation]) -> None:
    (cover,) = evaluations["tracker"].covers
    assert cover.estimate is not None
    assert cover.errors_ms.shape == cover.entry.annotation.cover_s.shape


def test_every_method_is_charged_for_what_it_uses(evaluations: dict[str, Evaluation]) -> None:
    seconds = {
        name: each.document["summary"]["seconds_per_cover"] for name, each in evaluations.items()
    }
    # Chroma is computed once for both, and it takes longer than either's path search.
    assert min(seconds["mrmsdtw-dlnco"], seconds["mrmsdtw-chroma"]) > 0.1
    warm = evaluations["mrmsdtw-chroma"].document["summary"]["warm_seconds_per_cover"]
    assert 0 < warm < seconds["mrmsdtw-chroma"]


def test_a_failure_is_a_row_that_counts_as_all_wrong(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "small")
    add_cover(folder, "broken.wav", b"RIFF but nothing else")
    (found,) = evaluate_dataset(folder, ["tracker"], report=silent, cost=False)
    rows = {row["file"]: row for row in found.document["covers"]}
    assert "broken.wav" in rows["broken.wav"]["error"]
    assert rows["broken.wav"]["within_200"] == 0
    summary = found.document["summary"]
    assert summary["n_failed"] == 1
    assert summary["within_200"] == pytest.approx(rows["cover.wav"]["within_200"] / 2, abs=1e-4)
    assert summary["eer"] > 0
    assert summary["by_kind"]["broken"]["within_50"] == 0


def test_many_processes_find_the_same(folder: Path, evaluations: dict[str, Evaluation]) -> None:
    for found in evaluate_dataset(
        folder, ["qmax-chroma", "linear"], report=silent, jobs=2, cost=False
    ):
        alone = evaluations[found.document["method"]].document
        for part in ("covers", "screening"):
            assert untimed(found.document[part]) == untimed(alone[part])


def untimed(rows: list[dict]) -> list[dict]:
    return [{key: row[key] for key in row if key not in TIMED} for row in rows]


def test_peak_memory_is_that_of_the_method_alone(folder: Path) -> None:
    ballast = np.ones(64 << 20)  # 512 MiB in this process
    (found,) = evaluate_dataset(folder, ["offset"], report=silent)
    assert 50 < found.document["summary"]["peak_mib"] < ballast.nbytes / 2**20


@pytest.mark.parametrize(
    ("methods", "jobs", "complaint"),
    [(["magic"], 1, "method 'magic' is unknown"), (["offset"], 0, "0 jobs is too few")],
)
def test_what_cannot_be_done_is_said(folder: Path, methods, jobs: int, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        evaluate_dataset(folder, methods, report=silent, jobs=jobs)


RUN = """
import signal
import sys
from pathlib import Path
from typing import Any
from align.evaluation.evaluating import evaluate_dataset
def main():
    say = lambda text: print(text, flush=True)
    evaluate_dataset(Path(sys.argv[1]), ["offset", *["tracker"] * 50], report=say, jobs=2)
if __name__ == "__main__":
    # A background job of a shell ignores Ctrl-C, and so would this one if it inherited that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
"""


def test_ctrl_c_leaves_no_process_and_no_file(folder: Path, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(RUN)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run = subprocess.Popen(
        [sys.executable, str(script), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), "TMPDIR": str(temporary)},
    )
    assert run.stdout is not None
    run.stdout.readline()
    run.send_signal(signal.SIGINT)
    _, complaint = run.communicate(timeout=120)
    assert "KeyboardInterrupt" in complaint
    assert is_gone(run.pid)
    assert list(temporary.glob("covers-evaluate-*")) == []


def is_gone(group: int) -> bool:
    """Whether a process group ends within five seconds."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_the_order_of_covers_changes_no_figure(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "small")
    add_cover(folder, "again.wav", (folder / "cover.wav").read_bytes())
    add_cover(folder, "broken.wav", b"")
    summaries = []
    for _ in range(2):
        (found,) = evaluate_dataset(folder, ["linear"], report=silent, cost=False)
        summaries.append(found.document["summary"])
        document = json.loads((folder / "dataset.json").read_text())
        document["songs"][0]["covers"].reverse()
        (folder / "dataset.json").write_text(json.dumps(document))
    for summary in summaries:
        for name in [name for name in summary if "seconds" in name]:
            del summary[name]
    assert summaries[0] == summaries[1]
    assert summaries[0]["intervals"]["within_100"][1] > 0


def test_one_recording_is_screened_for_each_song_that_lists_it(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path / "small")
    document = json.loads((folder / "dataset.json").read_text())
    again = {"file": "cover.wav", "annotation": None, "kind": "solo"}
    document["songs"][1]["covers"].append(again)
    (folder / "dataset.json").write_text(json.dumps(document))
    (found,) = evaluate_dataset(folder, ["tracker"], report=silent, cost=False, command="covers x")
    rows = found.document["screening"]
    assert [row["song"] for row in rows if row["file"] == "cover.wav"] == ["alone", "tones"]
    assert found.document["command"] == "covers x"
