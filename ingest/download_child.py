"""What runs in the short-lived process that talks to the web: `python -m ingest.download_child`.

It reads one request as JSON from stdin and writes JSON lines to stdout: `progress` with a share,
then one `result` or one `error`. A process of its own, because the guard of addresses cannot be
taken off, limits on file size hold for a whole process, and a process group can be killed whole.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog.errors import (
    CoversError,
    ExtractorError,
    HostError,
    MediaError,
    PolicyError,
    SettingsError,
    SourceError,
    StorageError,
    UnavailableError,
)
from catalog.processes import die_with_parent

KINDS: dict[str, type[CoversError]] = {
    "extractor": ExtractorError,
    "host": HostError,
    "media": MediaError,
    "policy": PolicyError,
    "settings": SettingsError,
    "source": SourceError,
    "storage": StorageError,
    "unavailable": UnavailableError,
}


def emit(event: str, **values: Any) -> None:
    """Write one line for the parent."""
    sys.__stdout__.write(json.dumps({"event": event, **values}) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]


def main() -> None:
    """Serve the one request on stdin."""
    request = json.load(sys.stdin)
    try:
        _confine(request)
        from ingest import ytdlp

        serve = ytdlp.ACTIONS[request["action"]]
        with _watchdog(request["stall_s"]) as is_alive:

            def report(share: float) -> None:
                is_alive()
                emit("progress", share=share)

            emit("result", **serve(request, report))
    except CoversError as error:
        kind = next(name for name, each in KINDS.items() if type(error) is each)
        more = vars(error) if isinstance(error, HostError) else {}
        emit("error", kind=kind, message=str(error), **more)
    except MemoryError:
        emit("error", kind="media", message="unpacks to more than memory holds")


@contextmanager
def _watchdog(stall_s: float) -> Iterator[Callable[[], None]]:
    """End this process when nothing was called for so long.

    A host that sends a byte now and then keeps every timeout of a socket from being reached.
    """
    called_at = [time.monotonic()]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(min(stall_s / 4, 1.0)):
            if time.monotonic() - called_at[0] > stall_s:
                message = f"delivers nothing for {stall_s:.0f} s"
                emit("error", kind="host", message=message, doubtful=True)
                os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield lambda: called_at.__setitem__(0, time.monotonic())
    finally:
        ended.set()


def _confine(request: dict[str, Any]) -> None:
    """Guard the network, limit files, memory and programs, and tie grandchildren to us."""
    from ingest import network_guard, program_guard

    network_guard.install(request["allowed_private_host"])
    program_guard.install()
    resource.setrlimit(resource.RLIMIT_DATA, (request["max_memory_bytes"],) * 2)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (request["max_bytes"], request["max_bytes"]))
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        del os.environ[name]
    sys.modules["curl_cffi"] = None  # type: ignore[assignment]  # it connects past the guard
    os.chdir(Path(request["folder"]))
    begin = subprocess.Popen.__init__

    def begin_tied(popen: Any, *arguments: Any, **options: Any) -> None:
        begin(popen, *arguments, **{"preexec_fn": die_with_parent(), **options})

    subprocess.Popen.__init__ = begin_tied  # type: ignore[assignment, method-assign]


if __name__ == "__main__":
    main()
