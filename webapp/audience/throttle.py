"""How much one address may write: a bucket of tokens that fills up again.

Buckets live in this process, because the server is one process. Addresses are kept no longer
than their buckets need to be full again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from apiflask import HTTPError
from flask import current_app, request

MOST_ADDRESSES = 10_000
View = Callable[..., Any]


class Throttle:
    """At most `burst` calls at once and `per_minute` in the long run, for each address."""

    def __init__(
        self, *, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.burst, self.per_s, self.clock = burst, per_minute / 60, clock
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, address: str) -> float:
        """Take a token. Returns seconds to wait where there is none, else 0."""
        now_s = self.clock()
        with self._lock:
            tokens, since_s = self._buckets.get(address, (float(self.burst), now_s))
            tokens = min(self.burst, tokens + (now_s - since_s) * self.per_s)
            allowed = tokens >= 1
            self._buckets[address] = (tokens - allowed, now_s)
            self._forget(now_s)
        return 0.0 if allowed else (1 - tokens) / self.per_s

    def _forget(self, now_s: float) -> None:
        if len(self._buckets) <= MOST_ADDRESSES:
            return
        full_after_s = self.burst / self.per_s
        self._buckets = {
            address: bucket
            for address, bucket in self._buckets.items()
            if now_s - bucket[1] < full_after_s
        }


def throttled(name: str) -> Callable[[View], View]:
    """Guard a view by the application's bucket of a name: 429 with `Retry-After` when empty."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            bucket: Throttle = current_app.extensions["audience"][name]
            wait_s = bucket.take(request.remote_addr or "")
            if wait_s:
                retry_s = int(wait_s) + 1
                raise HTTPError(
                    429,
                    message=f"too many requests from this address: try again in {retry_s} s",
                    headers={"Retry-After": str(retry_s)},
                )
            return view(*args, **kwargs)

        return guarded

    return guard
