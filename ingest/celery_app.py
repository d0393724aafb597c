"""Celery's app. The job rows are the truth; a message only wakes a worker.

So messages may come late, twice or never, and every setting here is chosen for what happens when
a worker is killed. Tasks of other packages are found through the entry-point group
`covers.tasks`; one that is not installed is just absent.
"""

from __future__ import annotations

import logging
import sys
from importlib import import_module
from importlib.metadata import entry_points
from types import TracebackType
from typing import Any

from celery import Celery
from celery.signals import after_setup_logger, worker_process_init
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog.settings import get_settings
from ingest.broker import client_address

log = logging.getLogger(__name__)

LOSSES = (RedisError, OperationalError, ConnectionError)
"""What a broker that is gone, or comes back, shows as."""

SOFT_LIMIT_S = 3000
HARD_LIMIT_S = 3300
VISIBILITY_S = 3600
"""A task that ran longer than this would be started a second time while it still runs."""

BEAT_LOCK_S = 30
"""How long a beat that was killed keeps others from ticking."""
CLEAN_EVERY_S = 3600.0

SETTINGS: dict[str, Any] = {
    "accept_content": ["json"],
    "beat_max_loop_interval": 5,
    "beat_scheduler": "redbeat.RedBeatScheduler",
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {
        "socket_connect_timeout": 5,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "visibility_timeout": VISIBILITY_S,
    },
    "redbeat_key_prefix": "covers:beat:",
    "redbeat_lock_timeout": BEAT_LOCK_S,
    "redbeat_redis_options": {},
    "result_backend": None,
    "task_acks_late": True,
    "task_create_missing_queues": True,
    "task_default_queue": "light",
    "task_ignore_result": True,
    "task_retry_on_worker_lost": True,
    "task_serializer": "json",
    "task_soft_time_limit": SOFT_LIMIT_S,
    "task_store_errors_even_if_ignored": False,
    "task_time_limit": HARD_LIMIT_S,
    "worker_disable_prefetch": True,
    "worker_hijack_root_logger": False,
    "worker_max_tasks_per_child": 100,
    "worker_prefetch_multiplier": 1,
    "worker_soft_shutdown_timeout": 3.0,
}


def beat_schedule() -> dict[str, Any]:
    """What the beat sends. A message that nobody took before the next one is due is dropped."""
    tick_s = get_settings().harvest_tick_s
    return {
        "harvest": {
            "task": "ingest.harvest",
            "schedule": tick_s,
            "options": {"queue": "light", "expires": 0.9 * tick_s},
        },
        "clean": {
            "task": "ingest.clean",
            "schedule": CLEAN_EVERY_S,
            "options": {"queue": "light", "expires": 0.9 * CLEAN_EVERY_S},
        },
    }


def import_tasks() -> None:
    """Import every module of the group `covers.tasks`, so that its shared tasks are known.

    Of two entries with one name the first on the path wins, as with modules.
    """
    modules = {"ingest": "ingest.tasks"}
    for entry in entry_points(group="covers.tasks"):
        modules.setdefault(entry.name, entry.value)
    for module in modules.values():
        try:
            import_module(module)
        except ImportError as error:
            log.warning("tasks of %s are not installed here: %s", module, error)


def make_app(broker_address: str) -> Celery:
    """The app with our settings and every installed task. Connects to nothing yet."""
    app = Celery("covers", broker=broker_address or None)
    app.conf.update(SETTINGS)
    app.conf.beat_schedule = beat_schedule()
    app.conf.redbeat_redis_url = client_address(broker_address)
    import_tasks()
    app.finalize()
    return app


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _begin_process(**_signal: Any) -> None:
    """A pool process takes none of its parent's connections. Celery ties its life to it."""
    from catalog.database import get_engine

    get_engine().dispose(close=False)


@after_setup_logger.connect  # type: ignore[untyped-decorator]
def _tell_losses_in_one_line(logger: logging.Logger, **_signal: Any) -> None:
    """Name the cause of a lost connection instead of the hundred calls above it."""
    for handler in logger.handlers:
        handler.addFilter(_without_trace_of_a_loss)
    sys.excepthook = _tell_end


def _tell_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, LOSSES):
        log.error("%s", error)
    else:
        sys.__excepthook__(kind, error, trace)


def _without_trace_of_a_loss(record: logging.LogRecord) -> bool:
    cause = record.exc_info[1] if record.exc_info else None
    if isinstance(cause, LOSSES):
        record.msg, record.args = "%s (%s)", (record.getMessage(), cause)
        record.exc_info = record.exc_text = None
    return True


app = make_app(get_settings().redis_url)
