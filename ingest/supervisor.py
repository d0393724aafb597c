"""One process in the foreground that runs everything: broker, dispatcher and Celery workers.

Its children end with it, however it ends. A child that dies is started again. Two supervisors on
one data folder share the broker of the first; when that one goes, the second starts its own.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from catalog import database
from catalog.errors import BrokerError
from catalog.jobs import take_back_from_dead_processes
from catalog.processes import die_with_parent
from catalog.settings import get_settings
from ingest.backlog import any_running_here, has_work
from ingest.broker import Broker, ensure_broker
from ingest.celery_app import app
from ingest.children import python_environment, python_module
from ingest.dispatcher import Dispatcher

log = logging.getLogger(__name__)

TICK_S = 0.25
STOP_WITHIN_S = 4.0
LOOK_FOR_BROKER_S = 2.0
FETCHERS = 2
ONE_THREAD = dict.fromkeys(
    ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS"], "1"
)
"""Each worker process takes one core; libraries that take all of them would fight."""
QUIET = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
"""In a container root is the usual user."""


@dataclass(frozen=True)
class WorkerKind:
    """One Celery worker: deciding is light and goes wherever there is a free hand."""

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


class Supervisor:
    """Keeps broker and workers running, and sends them what is due."""

    def __init__(self, workers: int | None = None) -> None:
        self.kinds = (
            WorkerKind("align", "align,light", workers or get_settings().workers),
            WorkerKind("fetch", "fetch,light", FETCHERS),
        )
        self.children: dict[WorkerKind, subprocess.Popen[bytes]] = {}
        self.broker = Broker("")
        self.looked_for_broker_at = 0.0
        self.stopping = False

    def run(self, *, until_idle: bool, on_tick: Callable[[], None] = lambda: None) -> None:
        """Work until told to stop, or until nothing is left to do.

        Parameters
        ----------
        on_tick
            called a few times a second, to show progress

        Raises
        ------
        BrokerError
            when there is no message broker
        """
        with _signals(self._ask_to_stop), self._running():
            dispatcher = Dispatcher(app)
            while not self.stopping:
                self._keep_alive()
                try:
                    dispatcher.tick()
                    on_tick()
                    if until_idle and not _any_work(dispatcher):
                        return
                except SQLAlchemyError:
                    log.exception("the database did not answer; trying again")
                time.sleep(TICK_S)

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    @contextmanager
    def _running(self) -> Iterator[None]:
        self.broker = ensure_broker()
        app.conf.broker_url = self.broker.address
        try:
            yield
        finally:
            self._stop_workers()
            self.broker.stop()

    def _keep_alive(self) -> None:
        """Start what is missing: at first everything, later what died."""
        self._keep_broker()
        for kind in self.kinds:
            child = self.children.get(kind)
            if child is not None and child.poll() is not None:
                log.warning("worker %s ended with %s; starting it again", kind.name, child.poll())
            if child is None or child.poll() is not None:
                self.children[kind] = kind.start(self.broker.address)

    def _keep_broker(self) -> None:
        """Start our own again when it died, and take over one that we shared."""
        ours = self.broker.server
        looked_s_ago = time.monotonic() - self.looked_for_broker_at
        if looked_s_ago < LOOK_FOR_BROKER_S or (ours is not None and ours.poll() is None):
            return
        self.looked_for_broker_at = time.monotonic()
        try:
            self.broker = ensure_broker()
        except BrokerError as error:
            log.warning("%s; trying again", error)

    def _stop_workers(self) -> None:
        """Let running jobs end if they end soon, kill what is left, and free its jobs."""
        grace_s = STOP_WITHIN_S if _any_running() else 0.0
        for child in self.children.values():
            child.terminate()
        deadline = time.monotonic() + grace_s
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=max(deadline - time.monotonic(), 0.1))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        _free_jobs()


def _any_running() -> bool:
    try:
        with database.session() as session:
            return any_running_here(session)
    except SQLAlchemyError:  # nothing may keep the children from being stopped
        return False


def _free_jobs() -> None:
    """Queue again what the stopped workers held. A killed process takes a moment to be gone."""
    for _ in range(20):
        with suppress(SQLAlchemyError), database.session() as session:
            take_back_from_dead_processes(session, stopped_by_us=True)
        if not _any_running():
            return
        time.sleep(0.05)


def _any_work(dispatcher: Dispatcher) -> bool:
    with database.session() as session:
        return has_work(session, dispatcher.stages)


@contextmanager
def _signals(handler: Callable[[int, FrameType | None], Any]) -> Iterator[None]:
    """Handle SIGINT and SIGTERM by `handler` for a while."""
    before = {each: signal.signal(each, handler) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, earlier in before.items():
            signal.signal(each, earlier)
