"""Passwords: what is asked of one, and Argon2id hashes of them.

A hash takes 64 MiB for a moment, so that guessing is dear. Two at a time are enough for people,
and keep strangers from filling the memory by logging in.
"""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from catalog.errors import InputError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 200
_turn = BoundedSemaphore(2)


def check_password(password: str, name: str) -> None:
    """Refuse what is guessed first.

    Raises:
        InputError: when it is short, endless, or the name over again.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InputError(
            f"the password has {len(password)} characters: take {SHORTEST} to {LONGEST}, "
            "such as four unrelated words"
        )
    if len(set(password)) < 5 or name.casefold() * 2 in password.casefold() * 2:
        raise InputError("the password is easy to guess: take four unrelated words")


def hash_password(password: str) -> str:
    """An Argon2id hash with its salt and cost inside."""
    with _turn:
        return _hasher().hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one of a hash; without a hash, no, after the same time."""
    from argon2.exceptions import InvalidHashError, VerificationError

    with _turn:
        try:
            return _hasher().verify(password_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """So that a name that nobody has costs as much time as a wrong password."""
    import secrets

    return _hasher().hash(secrets.token_hex())
