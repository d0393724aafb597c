import json
from pathlib import Path

from typer.testing import CliRunner

from align.evaluation.dataset_commands import dataset_app
from tests.align.evaluation.loaders.layouts import write_sound, write_text

RUNNER = CliRunner()


def test_what_can_be_built_is_listed_with_its_terms() -> None:
    entries = json.loads(RUNNER.invoke(dataset_app, ["list", "--json"]).stdout)
    assert {"schubert-d911-03", "edited-real"} <= {each["name"] for each in entries}
    assert all(each["licence"] and each["size_mib"] and each["minutes"] for each in entries)


def test_a_table_is_imported_and_checked(tmp_path: Path) -> None:
    for name in ("original", "punk"):
        write_sound(tmp_path / f"{name}.wav")
    table = write_text(
        tmp_path / "marks.csv",
        "reference,cover,reference_s,cover_s\noriginal,punk,1,1\noriginal,punk,2,2\n",
    )
    new = str(tmp_path / "new")
    done = RUNNER.invoke(dataset_app, ["import", "csv", str(table), "--output", new])
    assert done.stdout.strip() == new
    report = RUNNER.invoke(dataset_app, ["check", new, "--json"])
    assert report.exit_code == 0
    assert json.loads(report.stdout)["marks"] == 2
    (tmp_path / "punk.wav").unlink()
    broken = RUNNER.invoke(dataset_app, ["check", new])
    assert broken.exit_code == 2
