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
from pathlib import Path
from typing import Any

from catalog.errors import (
    CoversError,
    MediaError,
    SettingsError,
    SourceError,
    StorageError,
    UnavailableError,
)
from catalog.processes import die_with_parent

KINDS: dict[str, type[CoversError]] = {
    "media": MediaError,
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

        serve = ytdlp.list_entries if request["action"] == "list" else ytdlp.download
        emit("result", **serve(request, lambda share: emit("progress", share=share)))
    except CoversError as error:
        kind = next(name for name, each in KINDS.items() if type(error) is each)
        emit("error", kind=kind, message=str(error))
    except MemoryError:
        emit("error", kind="media", message="unpacks to more than memory holds")


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
