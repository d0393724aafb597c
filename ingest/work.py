"""Running the supervisor for a command: with progress shown and failures told."""

from __future__ import annotations

from catalog import database
from catalog.console import progress_console
from catalog.errors import CoversError
from catalog.models import utc_now
from ingest.backlog import failures_since, subject_of, waiting_jobs, why_waiting


class WorkFailedError(CoversError):
    """Something failed or could not be done while everything else was."""


def work_until_idle(workers: int | None = None) -> None:
    """Do all that is waiting, and come back.

    Raises:
        WorkFailedError: naming what failed, and what waits for something that will not come.
        BrokerError: when there is no message broker.
    """
    since = utc_now()
    with database.reading() as session:
        if not waiting_jobs(session):
            progress_console.print("Nothing to do.")
            return
    from ingest.progress import shown_progress
    from ingest.supervisor import Supervisor

    supervisor = Supervisor(workers)
    with shown_progress(since) as refresh:
        supervisor.run(until_idle=True, on_tick=refresh)
        refresh()
    if supervisor.stopping:
        raise KeyboardInterrupt
    with database.reading() as session:
        failed = [
            f"{job.recording_id or ''}  {subject_of(job)[1]}: {job.error}"
            for job in failures_since(session, since)
        ]
        failed += [
            f"{job.recording_id or ''}  {subject_of(job)[1]}: {why_waiting(session, job)}"
            for job in waiting_jobs(session)
        ]
    if failed:
        raise WorkFailedError(f"{len(failed)} not done:\n  " + "\n  ".join(failed))


def work_forever(workers: int | None = None) -> None:
    """Do whatever comes, until SIGINT or SIGTERM.

    Raises:
        BrokerError: when there is no message broker.
    """
    from ingest.progress import Lines
    from ingest.supervisor import Supervisor

    progress_console.print("Working. Ctrl-C stops.")
    Supervisor(workers).run(until_idle=False, on_tick=Lines(utc_now()).refresh)
