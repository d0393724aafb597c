"""`covers evaluate` as a person types it, and the handbook that goes with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.main import get_command

from align.evaluation.commands import evaluate_app
from align.evaluation.methods.registry import method_names
from catalog.errors import InputError
from catalog.measures import MEASURES

HANDBOOK = Path(__file__).parents[4] / "docs" / "evaluating.md"


def run(*arguments: object) -> int:
    try:
        get_command(evaluate_app)(
            args=[str(each) for each in arguments], prog_name="covers evaluate"
        )
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_summaries_are_printed_for_machines(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--method", "linear", "--method", "linear", "--output", tmp_path]
    assert run(folder, *arguments, "--no-cost", "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert [each["method"] for each in printed] == ["linear"]
    assert printed[0]["summary"]["n_covers"] == 2 and "covers" not in printed[0]


def test_summaries_are_printed_for_people(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(folder, "--method", "linear", "--output", tmp_path, "--no-cost") == 0
    printed = capsys.readouterr()
    assert "linear" in printed.out and "≤ 50 ms" in printed.out
    assert run("--compare", tmp_path, tmp_path / "metrics-linear.json") == 0
    assert "alike on 2" in capsys.readouterr().out


def test_maps_of_another_program_are_a_method(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "--method", "linear", "--output", tmp_path, "--no-cost") == 0
    maps = tmp_path / "maps" / "linear"
    given = ["--maps", f"mine={maps}", "--output", tmp_path / "new", "--no-cost"]
    assert run(folder, "--method", "offset", *given) == 0
    before = json.loads((tmp_path / "metrics-linear.json").read_text())["summary"]
    after = json.loads((tmp_path / "new" / "metrics-mine.json").read_text())["summary"]
    assert after["within_50"] == before["within_50"]
    assert after["median_ms"] == pytest.approx(before["median_ms"], abs=0.2)
    assert ">mine<" in (tmp_path / "new" / "report.html").read_text()


def test_nothing_to_measure_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing here that librosa-beats can measure"):
        run(folder, "--method", "librosa-beats", "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_unknown_method_leaves_everything_as_it_was(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("of another run")
    with pytest.raises(InputError, match="magic"):
        run(folder, "--method", "linear", "--method", "magic", "--output", tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["report.html"]


@pytest.mark.parametrize("given", [[], ["data"], ["data", "--method", "tracker"]])
def test_what_is_missing_is_said(given: list[str]) -> None:
    with pytest.raises(InputError, match="covers evaluate DATASET --method tracker"):
        run(*given)


def test_help_teaches_every_method(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    text = capsys.readouterr().out
    assert "covers evaluate " in text.split("Example:")[1]
    words = set(re.findall(r"[\w-]+", text))
    assert {each.removesuffix("-cut") for each in method_names()} <= words


def test_the_handbook_knows_every_method_measure_and_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = HANDBOOK.read_text()
    named = {*method_names(), *MEASURES}
    assert sorted(each for each in named if f"`{each}`" not in text) == []
    run("--help")
    own = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    options = own - {"--help", "--install-completion", "--show-completion"}
    assert sorted(each for each in options if each not in text) == []
