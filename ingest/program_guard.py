"""Keeps a downloading process from starting programs, which no guard of this process would bind.

Like the guard of addresses it is an audit hook, and cannot be taken off again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ALLOWED = ("deno",)
"""What yt-dlp runs scripts of video sites in; it starts it without any access to the network."""
_STARTING = ("subprocess.Popen", "os.exec", "os.posix_spawn")
_NEVER = ("os.system", "os.fork", "os.forkpty", "pty.spawn")


class RefusedProgramError(OSError):
    """A program that a downloading process must not start."""


def install() -> None:
    """Guard this process from now on."""

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _NEVER or (event in _STARTING and not _is_allowed(arguments[0])):
            raise RefusedProgramError(f"refused: {event} of {arguments[:1]!r}")

    sys.addaudithook(audit)


def _is_allowed(program: object) -> bool:
    return isinstance(program, str) and Path(program).name in ALLOWED
