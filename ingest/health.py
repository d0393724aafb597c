"""Whether what is published is still there: asked daily, politely, one host after the other.

A cover that its source took down leaves the rotation at once and comes back when it is alive
again. Meanwhile a re-upload that was merged into it takes its place.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import ScalarSelect, and_, or_, select
from sqlalchemy.orm import Session

from catalog import database
from catalog.decisions import PROGRAM, Reason, is_overruled, last_standing
from catalog.errors import UnavailableError
from catalog.jobs import Outcome, enqueue
from catalog.lifecycle import DecisionStep, Role, Stage, Status
from catalog.models import Decision, Merge, Recording, utc_now
from catalog.reviewing import undo
from catalog.rules import rules_of
from catalog.settings import get_settings
from ingest.downloading import request_description
from ingest.politeness import turn_at_host
from ingest.screening.metadata import UNAVAILABLE
from ingest.sources.facts import Facts
from ingest.sources.web import ANY_SITE

Report = Callable[[float], None]
AT_ONCE = 20
"""Checks that one tick queues; the rest waits for the next."""


def enqueue_checks(session: Session) -> int:
    """Queue a check of covers that are published, or gone because a check said so.

    What a person took down is not asked for again. Returns how many are queued.
    """
    now = utc_now()
    due = session.scalars(
        select(Recording)
        .where(
            Recording.role == Role.COVER,
            Recording.hosted.is_(False),
            Recording.host.is_not(None),
            or_(
                Recording.status == Status.PUBLISHED,
                and_(Recording.status == Status.GONE, _last_step() == DecisionStep.HEALTH),
            ),
            or_(Recording.next_check_at.is_(None), Recording.next_check_at <= now),
        )
        .order_by(Recording.next_check_at, Recording.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for recording in due:
        wait_h = get_settings().recheck_h * random.uniform(0.9, 1.1)
        recording.next_check_at = now + timedelta(hours=wait_h)
        enqueue(session, recording, Stage.RECHECK)
    return len(due)


def _last_step() -> ScalarSelect[DecisionStep]:
    """What the last decision about a recording rests on that was not taken back."""
    return (
        select(Decision.step)
        .where(Decision.recording_id == Recording.id, Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def recheck_recording(recording_id: int, report: Report) -> Outcome:
    """Ask a source whether a cover is still there, and take it out or back in.

    Raises:
        HostError: when its host does not answer, which says nothing about the cover.
    """
    with database.reading() as session:
        recording = session.get_one(Recording, recording_id)
        needs_embedding = rules_of(recording.song).need_embeddable
    trouble = _trouble_with(recording, needs_embedding=needs_embedding)
    with database.session() as session:
        recording = session.get_one(Recording, recording_id)
        recording.checked_at = utc_now()
        if is_overruled(session, recording_id, DecisionStep.HEALTH):
            return Outcome()
        if trouble is not None and recording.status is Status.PUBLISHED:
            _call_stand_in(session, recording)
            return Outcome(Status.GONE, trouble.text, (trouble,))
        if trouble is None and _was_taken_out(session, recording):
            return Outcome(Status.PUBLISHED, None, (Reason("alive", "it is there again"),))
    return Outcome()


def _trouble_with(recording: Recording, *, needs_embedding: bool) -> Reason | None:
    """Why a recording cannot be played at its source; `None` where it can."""
    any_site = recording.source in ANY_SITE
    try:
        with (
            turn_at_host(recording.location),
            tempfile.TemporaryDirectory(prefix="covers-check-") as folder,
        ):
            fields = request_description(recording.location, Path(folder), any_site=any_site)
    except UnavailableError as error:
        return Reason("gone", str(error))
    facts = Facts.from_untrusted(fields)
    if facts.availability in UNAVAILABLE:
        return Reason("not_available", f"is not public any more ({facts.availability})")
    if needs_embedding and facts.playable_in_embed is False:
        return Reason("not_embeddable", "cannot be played outside its own site any more")
    return None


def _was_taken_out(session: Session, recording: Recording) -> bool:
    """Whether it is gone because a check said so, and not by a person's hand."""
    last = last_standing(session, recording.id)
    is_by_check = last is not None and last.step is DecisionStep.HEALTH
    return recording.status is Status.GONE and is_by_check


def _call_stand_in(session: Session, recording: Recording) -> None:
    """Let the first re-upload that was merged into a dead cover take its own way."""
    stand_in = session.scalars(
        select(Recording)
        .join(Merge, Merge.recording_id == Recording.id)
        .where(
            Merge.kept_id == recording.id,
            Recording.status == Status.REJECTED,
            _last_step() == DecisionStep.DUPLICATE,
        )
        .order_by(Recording.id)
        .limit(1)
    ).first()
    if stand_in is not None:
        undo(session, stand_in.id, made_by=PROGRAM)
