"""Jobs: rows that say what is to be done, and the one way to do one.

Anybody may insert a job (`enqueue`); the dispatcher sends due ones to Celery; a worker claims,
works, and finishes. Whoever changes a job reads its row for update, so that on PostgreSQL too
nobody decides by what has changed meanwhile. A worker that dies stops renewing its lease, and
`take_back_abandoned` puts the job back. A message that arrives twice, or late, finds the job
claimed or done and does nothing.

    queueing.py    insert and call off
    sending.py     what is due, and marked as sent
    running.py     claim, renew the lease, do
    ending.py      done, again, or failed; where the recording goes on
    recovering.py  taken back from dead workers
"""

from catalog.jobs.ending import Outcome
from catalog.jobs.queueing import cancel_jobs, enqueue, enqueue_next, enqueue_search
from catalog.jobs.recovering import take_back_abandoned, take_back_from_dead_processes
from catalog.jobs.running import Work, run_job, worker_name
from catalog.jobs.sending import due_jobs, mark_sent

__all__ = (
    "Outcome",
    "Work",
    "cancel_jobs",
    "due_jobs",
    "enqueue",
    "enqueue_next",
    "enqueue_search",
    "mark_sent",
    "run_job",
    "take_back_abandoned",
    "take_back_from_dead_processes",
    "worker_name",
)
