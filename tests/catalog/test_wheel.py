"""The built wheel runs outside the source tree."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the wheel is installed, without what it depends on."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *build], check=True)
    wheel = next(folder.glob("*.whl"))
    site = folder / "site"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(wheel)], check=True)
    return site


def test_it_holds_all_packages_the_player_and_the_migrations(installed: Path):
    wheel = next(installed.parent.glob("*.whl"))
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert folders == {"catalog", "ingest", "align", "webapp", "static", "migrations"}
    assert {"static/time-map.js", "migrations/env.py", "migrations/script.py.mako"} <= names
    assert any(name.startswith("webapp/templates/") for name in names)
    assert not any("node_modules" in name or "__pycache__" in name for name in names)


def test_it_makes_its_tables_and_serves_from_there(installed: Path, tmp_path: Path):
    script = (
        "import catalog, webapp.app\n"
        "from catalog import database\n"
        "database.upgrade()\n"
        "client = webapp.app.create_app().test_client()\n"
        "print(catalog.__file__)\n"
        "print(client.get('/api/v1/songs').status_code, client.get('/library').status_code)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(installed), "COVERS_DATA_FOLDER": str(tmp_path / "d")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines() == [
        str(installed / "catalog" / "__init__.py"),
        "200 200",
    ]
