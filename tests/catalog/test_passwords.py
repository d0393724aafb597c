"""How dear it is to guess a password."""

from __future__ import annotations

from argon2 import extract_parameters

from catalog.passwords import hash_password, verify_password


def test_a_hash_takes_the_memory_that_it_is_said_to():
    password_hash = hash_password("correct horse battery staple")
    parameters = extract_parameters(password_hash)
    assert parameters.memory_cost == 64 * 1024  # KiB
    assert parameters.time_cost >= 2
    assert verify_password(password_hash, "correct horse battery staple")
    assert not verify_password(password_hash, "correct horse battery stapler")


def test_something_else_than_a_hash_lets_nobody_in():
    assert not verify_password("plain", "plain")
    assert not verify_password(None, "")
