"""Corrections of a cover's map: moments that a person has fixed, and aligning again by them.

An anchor says that at this time of the cover, the Reference is exactly there. The map passes
through each; between them it is found by ear.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.correction_models import Anchor
from catalog.errors import InputError, StateError
from catalog.jobs import cancel_jobs, enqueue
from catalog.lifecycle import Role, Stage
from catalog.models import Recording
from catalog.reviewing import has_media

LEAST_GAP_S = 0.2
"""Anchors closer than this in the cover say nothing that one of them does not."""
MOST_ANCHORS = 2000


def list_anchors(session: Session, cover_id: int) -> Sequence[Anchor]:
    """A cover's anchors in the order of its time."""
    query = select(Anchor).where(Anchor.recording_id == cover_id)
    return session.scalars(query.order_by(Anchor.cover_s)).all()


def set_anchors(
    session: Session, cover: Recording, moments: Sequence[tuple[float, float]], *, actor: Actor
) -> None:
    """Replace a cover's anchors and queue it to be aligned by them.

    Parameters
    ----------
    moments
        pairs of reference time and cover time in seconds, in any order; none lets the ear decide

    Raises
    ------
    InputError
        when a moment lies outside its recording, or two are too close to both be meant
    StateError
        when the cover's media was dropped
    """
    ordered = sorted(moments, key=lambda moment: moment[1])
    _check(session, cover, ordered)
    session.execute(delete(Anchor).where(Anchor.recording_id == cover.id))
    for reference_s, cover_s in ordered:
        session.add(
            Anchor(
                recording_id=cover.id,
                reference_s=reference_s,
                cover_s=cover_s,
                made_by=actor.name,
            )
        )
    note(session, actor, "cover.anchors", f"cover {cover.id}", anchors=len(ordered))
    if not align_again(session, cover):
        raise StateError(
            f"the media of cover {cover.id} is not here any more: fetch it again, then correct it"
        )


def _check(session: Session, cover: Recording, ordered: Sequence[tuple[float, float]]) -> None:
    if len(ordered) > MOST_ANCHORS:
        raise InputError(f"{len(ordered)} fixed beats are too many: {MOST_ANCHORS} at most")
    reference_s = session.scalar(
        select(Recording.duration_s).where(
            Recording.song_id == cover.song_id, Recording.role == Role.REFERENCE
        )
    )
    for column, name, duration_s in ((0, "reference", reference_s), (1, "cover", cover.duration_s)):
        for moment in ordered:
            if not math.isfinite(moment[column]) or not 0 <= moment[column] <= (duration_s or 0):
                raise InputError(
                    f"{moment[column]:g} s lies outside the {name}, which lasts {duration_s} s"
                )
    for (_, earlier_s), (_, later_s) in pairwise(ordered):
        if later_s - earlier_s < LEAST_GAP_S:
            raise InputError(
                f"the beats fixed at {earlier_s:.2f} s and {later_s:.2f} s of the cover are closer "
                f"than {LEAST_GAP_S} s: keep one of them"
            )


def align_again(session: Session, cover: Recording) -> bool:
    """Queue a cover's alignment anew; `False` where its media was dropped.

    It keeps its status and its old map until the new one is there. What a worker is doing with
    it now began with what no longer holds, so its result is dropped.
    """
    if not has_media(cover):
        return False
    cancel_jobs(session, cover)
    enqueue(session, cover, Stage.ALIGN)
    return True
