"""Covers per hour through the whole pipeline: `python -m tests.benchmarks.throughput`.

The demo's own recordings, cut to a minute, come from a local web server through yt-dlp, are
fetched, screened, analysed, aligned by the shipped tracker and decided about by a real
`covers worker`, with one and with two processes that align. Beside it the same listening is done in
this process without any pipeline; what the worker's processes took more is the pipeline's own:
starting, fetching, rows and messages.

Processor time hardly depends on what else the machine does, wall time does: the load is printed.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from catalog import database
from catalog.ffmpeg import run_ffmpeg
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Job, Recording
from catalog.songs import Found, add_recording, add_song
from tests.benchmarks.harvest_library import library_environment
from tests.benchmarks.tables import print_table
from tests.conftest import forget_settings
from tests.ingest.web_server import Answer, WebServer

DEMO = Path(__file__).parents[2] / "ingest" / "demo" / "londonderry-air"
REFERENCE = "reference"
LENGTH_S = 60.0
PR_SET_CHILD_SUBREAPER = 36
"""Linux, `prctl(2)`."""


@dataclass(frozen=True)
class Run:
    """What a `covers worker` took, in seconds.

    Attributes:
        wall_s: from the first job's start to the last one's end
        processor_s: of the worker and all its children, starting included
        stages_s: of all jobs of a stage together
    """

    workers: int
    covers: int
    ended: int
    wall_s: float
    processor_s: float
    stages_s: dict[Stage, float]


def cut_recordings(folder: Path, count: int) -> list[Path]:
    """The first minute of the demo's recordings, the reference first; again from later on."""
    others = sorted(each.stem for each in DEMO.glob("*.mp4") if each.stem != REFERENCE)
    wanted = [(REFERENCE, 0.0)]
    wanted += [(others[n % len(others)], 8.0 * (n // len(others))) for n in range(count)]
    return [_cut(folder, name, start_s) for name, start_s in wanted]


def _cut(folder: Path, name: str, start_s: float) -> Path:
    path = folder / f"{name}-{start_s:.0f}.m4a"
    source = ("-ss", str(start_s), "-i", str(DEMO / f"{name}.mp4"), "-t", str(LENGTH_S))
    ended = run_ffmpeg("-v", "error", *source, "-vn", "-c:a", "copy", str(path))
    assert ended.returncode == 0, ended.stderr.decode()
    return path


@contextmanager
def library(folder: Path, server: WebServer) -> Iterator[None]:
    """An empty library that may fetch from the server."""
    library_environment(folder, allowed_private_host=server.host_and_port, host_pause_s="0")
    database.upgrade()
    yield
    forget_settings()


def run_worker(files: list[Path], server: WebServer, workers: int) -> Run:
    """Let a real worker take all files through the pipeline."""
    with database.session() as session:
        song = add_song(session, "air")
        for number, path in enumerate(files):
            role = Role.COVER if number else Role.REFERENCE
            address = server.address(f"/{path.name}")
            found = Found("web", path.name, address, title=path.stem)
            add_recording(session, song, found, role=role, hosted=False)
    before = _children_s()
    command = [sys.executable, "-m", "catalog", "worker", "--until-idle", "--workers", str(workers)]
    subprocess.run(command, check=False, stderr=subprocess.DEVNULL)
    _reap_orphans()
    return _read(workers, len(files) - 1, _children_s() - before)


def _adopt_orphans() -> None:
    """Become the parent of what a killed child leaves, whose time would be lost otherwise."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _reap_orphans() -> None:
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read(workers: int, covers: int, processor_s: float) -> Run:
    with database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.status == JobStatus.DONE)).all()
        statuses = session.scalars(select(Recording.status).where(Recording.role == Role.COVER))
        ended = sum(
            each in (Status.PUBLISHED, Status.IN_REVIEW, Status.REJECTED) for each in statuses
        )
    spans = [(each.stage, each.started_at, each.finished_at) for each in jobs]
    known = [(stage, start, end) for stage, start, end in spans if start and end]
    stages_s: dict[Stage, float] = {}
    for stage, start, end in known:
        stages_s[stage] = stages_s.get(stage, 0.0) + (end - start).total_seconds()
    first, last = min(start for _, start, _ in known), max(end for _, _, end in known)
    return Run(workers, covers, ended, (last - first).total_seconds(), processor_s, stages_s)


def listen_alone(files: list[Path]) -> float:
    """Seconds of the processor for decoding, screening, analysing and aligning, nothing else."""
    from align.alignment import Track, align_tracks, screen_cover
    from align.threads import one_thread

    begun = time.process_time()
    with one_thread():
        reference = Track.read(files[0])
        analysis = reference.analyse()
        for path in files[1:]:
            cover = Track.read(path)
            screen_cover(reference, cover)
            cover.analyse()
            align_tracks(reference, cover, analysis)
    return time.process_time() - begun


def print_runs(runs: list[Run], alone_s: float) -> None:
    rows = []
    for each in runs:
        hour_share = each.wall_s / 3600
        per_hour = each.ended / hour_share
        listening = (Stage.SCREEN, Stage.ANALYSE, Stage.ALIGN)
        others_s = sum(s for stage, s in each.stages_s.items() if stage not in listening)
        heard_s = sum(each.stages_s.get(stage, 0.0) for stage in listening)
        rows.append(
            [
                *(str(each.workers), f"{each.ended} of {each.covers}", f"{each.wall_s:.0f}"),
                *(f"{per_hour:.0f}", f"{per_hour / each.workers:.0f}"),
                *(f"{heard_s / each.covers:.1f}", f"{others_s / each.covers:.1f}"),
                *(f"{each.processor_s / each.covers:.1f}", f"{alone_s / each.covers:.1f}"),
                f"{100 * (each.processor_s - alone_s) / each.processor_s:.0f} %",
            ]
        )
    columns = [
        *("workers", "covers", "wall, s", "covers an hour", "and worker"),
        *("listening, s a cover", "fetching and deciding", "processor, s a cover"),
        *("of decode and tracker alone", "the pipeline's own share"),
    ]
    print_table(columns, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--covers", type=int, default=8)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    _adopt_orphans()
    runs = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="throughput-") as name, WebServer() as server:
        folder = Path(name)
        files = cut_recordings(folder, options.covers)
        for path in files:
            answer = Answer(path.read_bytes(), "audio/mp4", honours_ranges=True)
            server.answers[f"/{path.name}"] = answer
        for workers in options.workers:
            with library(folder / f"with-{workers}", server):
                runs.append(run_worker(files, server, workers))
        alone_s = listen_alone(files)
    print_runs(runs, alone_s)
    print(f"{os.cpu_count()} cores; load of the machine before: {load:.1f}.")


if __name__ == "__main__":
    main()
