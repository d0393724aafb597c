"""What a method takes in a fresh process, with nothing computed beforehand."""

from __future__ import annotations

import resource
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from align.evaluation.running.tasks import Task, run_task

STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class ColdCost:
    """Cost of one task.

    Attributes:
        peak_mib: largest resident memory of the process, without that of ffmpeg beside it
        seconds: from the first import to the result
        duration_s: length of the recordings together
    """

    peak_mib: float
    seconds: float
    duration_s: float


def measure_cold(task: Task) -> ColdCost:
    """Do a task in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_enter) as executor:
        return executor.submit(_measure, task).result()


def _enter() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _measure(task: Task) -> ColdCost:
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="covers-evaluate-") as folder:
        outcome = run_task(Path(folder), task)
    return ColdCost(peak_mib(), perf_counter() - began, outcome.duration_s)


def peak_mib() -> float:
    """Largest resident memory of this process so far.

    Linux hands the parent's maximum on to `ru_maxrss` of a spawned child (exec keeps it), so the
    kernel's own high-water mark of the address space is read where there is one.
    """
    if STATUS.exists():
        for line in STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024  # [KiB] / [KiB/MiB] = [MiB]
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / 1024**2 if sys.platform == "darwin" else largest / 1024
