"""Another Reference for a song: one of its covers takes the place, and nothing is lost.

The cover's own map says where each moment of the old timeline lies on the new one. By it every
map, fixed beat and mix is carried over in the same transaction, so that they hold at once; then
the covers are aligned again by ear, and each keeps the map that was carried over until its new
one is there. The old Reference stays as a cover.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from catalog.audit import Actor, note
from catalog.correction_models import Anchor
from catalog.corrections import LEAST_GAP_S, align_again, list_anchors
from catalog.decisions import Reason, decide, set_status
from catalog.errors import StateError
from catalog.jobs import cancel_jobs, enqueue
from catalog.lifecycle import DecisionStep, Role, Stage, Status
from catalog.listener_models import Mix
from catalog.map_composition import carry_over
from catalog.models import Alignment, Recording, utc_now
from catalog.reviewing import has_media
from catalog.time_map import TimeMap
from catalog.timelines import MAPPED, reference_of

CODE = "other_reference"


@dataclass(frozen=True)
class Replaced:
    """What a change of Reference means for a song's covers, by their number.

    Attributes:
        queued: aligned again, with the old Reference among them
        kept: have the map that was carried over until their media is fetched again
        fetched: share nothing with the new timeline and have no media: they begin anew
        lost_anchors: fixed beats that have no place any more: at moments that the new Reference
            does not have, or of a repeat, whose beats become one moment of the old Reference
    """

    queued: int
    kept: int
    fetched: int
    lost_anchors: int

    def __str__(self) -> str:
        """For the person who changed it."""
        said = f"{self.queued} covers are aligned again."
        if self.kept:
            said += f" {self.kept} keep the map carried over until their media is fetched again."
        if self.fetched:
            said += f" {self.fetched} share nothing with it and are fetched again."
        if self.lost_anchors:
            said += f" {self.lost_anchors} fixed beats have no place in it, and are gone."
        return said


def make_reference(session: Session, cover: Recording, *, actor: Actor) -> Replaced:
    """Let a cover own its song's timeline from now on.

    Raises:
        StateError: when the cover cannot stand for its song: not aligned, without its media, or
            not to be served where the old Reference is.
    """
    old, alignment = _check(cover, reference_of(session, cover.song))
    bridge = alignment.time_map
    others = _aligned_covers(session, cover)
    for each in others:
        _carry_map(each, alignment)
    lost = sum(_carry_anchors(session, each, bridge) for each in others)
    lost += _turn_anchors(session, old, cover)
    _exchange(session, old, cover, actor)
    _carry_mixes(session, cover.song_id, bridge)
    queued, kept, fetched = _work_again(session, [old, *others])
    replaced = Replaced(queued, kept, fetched, lost)
    subject = f"song {cover.song.slug}"
    note(session, actor, "song.reference", subject, recording=cover.id, **vars(replaced))
    return replaced


def _check(cover: Recording, old: Recording | None) -> tuple[Recording, Alignment]:
    name = f"cover {cover.id}"
    if old is None:
        raise StateError(f"the song of {name} has no reference that it could replace")
    if cover.status not in (Status.IN_REVIEW, Status.PUBLISHED):
        raise StateError(
            f"{name} is {cover.status.value}: only one in review or published can be the reference"
        )
    if cover.alignment is None or not cover.alignment.has_map or cover.analysis is None:
        raise StateError(f"{name} is not aligned, so nothing can be carried over: align it first")
    if not has_media(cover):
        raise StateError(f"the media of {name} is not here any more: fetch it again first")
    if old.hosted and not cover.hosted:
        raise StateError(
            f"{name} is not yours to serve, and the reference is what listeners hear first: "
            "add it again with --hosted if you have the right to"
        )
    return old, cover.alignment


def _aligned_covers(session: Session, besides: Recording) -> list[Recording]:
    query = select(Recording).where(
        Recording.song_id == besides.song_id,
        Recording.role == Role.COVER,
        Recording.id != besides.id,
        Recording.alignment.has(),
    )
    return list(session.scalars(query.order_by(Recording.id).with_for_update()))


def _carry_map(cover: Recording, bridge: Alignment) -> None:
    mine = cover.alignment
    assert mine is not None
    mine.segments = carry_over(mine.time_map, bridge.time_map).to_json()
    mine.created_at = utc_now()  # what was made by the map before, such as a rendition, is outdated
    mine.transposition_semitones -= bridge.transposition_semitones
    mine.tuning_cents = round(mine.tuning_cents - bridge.tuning_cents, 1)
    mine.confidence = round(mine.confidence * bridge.confidence, 4)


def _carry_anchors(session: Session, cover: Recording, bridge: TimeMap) -> int:
    """Move fixed beats to the new timeline. Returns how many it does not have."""
    lost = 0
    for anchor in list_anchors(session, cover.id):
        moved_s = bridge.first_cover_at(anchor.reference_s)
        if moved_s is None:
            session.delete(anchor)
            lost += 1
        else:
            anchor.reference_s = moved_s
    return lost


def _turn_anchors(session: Session, old: Recording, new: Recording) -> int:
    """What was fixed on the new Reference is so on the old one. Returns how many cannot be."""
    lost, last_s = 0, -math.inf
    for anchor in sorted(list_anchors(session, new.id), key=lambda each: each.reference_s):
        if anchor.reference_s - last_s < LEAST_GAP_S:
            lost += 1
        else:
            last_s = anchor.reference_s
            moments = {"reference_s": anchor.cover_s, "cover_s": anchor.reference_s}
            session.add(Anchor(recording_id=old.id, made_by=anchor.made_by, **moments))
        session.delete(anchor)
    return lost


def _exchange(session: Session, old: Recording, new: Recording, actor: Actor) -> None:
    """Swap the roles; the old Reference gets the new one's map, turned round."""
    assert new.alignment is not None
    turned = carry_over(TimeMap.identity(old.duration_s or 0.0), new.alignment.time_map)
    alignment = Alignment(
        recording_id=old.id,
        model=new.alignment.model,
        confidence=new.alignment.confidence,
        transposition_semitones=-new.alignment.transposition_semitones,
        tuning_cents=-new.alignment.tuning_cents,
        segments=turned.to_json(),
    )
    cancel_jobs(session, new)
    session.execute(delete(Alignment).where(Alignment.recording_id == new.id))
    old.relation, old.relation_scores = new.relation, new.relation_scores
    new.relation = new.relation_scores = None
    old.role = Role.COVER
    session.flush()  # a song has one Reference at every moment
    new.role = Role.REFERENCE
    session.add(alignment)
    session.flush()
    session.expire(old, ["alignment"])
    session.expire(new, ["alignment"])
    for recording, text in ((old, "another is the reference now"), (new, "is the reference now")):
        decide(
            session,
            recording,
            Status.PUBLISHED,
            step=DecisionStep.CURATOR,
            reasons=[Reason(CODE, text)],
            made_by=actor.name,
        )


def _carry_mixes(session: Session, song_id: int, bridge: TimeMap) -> None:
    for mix in session.scalars(select(Mix).where(Mix.song_id == song_id)):
        mix.steps = [step | {"reference_ms": _moved_ms(step, bridge)} for step in mix.steps]


def _moved_ms(step: dict[str, int], bridge: TimeMap) -> int:
    moved_s = bridge.first_cover_at(step["reference_ms"] / 1000)
    return step["reference_ms"] if moved_s is None else round(1000 * moved_s)


def _work_again(session: Session, covers: list[Recording]) -> tuple[int, int, int]:
    queued = kept = fetched = 0
    for cover in covers:
        if cover.status not in MAPPED:
            continue
        if align_again(session, cover):
            queued += 1
        elif cover.alignment is not None and cover.alignment.segments:
            kept += 1
        else:
            set_status(cover, Status.DISCOVERED, "nothing of its map lies on the new timeline")
            enqueue(session, cover, Stage.FETCH)
            fetched += 1
    return queued, kept, fetched
