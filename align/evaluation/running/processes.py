"""Where tasks run: in this process, or in several that share one workspace.

Ctrl-C reaches this process only; it ends the others before it goes on. Where it is killed, they end
with it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path

from align.evaluation.methods.workspace import Workspace
from align.evaluation.running.tasks import Outcome, Task, run_task
from catalog.errors import StorageError
from catalog.processes import tie_to_parent

RunTasks = Callable[[Sequence[Task]], Iterator[Outcome]]

_workspaces: dict[str, Workspace] = {}
"""The workspace of a worker process, put there when it starts."""


@contextmanager
def task_runner(folder: Path, jobs: int) -> Iterator[RunTasks]:
    """Something that does tasks and yields their outcomes in order, `jobs` at a time."""
    if jobs == 1:
        workspace = Workspace(folder)
        yield lambda tasks: (run_task(each, workspace) for each in tasks)
        return
    others = set(active_children())
    executor = ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=_enter, initargs=(folder, os.getpid())
    )
    try:
        yield lambda tasks: executor.map(_run, tasks)
    except BrokenProcessPool as error:
        raise StorageError(
            f"one of {jobs} processes died, most likely for want of memory: use fewer jobs"
        ) from error
    except BaseException:
        for child in set(active_children()) - others:
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _enter(folder: Path, parent: int) -> None:
    tie_to_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _workspaces["own"] = Workspace(folder)


def _run(task: Task) -> Outcome:
    return run_task(task, _workspaces["own"])
