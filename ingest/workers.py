"""Celery workers as child processes: started, kept running, and stopped."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from catalog.errors import CoversError
from catalog.processes import die_with_parent
from ingest.children import python_environment, python_module

log = logging.getLogger(__name__)

RESTART_PAUSE_S = 2.0
QUICK_S = 10.0
MAX_QUICK_ENDS = 5
"""A worker that ends so often within seconds of its start will not do better the next time."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)
"""Each worker process takes one core; libraries that take all of them would fight."""
QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
"""In a container root is the usual user."""


class WorkerStartError(CoversError):
    """A worker that ends whenever it is started."""


@dataclass(frozen=True)
class WorkerKind:
    """What one Celery worker takes: queues in Celery's order, and how many processes."""

    name: str
    queues: str
    processes: int

    def start(self, broker_address: str) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own."""
        options = {
            "queues": self.queues,
            "concurrency": str(self.processes),
            "hostname": f"{self.name}-{os.getpid()}@%h",
            "loglevel": "WARNING",
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return subprocess.Popen(
            python_module("celery", "-q", "-A", "ingest.celery_app", "worker", *flags, *quiet),
            env=python_environment(COVERS_REDIS_URL=broker_address, **ONE_THREAD, **QUIET),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509
        )


@dataclass(frozen=True)
class Beat:
    """What ticks for the schedule. Of several on one broker only one does, by a lock there."""

    name: str = "beat"

    def start(self, broker_address: str) -> subprocess.Popen[bytes]:
        """Start it in a process group of its own."""
        flags = ["--loglevel=WARNING", "--pidfile="]
        return subprocess.Popen(
            python_module("celery", "-q", "-A", "ingest.celery_app", "beat", *flags),
            env=python_environment(COVERS_REDIS_URL=broker_address),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509
        )


class Worker:
    """One Celery worker, or the beat, that is started again when it ends."""

    def __init__(self, kind: WorkerKind | Beat) -> None:
        self.kind = kind
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = float("-inf")
        self.quick_ends = 0

    def keep_alive(self, broker_address: str) -> None:
        """Start it, or start it again after a pause.

        Raises:
            WorkerStartError: when it has ended at once too often.
        """
        now = time.monotonic()
        if self.process is not None:
            if self.process.poll() is None:
                return
            self._note_end(self.process.returncode, now - self.started_at)
            self.process = None
        if now - self.started_at >= RESTART_PAUSE_S:
            self.started_at = now
            self.process = self.kind.start(broker_address)

    def _note_end(self, exit_code: int, lived_s: float) -> None:
        name = self.kind.name
        self.quick_ends = self.quick_ends + 1 if lived_s < QUICK_S else 1
        if self.quick_ends >= MAX_QUICK_ENDS:
            raise WorkerStartError(f"worker {name} ends whenever it is started: see its errors")
        log.warning("worker %s ended with %s; starting it again", name, exit_code)

    def ask_to_stop(self) -> None:
        """Let it end what it is doing."""
        if self.process is not None:
            self.process.terminate()

    def stop(self, *, within_s: float) -> None:
        """Kill it with all its processes, unless it ends by itself in time."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=within_s)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
