"""Accounts of the curator's desk: adding people, their roles and passwords, and logging in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog import database
from catalog.account_models import AuditEntry, User, UserRole
from catalog.audit import Actor, note
from catalog.credentials import end_sessions, revoke_tokens_of
from catalog.errors import InputError, NotFoundError, StateError, TooManyAttemptsError
from catalog.models import utc_now
from catalog.passwords import check_password, hash_password, verify_password

FAILED_LOGIN = "login.failed"
ATTEMPTS_PER_PAIR, ATTEMPTS_PER_ADDRESS, ATTEMPTS_PER_NAME = 5, 20, 50
"""Failures of a name from one address, of an address, and of a name from anywhere: the last is
high, so that a stranger cannot lock somebody out in passing."""
ATTEMPTS_WITHIN = timedelta(minutes=15)


def add_user(session: Session, name: str, password: str, role: UserRole, *, actor: Actor) -> User:
    """Insert a person.

    Raises:
        InputError: when the name or the password is not usable.
        StateError: when the name is taken.
    """
    name = fold_name(name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,39}", name):
        raise InputError(
            f"user name {name!r} is not usable: take up to 40 lower-case letters, digits, dots, "
            "hyphens and underscores"
        )
    check_password(password, name)
    if session.scalar(select(User.id).where(User.name == name)) is not None:
        raise StateError(f"there is a user {name!r} already: choose another name")
    user = User(name=name, role=role, password_hash=hash_password(password))
    session.add(user)
    session.flush()
    note(session, actor, "user.add", name, role=role.value)
    return user


def fold_name(name: str) -> str:
    """The form in which names are stored and compared."""
    return name.strip().casefold()


def get_user(session: Session, name: str) -> User:
    """The person of a name.

    Raises:
        NotFoundError: when there is none.
    """
    user = session.scalar(select(User).where(User.name == fold_name(name)))
    if user is None:
        raise NotFoundError(f"there is no user {name!r}: `covers user list` shows them")
    return user


def list_users(session: Session) -> Sequence[User]:
    """Everybody by name."""
    return session.scalars(select(User).order_by(User.name)).all()


def has_users(session: Session) -> bool:
    """Whether anybody was ever added."""
    return session.scalar(select(User.id).limit(1)) is not None


def has_admin(session: Session) -> bool:
    """Whether an admin can log in."""
    return bool(_count_admins(session))


def _count_admins(session: Session) -> int:
    query = select(func.count()).where(User.role == UserRole.ADMIN, User.disabled_at.is_(None))
    return session.scalar(query) or 0


def set_password(session: Session, user: User, password: str, *, actor: Actor) -> None:
    """Give a person a new password, and end every login with the old one.

    Raises:
        InputError: when the password is not usable.
    """
    check_password(password, user.name)
    user.password_hash = hash_password(password)
    end_sessions(session, user)
    note(session, actor, "user.password", user.name)


def set_role(session: Session, user: User, role: UserRole, *, actor: Actor) -> None:
    """Change what a person may do.

    Raises:
        StateError: when no admin would be left.
    """
    if role is not UserRole.ADMIN:
        _keep_an_admin(session, user)
    user.role = role
    note(session, actor, "user.role", user.name, role=role.value)


def disable_user(session: Session, user: User, *, actor: Actor) -> None:
    """Shut a person out at once, with all logins and tokens.

    Raises:
        StateError: when no admin would be left.
    """
    _keep_an_admin(session, user)
    user.disabled_at = utc_now()
    end_sessions(session, user)
    revoke_tokens_of(session, user)
    note(session, actor, "user.disable", user.name)


def enable_user(session: Session, user: User, *, actor: Actor) -> None:
    """Let a person in again."""
    user.disabled_at = None
    note(session, actor, "user.enable", user.name)


def _keep_an_admin(session: Session, user: User) -> None:
    is_admin = user.role is UserRole.ADMIN and user.disabled_at is None
    if is_admin and _count_admins(session) == 1:
        raise StateError(f"{user.name} is the only admin: make another one first")


def log_in(name: str, password: str, *, address: str | None) -> User | None:
    """The person whose name and password these are, `None` where they are not.

    Every attempt is on the log before the password is looked at, so that attempts at the same
    time count too; the entry says afterwards how it went.

    Raises:
        TooManyAttemptsError: after too many failures for the name or from the address.
    """
    actor = Actor(fold_name(name)[:80], address)
    with database.session() as session:
        _check_attempts(session, actor)
        attempt_id = note(session, actor, FAILED_LOGIN).id
        user = session.scalar(select(User).where(User.name == actor.name))
    known = None if user is None or user.disabled_at is not None else user
    if not verify_password(known.password_hash if known else None, password[:1000]):
        return None
    with database.session() as session:
        session.get_one(AuditEntry, attempt_id).action = "login"
    return known


def _check_attempts(session: Session, actor: Actor) -> None:
    recent = select(func.count()).where(
        AuditEntry.action == FAILED_LOGIN, AuditEntry.at > utc_now() - ATTEMPTS_WITHIN
    )
    of_name, from_address = AuditEntry.actor == actor.name, AuditEntry.address == actor.address
    for condition, most in (
        (of_name & from_address, ATTEMPTS_PER_PAIR),
        (from_address, ATTEMPTS_PER_ADDRESS),
        (of_name, ATTEMPTS_PER_NAME),
    ):
        if (session.scalar(recent.where(condition)) or 0) >= most:
            minutes = int(ATTEMPTS_WITHIN.total_seconds() / 60)
            raise TooManyAttemptsError(f"too many logins failed: try again in {minutes} minutes")
