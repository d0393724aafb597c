"""Taking turns at a host: one download at a time, with a pause in between.

All workers of a data folder share the turn through a file, so that more workers are no more
visitors. Hosts ban whoever asks without a pause, and then the whole queue fails.
"""

from __future__ import annotations

import fcntl
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from catalog.settings import get_settings
from ingest.storage import storage_errors

MIN_PAUSE_S = 10.0
MAX_PAUSE_S = 20.0


@contextmanager
def turn_at_host(address: str) -> Iterator[None]:
    """Wait until nobody downloads from an address's host, and the last one is a while ago.

    A private host that the owner opened is the owner's, and needs no pause.

    Raises:
        StorageError: when the disk is full or not writable.
    """
    host = urlsplit(address).netloc.rpartition("@")[2].lower()
    if host == get_settings().allowed_private_host:
        yield
        return
    folder = get_settings().data_folder / "hosts"
    with storage_errors():
        folder.mkdir(parents=True, exist_ok=True)
        turn = (folder / re.sub(r"[^\w.-]", "_", host)[:200]).open("a+")
    with turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        turn.seek(0)
        time.sleep(_pause_s(turn.read()))
        try:
            yield
        finally:
            turn.truncate(0)
            turn.write(str(time.time()))
            turn.flush()


def _pause_s(ended_at: str) -> float:
    """Seconds still to wait after the last download ended, at most a whole pause."""
    try:
        since_s = time.time() - float(ended_at)
    except ValueError:  # nobody was here yet, or was killed while writing
        return 0.0
    pause_s = random.uniform(MIN_PAUSE_S, MAX_PAUSE_S)
    return min(max(pause_s - since_s, 0.0), MAX_PAUSE_S)
