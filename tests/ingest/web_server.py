"""A web server for tests: answers by path, and remembers what it was asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a path answers: a status, headers, and a body that may be a function."""

    body: bytes = b""
    media_type: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    before_second_half: Callable[[], Any] | None = None
    """Called when half of the body is out, to make a download wait."""
    pieces: Callable[[], Iterator[bytes]] | None = None
    """What comes after the body, piece by piece, without a length; it need not end."""
    claimed_length: int | None = None
    """What the header says, where that is a lie."""
    honours_ranges: bool = False


def _part_of(answer: Answer, asked_range: str) -> Answer:
    """The rest of a body from a place on, as RFC 9110 has it."""
    start = int(asked_range.removeprefix("bytes=").partition("-")[0])
    total = len(answer.body)
    headers = answer.headers | {"Content-Range": f"bytes {start}-{total - 1}/{total}"}
    return replace(answer, body=answer.body[start:], status=206, headers=headers)


class WebServer:
    """Serves `answers` on a port of loopback until left."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.ranges: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.host_and_port = f"127.0.0.1:{self._server.server_address[1]}"

    def address(self, path: str) -> str:
        return f"http://{self.host_and_port}{path}"

    def __enter__(self) -> WebServer:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.begin()

            def do_GET(self) -> None:
                answer = self.begin()
                half = len(answer.body) // 2
                self.wfile.write(answer.body[:half])
                self.wfile.flush()
                if answer.before_second_half:
                    answer.before_second_half()
                self.wfile.write(answer.body[half:])
                for piece in answer.pieces() if answer.pieces else ():
                    self.wfile.write(piece)
                    self.wfile.flush()

            def handle(self) -> None:
                with suppress(ConnectionError):  # who asked has heard enough
                    super().handle()

            def begin(self) -> Answer:
                outer.asked.append(self.path)
                answer = outer.answers.get(self.path, Answer(b"not here", status=404))
                asked_range = self.headers.get("Range", "")
                outer.ranges.append(asked_range)
                if answer.honours_ranges and asked_range:
                    answer = _part_of(answer, asked_range)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.media_type)
                if answer.pieces is None:
                    length = answer.claimed_length
                    claimed = len(answer.body) if length is None else length
                    self.send_header("Content-Length", str(claimed))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                return answer

            def log_message(self, *_arguments: Any) -> None:
                pass

        return Handler
