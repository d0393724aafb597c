"""gunicorn in this process, with threads: many open streams, one copy of the application."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]


class Server(BaseApplication):  # type: ignore[misc]
    """One worker of the gthread kind around an application made after the fork."""

    def __init__(self, host: str, port: int, threads: int, when_ready: Callable[[], None]) -> None:
        self.host, self.port, self.threads = host, port, threads
        self.when_ready = when_ready
        super().__init__()

    def load_config(self) -> None:
        """Settings of gunicorn; a long keep-alive suits players that ask for many ranges."""
        address = f"[{self.host}]" if ":" in self.host else self.host
        chosen: dict[str, Any] = {
            "bind": f"{address}:{self.port}",
            "workers": 1,
            "worker_class": "webapp.worker.Worker",
            "threads": self.threads,
            "keepalive": 30,
            "graceful_timeout": 5,
            "control_socket_disable": True,
            "proc_name": "covers-serve",
            "when_ready": lambda arbiter: self.when_ready(),
        }
        for name, choice in chosen.items():
            self.cfg.set(name, choice)

    def load(self) -> Any:
        """The application, made in the worker so that no connection crosses a fork."""
        from webapp.app import create_app
        from webapp.gate import Gate

        app = Gate(create_app())
        gc.freeze()  # what is loaded stays: looking through it held up everybody for 70 ms
        return app
