"""The parent's side of a download: one guarded, short-lived process per address."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any

from catalog.errors import CoversError, HostError, SettingsError, SourceError
from catalog.processes import die_with_parent
from catalog.settings import Settings, get_settings
from ingest.addresses import short_address
from ingest.children import python_environment, python_module
from ingest.download_child import KINDS

LIST_TIMEOUT_S = 300.0
DOWNLOAD_TIMEOUT_S = 1800.0
STALL_S = 90.0
"""A host that delivers nothing for so long is given up."""
MAX_MEMORY_BYTES = 4 * 1024**3
"""A small page can unpack to any size."""
LOG = "child.log"
REPORTED_STEP = 0.05
"""A report is written to the database; yt-dlp has news ten times a second."""


@dataclass(frozen=True)
class Wish:
    """How a recording is to be downloaded.

    Attributes:
        audio_only: the sound is enough, where the source has it apart
        any_site: also from pages for which yt-dlp has no extractor of their own
        screening: `ingest.screening.documents`, to judge by its metadata first
    """

    audio_only: bool = False
    any_site: bool = True
    screening: dict[str, Any] | None = None


def request_list(
    address: str, folder: Path, *, limit: int, any_site: bool = True
) -> list[dict[str, Any]]:
    """The entries behind an address, as yt-dlp describes them.

    Raises:
        CoversError: of the kind that tells whether another attempt can succeed.
    """
    request = {"action": "list", "limit": limit, "any_site": any_site}
    result = _serve(address, folder, request, LIST_TIMEOUT_S, lambda share: None)
    return list(result["entries"])


def request_page(address: str, folder: Path) -> str:
    """The text that an address answers with, up to 10 MiB.

    Raises:
        CoversError: of the kind that tells whether another attempt can succeed.
    """
    result = _serve(address, folder, {"action": "page"}, LIST_TIMEOUT_S, lambda share: None)
    return str(result["text"])


def request_description(address: str, folder: Path, *, any_site: bool = True) -> dict[str, Any]:
    """What yt-dlp says of one recording, without fetching it.

    Raises:
        CoversError: of the kind that tells whether it is there no more.
    """
    request = {"action": "describe", "any_site": any_site}
    return dict(_serve(address, folder, request, LIST_TIMEOUT_S, lambda share: None)["description"])


def request_download(
    address: str, folder: Path, report: Callable[[float], None], wish: Wish | None = None
) -> dict[str, Any]:
    """Download one recording into a folder: `files` there, and its `description`.

    With `screening` in the wish, what that refuses comes back as `refused`, without files.

    Raises:
        CoversError: of the kind that tells whether another attempt can succeed.
    """
    request = {"action": "download", **asdict(wish or Wish())}
    return _serve(address, folder, request, DOWNLOAD_TIMEOUT_S, report)


def _serve(
    address: str,
    folder: Path,
    request: dict[str, Any],
    timeout_s: float,
    report: Callable[[float], None],
) -> dict[str, Any]:
    shown = short_address(address)
    with _child(folder, timeout_s) as child:
        assert child.stdin is not None and child.stdout is not None
        with suppress(BrokenPipeError), child.stdin as stdin:
            json.dump(request | _limits(get_settings()) | _where(address, folder), stdin)
        told = 0.0
        for event in _events(child.stdout):
            kind = event.pop("event")
            if kind == "progress":
                if event["share"] >= told + REPORTED_STEP:
                    report(told := event["share"])
            elif kind == "error":
                said = event.pop("message").replace(address, shown)
                raise _as_error(event, f"{shown}: {said}")
            else:
                return event
    last_words = _last_words(folder, timeout_s).replace(address, shown)
    raise SourceError(f"{shown}: ended without a result {last_words}")


def _as_error(event: dict[str, Any], message: str) -> CoversError:
    kind = KINDS[event.pop("kind")]
    return HostError(message, **event) if kind is HostError else kind(message)


def _last_words(folder: Path, timeout_s: float) -> str:
    lines = (folder / LOG).read_text(errors="replace").splitlines()
    return f"({lines[-1]})" if lines else f"(the limit is {timeout_s:.0f} s)"


def _limits(settings: Settings) -> dict[str, Any]:
    return {
        "max_bytes": settings.max_media_mib * 1024**2,
        "max_memory_bytes": MAX_MEMORY_BYTES,
        "max_duration_s": settings.max_duration_s,
        "stall_s": STALL_S,
        "allowed_private_host": allowed_private_host(settings),
    }


def _where(address: str, folder: Path) -> dict[str, Any]:
    return {"url": address, "folder": str(folder.resolve())}


def allowed_private_host(settings: Settings) -> str:
    """The one HOST:PORT that downloading may reach on a private network, if any.

    Raises:
        SettingsError: when it is set while the web server is open to others.
    """
    if settings.allowed_private_host and not _is_loopback(settings.host):
        raise SettingsError(
            f"COVERS_ALLOWED_PRIVATE_HOST={settings.allowed_private_host!r} is refused while "
            f"COVERS_HOST={settings.host!r} is not loopback: unset one of them"
        )
    return settings.allowed_private_host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _events(stdout: IO[str]) -> Iterator[dict[str, Any]]:
    for line in stdout:
        with suppress(ValueError):
            yield json.loads(line)


@contextmanager
def _child(folder: Path, timeout_s: float) -> Iterator[subprocess.Popen[str]]:
    """Start the child in a process group of its own; whatever is left of it is killed."""
    with (folder / LOG).open("w") as log:
        child = subprocess.Popen(
            python_module("ingest.download_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=python_environment(),
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509
        )
    timer = threading.Timer(timeout_s, _kill_group, [child])
    timer.start()
    try:
        yield child
    finally:
        timer.cancel()
        _kill_group(child)
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _kill_group(child: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
