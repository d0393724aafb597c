"""Decisions about recordings: made with reasons, kept, and never deleted.

Whoever moves a recording for a reason a person may question does it here. What can be done with
a decision afterwards stands in `catalog.reviewing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.lifecycle import DecisionStep, Status
from catalog.models import Decision, Recording, utc_now

PROGRAM = "covers"
"""Who decides where no person did."""


@dataclass(frozen=True)
class Reason:
    """Why, for programs and for people: `Reason("too_short", "lasts 12 s, less than 60 s")`."""

    code: str
    text: str


def set_status(recording: Recording, status: Status, reason: str | None = None) -> None:
    """Move a recording to a status, with the reason a person will read."""
    recording.status = status
    recording.reason = reason
    recording.status_at = utc_now()


def decide(
    session: Session,
    recording: Recording,
    status: Status,
    *,
    step: DecisionStep,
    reasons: Sequence[Reason] = (),
    resumes_in: Status | None = None,
    from_status: Status | None = None,
    made_by: str = PROGRAM,
) -> Decision:
    """Move a recording and keep why.

    Parameters
    ----------
    resumes_in
        where it goes on if this is undone; where it comes from, unless told otherwise
    from_status
        where it comes from; its present status, unless that is only shown while work runs
    """
    before = from_status or recording.status
    decision = Decision(
        recording=recording,
        step=step,
        made_by=made_by,
        from_status=before,
        to_status=status,
        resumes_in=resumes_in or before,
        reasons=[asdict(each) for each in reasons],
    )
    session.add(decision)
    set_status(recording, status, "; ".join(each.text for each in reasons) or None)
    session.flush()
    return decision


def last_standing(session: Session, recording_id: int) -> Decision | None:
    """The last decision about a recording that nobody took back."""
    return session.scalar(
        select(Decision)
        .where(Decision.recording_id == recording_id, Decision.undone_at.is_(None))
        .order_by(Decision.id.desc())
        .limit(1)
    )


def is_overruled(session: Session, recording_id: int, step: DecisionStep) -> bool:
    """Whether somebody undid such a decision before: what they know is not decided again."""
    undone = select(Decision.id).where(
        Decision.recording_id == recording_id,
        Decision.step == step,
        Decision.undone_at.is_not(None),
    )
    return session.scalar(undone.limit(1)) is not None
