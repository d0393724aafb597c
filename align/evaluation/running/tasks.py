"""One piece of an evaluation: one method, one recording, and what came of it.

A method that fails on a recording is a result with a reason, never a missing one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from align.evaluation.methods.method import (
    Aligned,
    FoundBeats,
    FoundSections,
    Method,
    Screened,
)
from align.evaluation.methods.recording import Recording
from align.evaluation.methods.workspace import Workspace
from align.threads import one_thread
from catalog.errors import CoversError

Found = Aligned | Screened | FoundBeats | FoundSections
Value = TypeVar("Value")


@dataclass(frozen=True)
class Task:
    """What to do.

    Attributes:
        kind: `align`, `screen`, `beats` or `sections`
        reference: `None` where a recording is taken by itself
    """

    method: Method
    kind: str
    file: Path
    reference: Path | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of it.

    Attributes:
        found: `None` where the method failed
        seconds: of one thread with nothing at hand, decoding included; `None` where the method
            failed, or where its work was done elsewhere
        warm_seconds: the same with all that concerns the reference alone at hand
        duration_s: length of the recordings together, 0 where seconds are unknown
    """

    found: Found | None
    seconds: float | None
    warm_seconds: float | None
    duration_s: float
    error: str | None = None


RunTasks = Callable[[Sequence[Task]], Iterator[Outcome]]


def run_task(folder: Path, task: Task) -> Outcome:
    """Do one task on one thread; what it computes of recordings is kept in a folder of the run."""
    workspace = Workspace(folder)
    files = [each for each in (task.reference, task.file) if each is not None]
    recordings = [Recording(each, workspace) for each in files]
    try:
        with one_thread():
            found, bill = workspace.measure(lambda: _do(task.method, task.kind, recordings))
            if not task.method.timed:
                return Outcome(found, None, None, 0.0)
            duration_s = sum(each.audio().duration_s for each in recordings)
    except CoversError as error:
        return Outcome(None, None, None, 0.0, str(error))
    except Exception as error:  # noqa: BLE001 (another project's code: its failure is a result)
        reason = f"{task.method.name} failed: {type(error).__name__}: {error}"
        return Outcome(None, None, None, 0.0, reason)
    warm_s = bill.total_s if task.reference is None else bill.total_beside_s(task.reference)
    return Outcome(found, bill.total_s, warm_s, duration_s)


def _do(method: Method, kind: str, recordings: list[Recording]) -> Found:
    if kind == "align":
        return _able(method.align)(*recordings)
    if kind == "screen":
        return _able(method.screen)(*recordings)
    if kind == "beats":
        return _able(method.find_beats)(*recordings)
    return _able(method.find_sections)(*recordings)


def _able(function: Callable[..., Value] | None) -> Callable[..., Value]:
    assert function is not None, "tasks are only made for what a method can do"
    return function
