"""`covers user`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog import database
from catalog.accounts import get_user, log_in
from catalog.credentials import find_token
from catalog.errors import InputError
from catalog.song_commands import settings_app
from catalog.user_commands import user_app
from tests.conftest import forget_settings

PASSWORD = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def run(*arguments: str, given: str | None = None):
    return CliRunner().invoke(user_app, list(arguments), input=given)


def test_an_admin_is_added_from_standard_input(library: Path):
    assert run("add", "kim", "--admin", "--password-stdin", given=PASSWORD + "\n").exit_code == 0
    assert log_in("kim", PASSWORD, address=None) is not None
    listed = json.loads(run("list", "--json").stdout)
    assert [(each["name"], each["role"], each["disabled"]) for each in listed] == [
        ("kim", "admin", False)
    ]


def test_without_a_terminal_the_password_is_not_guessed(library: Path):
    result = run("add", "kim")
    assert isinstance(result.exception, InputError) and "--password-stdin" in str(result.exception)


def test_accounts_are_changed_and_the_log_says_so(library: Path):
    run("add", "boss", "--admin", "--password-stdin", given=PASSWORD)
    run("add", "kim", "--password-stdin", given=PASSWORD)
    assert run("role", "kim", "admin").exit_code == 0
    assert run("password", "kim", "--password-stdin", given="another good password").exit_code == 0
    assert run("disable", "kim").exit_code == 0
    with database.reading() as session:
        assert get_user(session, "kim").disabled_at is not None
    assert run("enable", "kim").exit_code == 0
    actions = [each["action"] for each in json.loads(run("log", "--json").stdout)]
    assert actions == [
        "user.enable", "user.disable", "user.password", "user.role", "user.add", "user.add",
    ]  # fmt: skip


def test_a_token_is_printed_once(library: Path):
    run("add", "kim", "--password-stdin", given=PASSWORD)
    token = run("token", "kim", "nightly upload").stdout.strip()
    with database.reading() as session:
        row = find_token(session, token)
    assert row is not None and row.name == "nightly upload"
    shown = run("token", "kim").stdout
    assert "nightly upload" in shown and token not in shown
    assert run("token", "kim", "--revoke", str(row.id)).exit_code == 0
    with database.reading() as session:
        assert find_token(session, token) is None


def test_settings_do_not_show_the_secret_key(library: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COVERS_SECRET_KEY", "very-secret-" * 4)
    forget_settings()
    for arguments in ([], ["--json"]):
        assert "very-secret" not in CliRunner().invoke(settings_app, arguments).stdout
