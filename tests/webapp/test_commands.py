"""`covers serve` and `covers openapi`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from catalog import database
from catalog.account_models import UserRole
from catalog.accounts import add_user
from catalog.audit import COMMAND
from catalog.errors import StateError
from catalog.secret_key import setup_code
from webapp.commands import _about_the_desk

SERVE = "from webapp.commands import serve_app; serve_app()"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_commands_are_light_to_import() -> None:
    heavy = "{'flask', 'apiflask', 'gunicorn', 'numpy', 'sqlalchemy'} & set(sys.modules)"
    code = f"import sys, webapp.commands; print(sorted({heavy}))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_serve_says_its_address_once_it_answers_and_stops(tmp_path: Path) -> None:
    port = free_port()
    environment = os.environ | {"COVERS_DATA_FOLDER": str(tmp_path)}
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"Infinite Covers: http://127.0.0.1:{port}\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/songs") as answer:
            assert answer.read().strip() == b'{"songs":[]}'
    finally:
        server.terminate()
        server.communicate(timeout=20)
    assert server.returncode == 0


@pytest.mark.usefixtures("cheap_passwords")
def test_others_are_not_let_in_before_there_is_an_admin(library: Path) -> None:
    with pytest.raises(StateError, match="covers user add NAME --admin"):
        _about_the_desk("http://0.0.0.0:5000", is_loopback=False)
    with database.session() as session:
        add_user(session, "kim", "correct horse battery", UserRole.CURATOR, actor=COMMAND)
    with pytest.raises(StateError, match="has no admin"):
        _about_the_desk("http://0.0.0.0:5000", is_loopback=False)
    with database.session() as session:
        add_user(session, "boss", "correct horse battery", UserRole.ADMIN, actor=COMMAND)
    assert "HTTPS" in _about_the_desk("http://0.0.0.0:5000", is_loopback=False)[0]


def test_the_address_of_the_setup_is_printed_where_it_works(library: Path) -> None:
    (line,) = _about_the_desk("http://127.0.0.1:5000", is_loopback=True)
    assert line.endswith(f"/desk/setup?code={setup_code()}")
