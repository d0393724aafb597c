"""The same work on many items, on all cores, in order, with one thread for each."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Protocol, TypeVar

from catalog.errors import StorageError
from catalog.processes import tie_to_parent

Item = TypeVar("Item")
Result = TypeVar("Result")


class Run(Protocol):
    """Does some work on many items."""

    def __call__(
        self, work: Callable[[Item], Result], items: Sequence[Item], /
    ) -> Iterator[Result]:
        """Results in the order of `items`, each as soon as it and those before it are there.

        An error of one item is raised where its result would stand.
        """


@contextmanager
def processes(count: int) -> Iterator[Run]:
    """Something that does work in `count` fresh processes, and in this one if that is 1.

    What they have imported is kept from one piece of work to the next. No process stays behind:
    an error lets end what has begun, and leaving early or Ctrl-C ends that too, whether or not it
    reaches them. Where this process is killed they end with it.

    Raises
    ------
    StorageError
        when one of them is killed, as a system short of memory does
    """
    if count <= 1:
        yield map
        return
    others = set(active_children())
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
    )
    try:
        yield pool.map
    except BrokenProcessPool as error:
        raise StorageError(
            f"one of {count} processes died, most likely for want of memory: use fewer"
        ) from error
    except (KeyboardInterrupt, GeneratorExit, SystemExit):
        for child in set(active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def map_over_cores(
    work: Callable[[Item], Result], items: Sequence[Item], *, n_processes: int
) -> Iterator[Result]:
    """Results in the order of `items`, with processes for this work alone.

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
    with processes(min(n_processes, len(items))) as run:
        yield from run(work, items)


def count_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int) -> None:
    """A worker has one thread for its numbers, and ends with its parent or on Ctrl-C, silently."""
    tie_to_parent(parent)
    for library in ("OMP", "OPENBLAS", "MKL", "NUMBA"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    signal.signal(signal.SIGINT, signal.SIG_DFL)
