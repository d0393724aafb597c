"""`covers serve` and `covers openapi`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

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


def test_serve_answers_and_stops(tmp_path: Path) -> None:
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
        assert _answer(f"http://127.0.0.1:{port}/api/v1/songs") == '{"songs":[]}'
    finally:
        server.terminate()
        output, _ = server.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}" in output
    assert server.returncode == 0


def _answer(address: str) -> str:
    for _ in range(150):
        try:
            with urllib.request.urlopen(address) as response:
                return str(response.read().decode().strip())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")
