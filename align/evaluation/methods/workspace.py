"""What a run computes of recordings, kept so that no method computes it twice, with its cost.

Everything is kept in a temporary folder that all processes of a run share. A thing remembers what
it took to compute it, and what it was made of, so a method that finds it kept is still charged
what it would have paid alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TypeVar, cast

Kept = TypeVar("Kept")
Result = TypeVar("Result")
Costs = dict[tuple[Path, str], float]
"""Seconds of computing, by recording and by what was computed."""


@dataclass
class _Account:
    """What was used since the account was opened, and the time spent on getting it."""

    costs: Costs = field(default_factory=dict)
    inside_s: float = 0.0


@dataclass(frozen=True)
class Bill:
    """Seconds that a piece of work would take alone.

    Attributes:
        own_s: its own computing
        costs: that of everything it used, each once
    """

    own_s: float
    costs: Costs

    @property
    def total_s(self) -> float:
        """Everything, nothing at hand beforehand."""
        return self.own_s + sum(self.costs.values())

    def total_beside_s(self, file: Path) -> float:
        """Everything but what was computed of one recording alone."""
        return self.own_s + sum(cost for key, cost in self.costs.items() if key[0] != file)


class Workspace:
    """One process's door to the folder of kept things."""

    def __init__(self, folder: Path) -> None:
        """`folder` is private to the run: what lies in it is trusted."""
        self._folder = folder
        self._accounts = [_Account()]

    def keep(self, file: Path, name: str, compute: Callable[[], Kept]) -> Kept:
        """What `compute` returns for a recording: from the folder, or computed and put there."""
        began = perf_counter()
        path = self._folder / hashlib.sha256(f"{file}\n{name}".encode()).hexdigest()
        with _locked(path.with_suffix(".lock")):
            if path.exists():
                value, costs = cast("tuple[Kept, Costs]", pickle.loads(path.read_bytes()))  # noqa: S301 (written by this run)
            else:
                value, bill = self.measure(compute)
                costs = bill.costs | {(file, name): bill.own_s}
                path.write_bytes(pickle.dumps((value, costs), protocol=5))
        self._accounts[-1].costs |= costs
        self._accounts[-1].inside_s += perf_counter() - began
        return value

    def measure(self, work: Callable[[], Result]) -> tuple[Result, Bill]:
        """Do some work and say what it would have cost alone."""
        account = _Account()
        self._accounts.append(account)
        began = perf_counter()
        try:
            result = work()
        finally:
            self._accounts.pop()
        own_s = perf_counter() - began - account.inside_s
        return result, Bill(own_s, account.costs)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time compute a thing."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
