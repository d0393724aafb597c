"""One process in the foreground that runs everything: broker, dispatcher, Celery workers, beat.

Its children end with it, however it ends. A child that dies is started again. Two supervisors on
one data folder share the broker of the first; when that one goes, the second starts its own.
"""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from catalog import database
from catalog.errors import BrokerError, StorageError
from catalog.jobs import take_back_from_dead_processes
from catalog.settings import get_settings
from ingest.backlog import any_running_here, has_work
from ingest.broker import Broker, ensure_broker
from ingest.celery_app import app
from ingest.dispatcher import Dispatcher
from ingest.workers import Beat, Worker, WorkerKind

log = logging.getLogger(__name__)

TICK_S = 0.25
STOP_WITHIN_S = 4.0
LOOK_FOR_BROKER_S = 2.0
PATIENCE_S = 30.0
"""How long the database may fail, for instance for want of disk space, before we give up."""
FETCHERS = 2


class Supervisor:
    """Keeps broker and workers running, and sends them what is due."""

    def __init__(self, workers: int | None = None) -> None:
        # Deciding is light: it goes wherever there is a free hand.
        self.workers: tuple[Worker, ...] = (
            Worker(WorkerKind("align", "align,light", workers or get_settings().workers)),
            Worker(WorkerKind("fetch", "fetch,light", FETCHERS)),
        )
        self.broker = Broker("")
        self.looked_for_broker_at = float("-inf")
        self.failing_since: float | None = None
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
        StorageError
            when the database does not answer, or cannot be written, for half a minute
        WorkerStartError
            when a worker ends whenever it is started
        """
        if not until_idle:
            self.workers = (*self.workers, Worker(Beat()))
        with _signals(self._ask_to_stop), self._running():
            dispatcher = Dispatcher(app)
            while not self.stopping:
                self._keep_broker()
                for worker in self.workers:
                    worker.keep_alive(self.broker.address)
                try:
                    dispatcher.tick()
                    on_tick()
                    if until_idle and not _any_work(dispatcher):
                        return
                    self.failing_since = None
                except SQLAlchemyError as error:
                    self._bear_with(error)
                time.sleep(TICK_S)

    def _bear_with(self, error: SQLAlchemyError) -> None:
        """Say once that the database fails; give up when it goes on failing."""
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        if self.failing_since is None:
            self.failing_since = time.monotonic()
            log.warning("the database does not answer (%s); trying again", cause)
        elif time.monotonic() - self.failing_since > PATIENCE_S:
            raise StorageError(
                f"the database does not answer ({cause}): make room or start it, then run again; "
                "nothing is lost"
            ) from error

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

    def _keep_broker(self) -> None:
        """Start our own again when nobody can reach it, and take over one that we shared."""
        if time.monotonic() - self.looked_for_broker_at < LOOK_FOR_BROKER_S:
            return
        self.looked_for_broker_at = time.monotonic()
        if self.broker.is_alive():
            return
        self.broker.stop()  # it may live on after its socket was removed
        try:
            self.broker = ensure_broker()
            app.conf.broker_url = self.broker.address
        except (BrokerError, StorageError) as error:
            log.warning("%s; trying again", error)

    def _stop_workers(self) -> None:
        """Let running jobs end if they end soon, kill what is left, and free its jobs."""
        grace_s = STOP_WITHIN_S if _any_running() else 0.0
        deadline = time.monotonic() + grace_s
        for worker in self.workers:
            worker.ask_to_stop()
        for worker in self.workers:
            worker.stop(within_s=max(deadline - time.monotonic(), 0.1))
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
    with database.reading() as session:
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
