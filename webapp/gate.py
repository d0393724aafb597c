"""Few questions at a time are worked on, whatever number of threads waits for clients.

Python runs one thread at a time. Thirty that compute at once only take turns, every few
milliseconds, and a moment of too many questions never ends: a server that answered 146 companions
a second two at a time sank to 90. Threads are for slow clients, not for speed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

AT_ONCE = 2
"""One computes while the other waits for the database."""
DECODING = "/desk/peaks/"
"""Below it a recording is decoded, for curators only."""


class Gate:
    """A WSGI application in front of another one.

    Only the answer's making is let through in turn: it is sent at its client's pace, and what
    comes with a body comes at that pace too, so it does not wait here. Nor does what has another
    process compute.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], at_once: int = AT_ONCE) -> None:
        self.app = app
        self._turns = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request when it is its turn."""
        is_decoding = environ.get("PATH_INFO", "").startswith(DECODING)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or is_decoding:
            return self.app(environ, start_response)
        with self._turns:
            return self.app(environ, start_response)
