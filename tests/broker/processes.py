"""Finding and ending the processes that work for one library."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process of this machine."""

    number: int
    command: str

    def kill(self) -> None:
        os.kill(self.number, signal.SIGKILL)


def processes_of(data_folder: Path) -> list[Process]:
    """Every living process, but this one, whose environment names a data folder.

    Or whose current folder lies in it: the broker overwrites its environment.
    """
    wanted = f"COVERS_DATA_FOLDER={data_folder}\0".encode()
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            environment = (folder / "environ").read_bytes() + b"\0"
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            inside = (folder / "cwd").readlink().is_relative_to(data_folder)
        except OSError:
            continue
        if (wanted in environment or inside) and command and "postgres" not in command:
            found.append(Process(int(folder.name), command))
    return found


class WorkerProcess(subprocess.Popen[str]):
    """`covers worker` with this process's environment.

    What it says goes to a file: a pipe that nobody reads fills, and who writes to it stands still.
    """

    def __init__(self, *options: str) -> None:
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        super().__init__([sys.executable, "-m", "catalog", "worker", *options], stderr=self.log)

    def said(self, *, timeout_s: float = 60.0) -> str:
        """Everything it said, once it has ended."""
        self.wait(timeout=timeout_s)
        with self.log:
            self.log.seek(0)
            return self.log.read()


def run_until_idle(*options: str, timeout_s: float = 90.0) -> subprocess.CompletedProcess[str]:
    """`covers worker --until-idle`, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "catalog", "worker", "--until-idle", *options],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def wait_for(condition: Callable[[], object], *, timeout_s: float = 60.0) -> None:
    """Until a condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def lines_of(path: Path) -> list[str]:
    """The lines of a file that may not be there yet."""
    return path.read_text().splitlines() if path.exists() else []
