"""A threaded worker whose threads no client can hold by neither sending nor reading.

A player with a full buffer stops reading in the middle of an answer, and gunicorn's threads wait
for it without end: as many paused players as threads, and nobody else is answered.
"""

from __future__ import annotations

from typing import Any

from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.workers import gthread  # type: ignore[import-untyped]

STALL_S = 10.0
"""How long one piece of a request or an answer may take; players come back for the rest."""
FAREWELL_S = 0.01


class Connection(gthread.TConn):  # type: ignore[misc]
    """A client's socket, waited for `STALL_S` at most."""

    def init(self) -> None:
        """Called at each request, right after gunicorn made the socket wait for ever."""
        super().init()
        self.sock.settimeout(STALL_S)

    def close(self, graceful: bool = False) -> None:
        """gunicorn would wait 2 s for each farewell, in the loop that accepts everybody else."""
        if graceful:
            util.close_graceful(self.sock, timeout=FAREWELL_S)
        else:
            super().close()


class Worker(gthread.ThreadWorker):  # type: ignore[misc]
    """gthread with such connections; one that stops reading is closed without a traceback."""

    def init_process(self) -> None:
        """gunicorn has no setting for the kind of connection."""
        gthread.TConn = Connection
        super().init_process()

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer one request. Returns whether the connection may stay open."""
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError:
            self.log.debug("%s stopped reading", conn.client)
            return False
