"""Answers that this process keeps, with a token that tells whether they still hold.

What is computed quickly is computed while somebody waits, and then is never outdated. What takes
longer is computed again behind the answers, in small parts with rests between them, and takes no
more than a twentieth of a processor's time; whoever asks meanwhile gets the one before.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

log = logging.getLogger(__name__)

T = TypeVar("T")

QUICK_S = 0.05
REST = 20
"""So many times as long as it took, what took longer stays as it is."""
TOO_OLD = 10
"""So many times older than an answer should get, nobody is to have it any more."""
IDLE_SHARE = 4
"""What is computed behind rests so many times as long as it works."""

Rest = Callable[[], None]
"""Called between the parts of what takes long; returns at once where somebody waits for it."""


@dataclass(frozen=True)
class _Answer(Generic[T]):
    content: T
    token: Hashable
    at_s: float
    took_s: float

    @property
    def age_s(self) -> float:
        return time.monotonic() - self.at_s


class _Rests:
    """Rests of one computation, each after a part of it."""

    def __init__(self) -> None:
        self.total_s, self._woke_s = 0.0, time.monotonic()

    def __call__(self) -> None:
        went_s = time.monotonic()
        time.sleep(IDLE_SHARE * (went_s - self._woke_s))
        self._woke_s = time.monotonic()
        self.total_s += self._woke_s - went_s


def _no_rest() -> None:
    """What somebody waits for has no time for it."""


class Kept(Generic[T]):
    """Answers by a key.

    Attributes:
        fresh_s: after so long an answer is computed again, whatever its token says
        most: of so much the least lately asked are forgotten, by `weigh`
    """

    def __init__(
        self, fresh_s: float, *, most: int = 1000, weigh: Callable[[T], int] = lambda _: 1
    ) -> None:
        self.fresh_s, self.most, self.weigh = fresh_s, most, weigh
        self._answers: dict[Hashable, _Answer[T]] = {}
        self._lock = threading.Lock()
        self._computing: WeakValueDictionary[Hashable, threading.Lock] = WeakValueDictionary()

    def get(self, key: Hashable, compute: Callable[[Rest], T], token: Hashable = None) -> T:
        """The answer that is kept, or a new one.

        Parameters
        ----------
        compute
            may be called from a thread of its own, and so opens its own session; is given what it
            calls between its parts, if it has any
        token
            changes whenever the answer may have changed
        """
        answer = self._look(key)
        if answer is not None and self._holds(answer, token):
            return answer.content
        may_wait = answer is not None and answer.age_s < TOO_OLD * self.fresh_s
        if answer is not None and answer.took_s > QUICK_S and may_wait:
            self._compute_behind(key, compute, token, answer)
            return answer.content
        with self._computing_of(key):
            answer = self._look(key)
            if answer is None or not self._holds(answer, token):
                answer = self._compute(key, compute, token, None)
        return answer.content

    def _holds(self, answer: _Answer[T], token: Hashable) -> bool:
        return answer.token == token and answer.age_s < self.fresh_s

    def _computing_of(self, key: Hashable) -> threading.Lock:
        """An answer is computed by one at a time; the lock is there as long as anybody holds it."""
        with self._lock:
            return self._computing.setdefault(key, threading.Lock())

    def _look(self, key: Hashable) -> _Answer[T] | None:
        with self._lock:
            answer = self._answers.pop(key, None)
            if answer is not None:
                self._answers[key] = answer  # the last of them was asked for last
            return answer

    def _compute(
        self, key: Hashable, compute: Callable[[Rest], T], token: Hashable, rests: _Rests | None
    ) -> _Answer[T]:
        began_s = time.monotonic()
        content = compute(rests or _no_rest)
        now_s = time.monotonic()
        took_s = now_s - began_s - (rests.total_s if rests else 0)
        answer = _Answer(content, token, now_s, took_s)
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > 1 and self._weight() > self.most:
                del self._answers[next(iter(self._answers))]
        return answer

    def _weight(self) -> int:
        return sum(self.weigh(each.content) for each in self._answers.values())

    def _compute_behind(
        self, key: Hashable, compute: Callable[[Rest], T], token: Hashable, before: _Answer[T]
    ) -> None:
        rested = before.age_s > REST * before.took_s
        computing = self._computing_of(key)
        if rested and computing.acquire(blocking=False):
            arguments = (key, compute, token, computing)
            threading.Thread(target=self._behind, args=arguments, name="kept", daemon=True).start()

    def _behind(
        self,
        key: Hashable,
        compute: Callable[[Rest], T],
        token: Hashable,
        computing: threading.Lock,
    ) -> None:
        try:
            self._compute(key, compute, token, _Rests())
        except Exception:
            log.exception("an answer could not be computed again: %s", key)
        finally:
            computing.release()
