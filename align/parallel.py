"""The same work on many items, on all cores, in order, with one thread for each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

from catalog.errors import StorageError
from catalog.processes import tie_to_parent

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_over_cores(
    work: Callable[[Item], Result], items: Sequence[Item], *, n_processes: int
) -> Iterator[Result]:
    """Results in the order of `items`, each as soon as it and those before it are there.

    An error of one item is raised where its result would stand; what has not begun is dropped,
    and so it is when the caller stops early, presses Ctrl-C or is killed: no process stays behind.

    Parameters
    ----------
    work
        a function at the top of a module; it runs in fresh processes
    n_processes
        how many at once; with 1 everything runs in this process

    Raises
    ------
    StorageError
        when a process is killed, as a system short of memory does
    """
    if n_processes <= 1 or len(items) <= 1:
        yield from map(work, items)
        return
    pool = ProcessPoolExecutor(
        min(n_processes, len(items)),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(),),
    )
    try:
        results: list[Future[Result]] = [pool.submit(work, item) for item in items]
        for result in results:
            yield result.result()
    except BrokenProcessPool as error:
        raise StorageError(
            f"one of {n_processes} processes died, most likely for want of memory: use fewer"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def count_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int) -> None:
    """A worker has one thread for its numbers, and ends with its parent or on Ctrl-C, silently."""
    tie_to_parent(parent)
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_DFL)
