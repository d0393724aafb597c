"""The web server under load: `python -m tests.benchmarks.api_load`.

A song of 100,000 covers and 1,000 hashtags on SQLite, the server as `covers serve` runs it, and
beside it a Flask application that says hello on the same gunicorn settings. Each address is asked
100 times a second, the home page ten times, and for a name twice; times count from the moment a
question was due. Then play events come in at 500 a second, in batches of the player's size from as
many addresses as that takes, and what the tables counted is compared with what was accepted.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import typer
from sqlalchemy import func, select

from catalog import database
from catalog.listener_models import PlayCount
from catalog.settings import get_settings
from tests.benchmarks.harvest_library import library_environment
from tests.benchmarks.large_library import MAPS_WITH_ALL_KNOTS, SLUG, insert_large_library
from tests.benchmarks.open_loop import Question, ask
from tests.benchmarks.tables import print_table

SONG = f"/api/v1/songs/{SLUG}"
EVENTS_PER_BATCH = 12
"""A player sends once a minute, and a jump every ten seconds is two events."""
GOAL_MS = 25.0
SELDOM = {"home page": 0.1, "search": 0.02}
"""Shares of the rate, for what nobody asks for in passing."""


def hello(port: int) -> None:
    """The smallest application that Flask can be, as fast as anything here may get."""
    from flask import Flask

    from webapp.server import Server

    class Hello(Server):
        def load(self) -> Flask:
            app = Flask("hello")
            app.add_url_rule("/", "hello", lambda: {"hello": "world"})
            return app

    Hello("127.0.0.1", port, get_settings().web_threads, lambda: None).run()


@contextmanager
def started(*arguments: str) -> Iterator[int]:
    """A server of this machine; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *(each.format(port=port) for each in arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _listens(port):
            assert process.poll() is None, f"{' '.join(command)} ended: try it by itself"
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def questions_about(covers: int) -> dict[str, Callable[[], str]]:
    """By their names: makers of one question each, different every time."""

    def companions() -> str:
        at_ms = random.randrange(1000, 200_000)
        exclude = ",".join(str(random.randrange(2, covers)) for _ in range(40))
        tags = random.choice(("", "", "tag1", "tag40", f"tag{random.randrange(300)}", "tag1,tag2"))
        return (
            f"{SONG}/companions?near={random.randrange(2, covers)}&at_ms={at_ms}"
            f"&until_ms={at_ms + 12_000}&exclude={exclude}&tags={tags}"
            f"&reach={random.choice((0, 0, 0.4, 1))}"
        )

    def hashtags() -> str:
        tags = random.choice(("", "tag1", "tag40", f"tag{random.randrange(300)}", "tag1,tag2"))
        return f"{SONG}/hashtags?tags={tags}&q={random.choice(('', '', '7'))}&limit=100"

    return {
        "companions": companions,
        "hashtags": hashtags,
        "time map": lambda: (
            f"/api/v1/covers/{random.randrange(2, min(covers, MAPS_WITH_ALL_KNOTS))}/time-map"
        ),
        "stats": lambda: f"/api/v1/stats?days=30&song={SLUG}",
        "covers, 50": lambda: f"{SONG}/covers?cursor={random.randrange(covers)}",
        "song": lambda: SONG,
        "home page": lambda: "/",
        "search": lambda: f"/?find=performer+{random.randrange(1000)}",
    }


def measure(
    port: int, name: str, make: Callable[[], str], rate: float, seconds: float
) -> list[str]:
    rate *= SELDOM.get(name, 1)
    first_ms = timed_ms(port, make())
    raw, packed = sizes(port, make())
    answers = ask(port, [Question(make()) for _ in range(int(rate * seconds))], rate=rate)
    times_ms = sorted(each.after_ms for each in answers)
    failed = sum(each.status != 200 for each in answers)
    return [
        name,
        f"{first_ms:.0f}",
        *(f"{quantile(times_ms, share):.1f}" for share in (0.5, 0.99, 1)),
        f"{raw:,}",
        f"{packed:,}",
        str(failed),
    ]


def quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed_ms(port: int, path: str) -> float:
    began_s = time.perf_counter()
    sizes(port, path)
    return 1000 * (time.perf_counter() - began_s)


def sizes(port: int, path: str) -> tuple[int, int]:
    """Bytes of an answer as it is, and as it was sent to who takes gzip."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "gzip"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        body = response.read()
        is_packed = response.headers.get("Content-Encoding") == "gzip"
    return len(gzip.decompress(body)) if is_packed else len(body), len(body)


def play(port: int, covers: int, events_per_s: float, seconds: float) -> None:
    """Send play events, and compare what was accepted with what is counted then."""
    before = counted_plays()
    rate = events_per_s / EVENTS_PER_BATCH
    listeners = max(1, int(60 * rate))
    questions = []
    for number in range(int(rate * seconds)):
        events = [
            {"kind": "heard", "recording_id": random.randrange(2, covers), "heard_ms": 9000}
            for _ in range(EVENTS_PER_BATCH)
        ]
        body = json.dumps({"batch_id": str(uuid4()), "events": events})
        listener = number % listeners
        address = f"10.{listener >> 16 & 255}.{listener >> 8 & 255}.{listener & 255}"
        questions.append(Question("/api/v1/play-events", body, address))
    answers = ask(port, questions, rate=rate)
    times_ms = sorted(each.after_ms for each in answers)
    accepted = sum(each.status == 202 for each in answers) * EVENTS_PER_BATCH
    print(
        f"\n{len(questions) * EVENTS_PER_BATCH:,} play events at {events_per_s:.0f} a second in "
        f"batches of {EVENTS_PER_BATCH}: answers {dict(Counter(each.status for each in answers))}, "
        f"p50 {statistics.median(times_ms):.1f} ms, p99 {quantile(times_ms, 0.99):.1f} ms; "
        f"accepted {accepted:,}, counted {counted_plays() - before:,}"
    )


def counted_plays() -> int:
    with database.reading() as session:
        return session.scalar(select(func.coalesce(func.sum(PlayCount.plays), 0))) or 0


def main(
    covers: int = 100_000,
    tags: int = 1_000,
    songs: int = 100,
    knots: int = 480,
    plays_of: int = 20_000,
    rate: float = 100,
    seconds: float = 20,
    events_per_s: float = 500,
    only: str = "",
) -> None:
    """Build the library, measure, print."""
    with tempfile.TemporaryDirectory(prefix="api-load-") as folder:
        library_environment(Path(folder), trusted_proxies="1")
        database.upgrade()
        began_s = time.perf_counter()
        insert_large_library(covers=covers, tags=tags, songs=songs, knots=knots, plays_of=plays_of)
        database.get_engine().dispose()
        size = (Path(folder) / "data" / "catalog.sqlite3").stat().st_size / 2**20
        print(f"{covers:,} covers in {time.perf_counter() - began_s:.0f} s, {size:.0f} MiB\n")
        rows = []
        with started("-m", "tests.benchmarks.api_load", "hello", "{port}") as port:
            rows.append(measure(port, "hello", lambda: "/", rate, seconds))
        with started("-m", "catalog", "serve", "--port", "{port}") as port:
            for name, make in questions_about(covers).items():
                if only in name:
                    rows.append(measure(port, name, make, rate, seconds))
            print_table(
                ["asked", "first, ms", "p50, ms", "p99, ms", "max, ms", "bytes", "sent", "failed"],
                rows,
            )
            play(port, covers, events_per_s, seconds)
    print(f"Goal: p99 of {GOAL_MS:.0f} ms. Load of this machine: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["hello"]:
        hello(int(sys.argv[2]))
    else:
        typer.run(main)
