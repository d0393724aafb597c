"""What a browser costs the machine: processor time and memory of all its processes."""

from __future__ import annotations

import os
import time
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def browser_processes() -> list[Path]:
    """Those of Chromium that this process started, by way of whomever."""
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (fields := _fields(folder)) is not None:
            parents[int(folder.name)] = int(fields[1])
    ours = {os.getpid()}
    while grown := {each for each, parent in parents.items() if parent in ours} - ours:
        ours |= grown
    return [folder for each in ours if "chrom" in _name(folder := Path(f"/proc/{each}"))]


def cpu_share(duration_s: float) -> float:
    """Of one core, over the next seconds."""
    before_s, start_s = _cpu_s(), time.monotonic()
    time.sleep(duration_s)
    return (_cpu_s() - before_s) / (time.monotonic() - start_s)


def resident_bytes() -> int:
    """Memory that is in use; what processes share counts for each of them."""
    return sum(
        int(fields[21]) * PAGE_BYTES
        for each in browser_processes()
        if (fields := _fields(each)) is not None
    )


def _cpu_s() -> float:
    return sum(
        (int(fields[11]) + int(fields[12])) / TICKS_PER_S
        for each in browser_processes()
        if (fields := _fields(each)) is not None
    )


def _fields(folder: Path) -> list[str] | None:
    """What `stat` says after the process's name, `None` when it has ended."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _name(folder: Path) -> str:
    try:
        return (folder / "comm").read_text()
    except OSError:
        return ""
