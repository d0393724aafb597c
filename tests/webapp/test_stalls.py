"""Clients that neither send nor read, against the real server: everybody else is answered."""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog import database
from catalog.models import Recording
from tests.webapp.conftest import Ids
from tests.webapp.test_commands import free_port

PIECE_BYTES = 2 * 2**20
STALL_S = 2
SERVE = (
    f"import webapp.worker; webapp.worker.STALL_S = {STALL_S};"
    "from webapp.commands import serve_app; serve_app()"
)
CLIENTS = 40
"""More than the server has threads."""


@dataclass(frozen=True)
class Serving:
    """A running server, and a long recording on it."""

    port: int
    path: str
    contents: bytes

    def ask(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse()


@pytest.fixture
def serving(ids: Ids, library: Path) -> Iterator[Serving]:
    contents = random.Random(1).randbytes(3 * PIECE_BYTES + 12345)
    with database.session() as session:
        name = session.get_one(Recording, ids.reference).media_file
    assert name is not None
    (library / "media" / name).write_bytes(contents)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, "--port", str(port)],
        env=os.environ | {"COVERS_DATA_FOLDER": str(library), "COVERS_WEB_THREADS": "32"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Serving(port, f"/media/{ids.reference}", contents)
    finally:
        server.kill()
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server does not listen")


@pytest.mark.parametrize("headers", ["Range: bytes=0-\r\n", ""], ids=["range", "whole"])
def test_players_that_stop_reading_do_not_hold_up_the_others(
    serving: Serving, headers: str
) -> None:
    _stall(serving, f"GET {serving.path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")


def test_requests_that_never_end_do_not_hold_up_the_others(serving: Serving) -> None:
    _stall(serving, "G")


def _stall(serving: Serving, said: str) -> None:
    with ExitStack() as stack:
        for _ in range(CLIENTS):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", serving.port))
            client.sendall(said.encode())
        time.sleep(0.5)
        for _ in range(2):
            assert serving.ask("/api/v1/songs").status == 200
            time.sleep(STALL_S + 1)
        assert serving.ask("/api/v1/songs").status == 200


def test_a_player_reads_the_whole_piece_by_piece(serving: Serving) -> None:
    size = len(serving.contents)
    read = b""
    while len(read) < size:
        answer = serving.ask(serving.path, {"Range": f"bytes={len(read)}-"})
        piece = answer.read()
        assert answer.status == 206
        last = len(read) + len(piece) - 1
        assert answer.headers["Content-Range"] == f"bytes {len(read)}-{last}/{size}"
        assert 0 < len(piece) <= PIECE_BYTES
        read += piece
    assert read == serving.contents
