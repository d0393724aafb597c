"""The command as people run it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def covers(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "catalog", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"},
        check=False,
    )


def test_help_names_every_command_and_imports_nothing_heavy():
    script = (
        "import sys; from catalog.commands import main\n"
        "sys.argv = ['covers', '--help']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'librosa', 'flask', 'celery', 'yt_dlp', 'sqlalchemy', 'scipy'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "HEAVY []" in result.stdout
    for name in ("demo", "serve", "song", "ingest", "worker", "publish", "align", "screen"):
        assert f"  {name} " in result.stdout


def test_every_command_explains_itself():
    for name in covers("--help").stdout.split("Commands:")[1].split("\n"):
        if name.strip():
            result = covers(name.split()[0], "--help")
            assert result.returncode == 0, result.stderr
            assert "Usage: covers" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["song", "add", "Bad Slug", "--reference", __file__], "slug 'Bad Slug' is not usable"),
        (["song", "add", "air", "--reference", "/nowhere.mp4"], "there is no file '/nowhere.mp4'"),
        (["publish", "nothing"], "there is no song 'nothing'"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(library: Path, arguments, message):
    result = covers(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith(f"covers: {message}")
    assert len(result.stderr.splitlines()) == 1


def test_a_song_added_is_listed(library: Path, tmp_path: Path):
    reference = tmp_path / "reference.mp4"
    reference.touch()
    assert covers("song", "add", "air", "--reference", str(reference)).returncode == 0
    assert json.loads(covers("song", "list", "--json").stdout) == [
        {"slug": "air", "title": "Air", "composer": None, "covers": {}}
    ]


def test_a_database_that_does_not_answer_is_one_line(library: Path, monkeypatch):
    monkeypatch.setenv("COVERS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = covers("song", "list")
    assert result.returncode == 1
    assert result.stderr.startswith("covers: the database does not answer (")
    assert len(result.stderr.splitlines()) == 1


def test_an_unknown_command_is_exit_code_2():
    assert covers("nonsense").returncode == 2
