import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from typer.main import get_command

from align import commands
from align.audio import SAMPLE_RATE
from catalog.errors import InputError, MediaError
from catalog.time_map import TimeMap
from tests.align.tones import make_song, noise, perform, steady

NOTES = make_song(12, seed=11)
RELATIONS = {"same_recording", "backing_track", "performance", "background", "unrelated"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    sounds = {
        "reference": perform(NOTES, steady(0.5)),
        "cover": perform(NOTES, steady(0.45), transposition=3, brightness=0.3),
        "noise": noise(20),
    }
    for name, audio in sounds.items():
        soundfile.write(folder / f"{name}.wav", audio.samples, SAMPLE_RATE)
    (folder / "text.mp3").write_text("no sound at all")
    return folder


def run(app: str, *arguments: object) -> int:
    command = get_command(getattr(commands, f"{app}_app"))
    try:
        command(args=[str(each) for each in arguments], prog_name=f"covers {app}")
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def read(path: Path) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} in JSON")

    return json.loads(path.read_text(), parse_constant=refuse)


def check_sections(sections: Sequence[dict[str, Any]], keys: set[str]) -> None:
    assert sections
    assert all(set(section) == keys for section in sections)


def test_align_writes_its_document_exactly(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "map.json"
    assert run("align", folder / "reference.wav", folder / "cover.wav", "--output", output) == 0
    document = read(output)
    assert list(document) == [
        "schema", "model", "relation", "relation_scores", "confidence",
        "transposition_semitones", "tuning_cents", "reference", "cover", "segments",
    ]  # fmt: skip
    assert document["schema"] == "covers.alignment/1"
    assert document["relation"] == "performance"
    assert document["transposition_semitones"] == 3
    assert set(document["relation_scores"]) == RELATIONS
    assert sum(document["relation_scores"].values()) == pytest.approx(1)
    for side in ("reference", "cover"):
        assert list(document[side]) == ["duration_s", "beats_s", "downbeats_s", "sections"]
        check_sections(document[side]["sections"], {"start_s", "end_s", "label"})
    assert TimeMap.from_json(document["segments"]).segments
    assert [path.name for path in output.parent.iterdir()] == ["map.json"]


def test_an_unrelated_recording_is_a_result(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "map.json"
    assert run("align", folder / "reference.wav", folder / "noise.wav", "--output", output) == 0
    document = read(output)
    assert document["relation"] == "unrelated"
    assert document["confidence"] == 0
    assert document["segments"] == []
    assert document["transposition_semitones"] == 0


def test_align_passes_what_was_fixed(folder: Path, tmp_path: Path) -> None:
    output, fixed = tmp_path / "map.json", tmp_path / "fixed.csv"
    fixed.write_text("reference_s,cover_s\n10.25,9.1\n")
    files = [folder / "reference.wav", folder / "cover.wav"]
    assert run("align", *files, "--anchors", fixed, "--output", output) == 0
    document = read(output)
    found = TimeMap.from_json(document["segments"])
    assert found.reference_at(9.1) == 10.25
    assert found.confidence_at(9.1) == 1
    assert document["transposition_semitones"] == 3


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("reference_s,cover_s\n1,2\n5,2\n", r"fixed\.csv, line 3: cover_s 2 .*: keep one"),
        ("reference_s,cover_s\n1,99\n", r"fixed\.csv, line 2: cover_s 99 lies outside .*: correct"),
    ],
    ids=["contradiction", "outside"],
)
def test_align_writes_nothing_for_anchors_that_cannot_be(
    folder: Path, tmp_path: Path, table: str, message: str
) -> None:
    fixed = tmp_path / "fixed.csv"
    fixed.write_text(table)
    outputs = [f"--{name}={tmp_path / name}" for name in ("output", "plot", "sonify")]
    with pytest.raises(InputError, match=message) as refused:
        run("align", *[folder / "reference.wav"] * 2, "--anchors", fixed, *outputs)
    assert refused.value.exit_code == 2
    assert list(tmp_path.iterdir()) == [fixed]


def test_analyse_writes_its_document_exactly(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("analyse", folder / "reference.wav") == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == [
        "schema", "model", "duration_s", "tempo_bpm", "beats_s", "downbeats_s", "sections",
    ]  # fmt: skip
    assert document["schema"] == "covers.analysis/1"
    assert document["beats_s"] == sorted(document["beats_s"])
    check_sections(document["sections"], {"start_s", "end_s", "label", "confidence"})


def test_screen_judges_the_good_files_beside_a_bad_one(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "verdicts.json"
    names = ["cover.wav", "text.mp3", "noise.wav"]
    files = [folder / name for name in names]
    assert run("screen", folder / "reference.wav", *files, "--output", output) == 2
    document = read(output)
    assert document["schema"] == "covers.screening/1"
    keys = {"file", "relation", "relation_scores", "confidence", "error"}
    assert all(set(entry) == keys for entry in document["files"])
    assert [entry["file"] for entry in document["files"]] == [str(file) for file in files]
    assert [entry["relation"] for entry in document["files"]] == ["performance", None, "unrelated"]
    assert "text.mp3 is not a complete" in document["files"][1]["error"]


def test_bad_input_is_raised_as_one_sentence(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"text\.mp3"):
        run("align", folder / "reference.wav", folder / "text.mp3", "--output", tmp_path / "m.json")
    assert not (tmp_path / "m.json").exists()


def test_plot_and_sonification_are_written(folder: Path, tmp_path: Path) -> None:
    arguments = ["--output", tmp_path / "m.json", "--plot", tmp_path / "m.png"]
    files = [folder / "reference.wav", folder / "cover.wav"]
    assert run("align", *files, *arguments, "--sonify", tmp_path / "m.wav") == 0
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    heard, rate = soundfile.read(tmp_path / "m.wav")
    clicks = np.abs(heard[:, 1] - heard[:, 0])
    first = TimeMap.from_json(read(tmp_path / "m.json")["segments"]).segments[0]
    assert rate == SAMPLE_RATE
    assert clicks[round(float(first.cover_s[3]) * rate) + 20 :][:600].max() > 0.1


def test_every_command_teaches_by_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    for app in ("analyse", "align", "screen"):
        assert run(app, "--help") == 0
        assert f"covers {app} " in capsys.readouterr().out.split("Example:")[1]


def test_bad_input_is_one_line_on_stderr_and_nothing_written(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("ffconcat version 1.0\nfile /etc/hostname\n")
    output = tmp_path / "map.json"
    result = subprocess.run(
        [sys.executable, "-m", "catalog", "align", text, text, "--output", output],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith("covers: notes.mp3 is not a complete audio or video file")
    assert len(result.stderr.splitlines()) == 1
    assert not output.exists()
