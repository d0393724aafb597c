"""From job rows to messages: what is due is marked as sent, committed, and then sent.

A crash between the two leaves a job that looks sent; it is taken back after a while. The other
order could run a job that the row does not know of.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from celery import Celery
from kombu.exceptions import KombuError, OperationalError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalog import database
from catalog.jobs import due_jobs, mark_sent, take_back_abandoned, take_back_from_dead_processes
from catalog.lifecycle import STEPS, JobStatus, Stage, step_of
from catalog.models import Job
from ingest.broker import Broker

log = logging.getLogger(__name__)

AHEAD = 4
"""Messages that may wait in one queue, besides two for every job that runs there."""


@dataclass(frozen=True)
class Message:
    """What is about to go out."""

    job_id: int
    task: str
    queue: str


class Dispatcher:
    """Sends due jobs whose tasks are installed here."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.can_send = True
        self.stages = [step.stage for step in STEPS if step.task in app.tasks]

    def tick(self) -> int:
        """Take back what dead workers held, then send what is due. Returns how many were sent.

        A broker that does not answer is logged once, and the next tick tries again.

        Raises:
            SQLAlchemyError: when the database does not answer.
        """
        with database.session() as session:
            take_back_abandoned(session)
            take_back_from_dead_processes(session)
        if not self._can_send():
            return 0
        with database.session() as session:
            messages = _take_due(session, self.stages)
        return self._send(messages)

    def _can_send(self) -> bool:
        """Ask the broker first: with sending itself, a dead one would be noticed after seconds."""
        could, self.can_send = self.can_send, Broker(self.app.conf.broker_url).is_alive()
        if could and not self.can_send:
            log.warning("the broker does not answer; trying again")
        return self.can_send

    def _send(self, messages: list[Message]) -> int:
        for count, message in enumerate(messages):
            try:
                self.app.send_task(
                    message.task,
                    kwargs={"job_id": message.job_id},
                    queue=message.queue,
                    retry=False,
                )
            except (KombuError, OperationalError, OSError) as error:
                log.warning("the broker took no message (%s); trying again", error)
                _unsend([each.job_id for each in messages[count:]])
                return count
        return len(messages)


def _take_due(session: Session, stages: list[Stage]) -> list[Message]:
    """Mark due jobs as sent, as many per queue as its workers will take soon."""
    messages: list[Message] = []
    for queue in dict.fromkeys(step_of(stage).queue for stage in stages):
        queued_here = [stage for stage in stages if step_of(stage).queue == queue]
        room = _room(session, queued_here)
        for job in due_jobs(session, room, stages=queued_here) if room > 0 else ():
            mark_sent(session, job)
            messages.append(Message(job.id, step_of(job.stage).task, queue))
    return messages


def _room(session: Session, stages: list[Stage]) -> int:
    """How many more messages a queue takes: rows wait better than messages do."""
    counted = session.execute(
        select(Job.status, func.count())
        .where(Job.stage.in_(stages), Job.status.in_((JobStatus.SENT, JobStatus.RUNNING)))
        .group_by(Job.status)
    )
    number = dict(counted.all())
    return AHEAD + 2 * number.get(JobStatus.RUNNING, 0) - number.get(JobStatus.SENT, 0)


def _unsend(job_ids: list[int]) -> None:
    with database.session() as session:
        session.execute(
            update(Job)
            .where(Job.id.in_(job_ids), Job.status == JobStatus.SENT)
            .values(status=JobStatus.QUEUED)
        )
