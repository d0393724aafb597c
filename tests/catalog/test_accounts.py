"""Accounts, logins, tokens, the log and the secret key."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import accounts, credentials, database, secret_key
from catalog.account_models import ApiToken, AuditEntry, User, UserRole, UserSession
from catalog.audit import COMMAND, Actor, latest_entries
from catalog.errors import InputError, NotFoundError, SettingsError, StateError
from catalog.errors import TooManyAttemptsError as TooMany
from catalog.models import utc_now
from tests.conftest import forget_settings

PASSWORD = "correct horse battery staple"

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def add(name: str = "kim", role: UserRole = UserRole.CURATOR) -> User:
    with database.session() as session:
        return accounts.add_user(session, name, PASSWORD, role, actor=COMMAND)


def test_who_gives_the_right_password_is_let_in(any_library: Path):
    add()
    found = accounts.log_in(" Kim ", PASSWORD, address="203.0.113.7")
    assert found is not None and found.name == "kim"
    assert accounts.log_in("kim", "something else", address="203.0.113.7") is None
    assert accounts.log_in("nobody", PASSWORD, address="203.0.113.7") is None


def test_passwords_are_stored_as_argon2id_hashes(library: Path):
    stored = add().password_hash
    assert stored.startswith("$argon2id$") and PASSWORD not in stored


@pytest.mark.parametrize("password", ["short", "a" * 20, "kimkimkimkim", "x" * 201, ""])
def test_passwords_that_are_guessed_first_are_refused(library: Path, password: str):
    with database.session() as session, pytest.raises(InputError, match="password"):
        accounts.add_user(session, "kim", password, UserRole.CURATOR, actor=COMMAND)


@pytest.mark.parametrize("name", ["", "-x", "a b", "<b>", "x" * 41, "k\u0131m"])
def test_names_that_are_not_plain_are_refused(library: Path, name: str):
    with database.session() as session, pytest.raises(InputError, match="user name"):
        accounts.add_user(session, name, PASSWORD, UserRole.CURATOR, actor=COMMAND)


def test_a_name_is_taken_once(library: Path):
    add()
    with pytest.raises(StateError, match="there is a user 'kim' already"):
        add("KIM")


def test_failed_logins_are_slowed_down_by_name_and_address(any_library: Path):
    add()
    for _ in range(accounts.ATTEMPTS_PER_PAIR):
        accounts.log_in("kim", "wrong", address="203.0.113.7")
    with pytest.raises(TooMany, match="try again in 15 minutes"):
        accounts.log_in("kim", PASSWORD, address="203.0.113.7")
    assert accounts.log_in("kim", PASSWORD, address="203.0.113.8") is not None


def test_failed_logins_are_slowed_down_over_many_names(library: Path):
    for number in range(accounts.ATTEMPTS_PER_ADDRESS):
        accounts.log_in(f"name{number}", "wrong", address="203.0.113.7")
    with pytest.raises(TooMany):
        accounts.log_in("another", "wrong", address="203.0.113.7")


def test_attempts_are_forgotten_after_a_while(library: Path):
    add()
    for _ in range(accounts.ATTEMPTS_PER_PAIR):
        accounts.log_in("kim", "wrong", address=None)
    with database.session() as session:
        for entry in session.scalars(select(AuditEntry)):
            entry.at = entry.at - accounts.ATTEMPTS_WITHIN
    assert accounts.log_in("kim", PASSWORD, address=None) is not None


def test_logins_that_succeed_do_not_count(library: Path):
    add()
    for _ in range(accounts.ATTEMPTS_PER_PAIR + 1):
        assert accounts.log_in("kim", PASSWORD, address="203.0.113.7") is not None


def test_a_session_is_found_by_its_token_and_ends(any_library: Path):
    user = add()
    with database.session() as session:
        token = credentials.begin_session(session, user)
    with database.session() as session:
        stored = session.scalars(select(UserSession)).one()
        assert token not in stored.token_sha256
        assert credentials.find_session(session, token) is stored
        assert credentials.find_session(session, stored.token_sha256) is None
        credentials.end_session(session, token)
        assert credentials.find_session(session, token) is None


@pytest.mark.parametrize("column", ["created_at", "seen_at"])
def test_a_session_runs_out(library: Path, column: str):
    user = add()
    with database.session() as session:
        token = credentials.begin_session(session, user)
    with database.session() as session:
        setattr(session.scalars(select(UserSession)).one(), column, utc_now() - timedelta(days=15))
    with database.session() as session:
        assert credentials.find_session(session, token) is None


def test_who_is_shut_out_keeps_no_way_in(library: Path):
    add("boss", UserRole.ADMIN)
    user = add()
    with database.session() as session:
        login = credentials.begin_session(session, user)
        token = credentials.add_token(session, user, "script", actor=COMMAND)
        accounts.disable_user(session, accounts.get_user(session, "kim"), actor=COMMAND)
    with database.session() as session:
        assert credentials.find_session(session, login) is None
        assert credentials.find_token(session, token) is None
    assert accounts.log_in("kim", PASSWORD, address=None) is None


def test_a_new_password_ends_every_login(library: Path):
    user = add()
    with database.session() as session:
        login = credentials.begin_session(session, user)
        kim = accounts.get_user(session, "kim")
        accounts.set_password(session, kim, "another good password", actor=COMMAND)
    with database.session() as session:
        assert credentials.find_session(session, login) is None
    assert accounts.log_in("kim", PASSWORD, address=None) is None
    assert accounts.log_in("kim", "another good password", address=None) is not None


def test_one_admin_always_stays(library: Path):
    add("boss", UserRole.ADMIN)
    with database.session() as session:
        boss = accounts.get_user(session, "boss")
        with pytest.raises(StateError, match="only admin"):
            accounts.disable_user(session, boss, actor=COMMAND)
        with pytest.raises(StateError, match="only admin"):
            accounts.set_role(session, boss, UserRole.CURATOR, actor=COMMAND)


def test_tokens_are_kept_as_digests_and_revoked(any_library: Path):
    user = add()
    with database.session() as session:
        token = credentials.add_token(session, user, "script", actor=COMMAND)
    with database.session() as session:
        stored = session.scalars(select(ApiToken)).one()
        assert token not in (stored.token_sha256, stored.name)
        assert credentials.find_token(session, token) is stored
        credentials.revoke_token(session, user, stored.id, actor=COMMAND)
        assert credentials.find_token(session, token) is None
        with pytest.raises(NotFoundError, match="has no token"):
            credentials.revoke_token(session, user, stored.id, actor=COMMAND)


def test_nobody_revokes_the_token_of_another(library: Path):
    kim, robin = add("kim"), add("robin")
    with database.session() as session:
        credentials.add_token(session, kim, "script", actor=COMMAND)
    with database.session() as session:
        token_id = session.scalars(select(ApiToken.id)).one()
        with pytest.raises(NotFoundError):
            credentials.revoke_token(session, robin, token_id, actor=COMMAND)


def test_the_log_tells_who_did_what(library: Path):
    with database.session() as session:
        actor = Actor("boss", "203.0.113.7")
        accounts.add_user(session, "kim", PASSWORD, UserRole.ADMIN, actor=actor)
    accounts.log_in("kim", "wrong", address="198.51.100.1")
    accounts.log_in("kim", PASSWORD, address="198.51.100.1")
    with database.reading() as session:
        told = [(each.actor, each.action, each.address) for each in latest_entries(session)]
    assert told == [
        ("kim", "login", "198.51.100.1"),
        ("kim", "login.failed", "198.51.100.1"),
        ("boss", "user.add", "203.0.113.7"),
    ]


def test_the_secret_key_is_made_once_and_nobody_else_reads_it(library: Path):
    first = secret_key.read_secret_key()
    path = library / "secret-key"
    assert len(first) == 64 and secret_key.read_secret_key() == first == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in library.iterdir() if "secret" in each.name] == ["secret-key"]


def test_the_owners_key_is_taken_and_a_short_one_refused(
    library: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COVERS_SECRET_KEY", "k" * 40)
    forget_settings()
    assert secret_key.read_secret_key() == "k" * 40
    assert not (library / "secret-key").exists()
    monkeypatch.setenv("COVERS_SECRET_KEY", "dev")
    forget_settings()
    with pytest.raises(SettingsError, match="COVERS_SECRET_KEY has 3 characters"):
        secret_key.read_secret_key()
