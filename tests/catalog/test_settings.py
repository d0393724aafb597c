from pathlib import Path

import pytest

from catalog.errors import SettingsError
from catalog.settings import Settings, get_settings, shown_value

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default(name: str):
    field = Settings.model_fields[name]
    default = "" if field.default_factory else f"`{field.default}`"
    lines = DOCUMENTATION.read_text().splitlines()
    row = next((line for line in lines if f"`COVERS_{name.upper()}`" in line), None)
    assert row is not None, f"COVERS_{name.upper()} is missing in docs/settings.md"
    assert field.description is not None
    assert field.description in row
    assert default in row or field.default == ""


def test_no_setting_is_documented_that_does_not_exist():
    documented = {
        line.split("`")[1].removeprefix("COVERS_").lower()
        for line in DOCUMENTATION.read_text().splitlines()
        if line.startswith("| `COVERS_")
    }
    assert documented == set(Settings.model_fields)


def test_folders_follow_xdg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("COVERS_DATA_FOLDER", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_folder == tmp_path / "infinite-covers"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch, name: str):
    for variable in (f"COVERS_{name.upper()}", "DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(variable, raising=False)
    usual = getattr(Settings(), name)
    monkeypatch.setenv(f"COVERS_{name.upper()}", "")
    assert getattr(Settings(), name) == usual


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("sqlite:////tmp/x", "sqlite:////tmp/x"),
    ],
)
def test_database_address_names_the_driver(monkeypatch: pytest.MonkeyPatch, given, address):
    monkeypatch.delenv("COVERS_DATABASE_URL", raising=False)
    monkeypatch.setenv("DATABASE_URL", given)
    assert Settings().database_address == address


def test_an_impossible_value_is_named(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COVERS_PORT", "70000")
    get_settings.cache_clear()
    with pytest.raises(SettingsError, match="COVERS_PORT='70000' is not usable"):
        get_settings()


@pytest.mark.parametrize("value", ["inf", "nan", "-1"])
def test_a_lease_is_a_positive_number(library: Path, monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("COVERS_LEASE_S", value)
    get_settings.cache_clear()
    with pytest.raises(SettingsError, match="COVERS_LEASE_S"):
        get_settings()


def test_passwords_are_not_shown():
    assert shown_value("redis://me:secret@host/0") == "redis://me:***@host/0"
    assert shown_value("postgresql://u:p%40@h/d") == "postgresql://u:***@h/d"
    assert shown_value("postgresql://u:geh/eim@h/x") == "postgresql://u:***@h/x"
    assert (
        shown_value("postgresql://h/x?user=u&password=p") == "postgresql://h/x?user=u&password=***"
    )
