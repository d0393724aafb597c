"""A cover takes the Reference's place: everything is carried over, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.audit import Actor, latest_entries
from catalog.correction_models import Anchor
from catalog.errors import StateError
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.listener_models import Mix
from catalog.models import Alignment, Job, Recording
from catalog.references import Replaced, make_reference
from catalog.reviewing import get_cover
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song

KIM = Actor("kim", "203.0.113.7")
BEATS_S = [0.5 * beat for beat in range(1, 41)]


def mapped(rate: float, offset_s: float, last_s: float = 20.0) -> TimeMap:
    beats_s = [each for each in BEATS_S if each <= last_s]
    return TimeMap((Segment.of(beats_s, [rate * each + offset_s for each in beats_s]),))


@pytest.fixture
def ids(any_library: Path, tmp_path: Path) -> list[int]:
    """A Reference; the cover that takes its place; one with media, one without, one apart."""
    media = tmp_path / "take.m4a"
    media.write_bytes(b"sound")
    beats = {"beats_s": BEATS_S, "downbeats_s": BEATS_S[::4]}
    covers = [
        Entry("new", 40.0, media, **beats, time_map=mapped(2, 1, 18), transposition_semitones=2),
        Entry("near", 30.0, media, **beats, time_map=mapped(1, 5), transposition_semitones=-1),
        Entry("dropped", 30.0, time_map=mapped(1, 3), status=Status.IN_REVIEW),
        Entry("apart", 30.0, time_map=TimeMap((Segment.of([19, 20], [3, 4]),))),
    ]
    return insert_song("air", "Air", Entry("old", 30.0, media, **beats), covers)


@pytest.fixture
def session(ids: list[int]) -> Iterator[Session]:
    with database.session() as session:
        yield session


def replace(session: Session, ids: list[int]) -> Replaced:
    return make_reference(session, get_cover(session, ids[1]), actor=KIM)


def map_of(session: Session, recording_id: int) -> TimeMap:
    query = select(Alignment).where(Alignment.recording_id == recording_id)
    return session.scalars(query).one().time_map


def test_the_roles_change_and_the_old_reference_stays_as_a_cover(session: Session, ids: list[int]):
    replaced = replace(session, ids)
    assert replaced == Replaced(queued=2, kept=1, fetched=1, lost_anchors=0)
    old, new = (session.get_one(Recording, each) for each in ids[:2])
    assert (old.role, new.role) == (Role.COVER, Role.REFERENCE)
    assert (old.status, new.status) == (Status.PUBLISHED, Status.PUBLISHED)
    assert new.alignment is None and new.analysis is not None
    assert old.alignment.transposition_semitones == -2
    assert map_of(session, ids[0]).reference_at(10.0) == pytest.approx(21.0)
    assert latest_entries(session)[0].action == "song.reference"


def test_maps_hold_at_once_and_the_covers_are_aligned_again(session: Session, ids: list[int]):
    made_at = session.get_one(Recording, ids[2]).alignment.created_at
    replace(session, ids)
    assert session.get_one(Recording, ids[2]).alignment.created_at > made_at, "it is another map"
    near = session.get_one(Recording, ids[2])
    assert map_of(session, ids[2]).reference_at(15.0) == pytest.approx(21.0)  # old 10 is new 21
    assert (near.alignment.transposition_semitones, near.status) == (-3, Status.PUBLISHED)
    dropped = session.get_one(Recording, ids[3])
    assert map_of(session, ids[3]).reference_at(13.0) == pytest.approx(21.0)
    assert dropped.status is Status.IN_REVIEW
    rows = session.execute(select(Job.recording_id, Job.stage, Job.status)).all()
    assert sorted(rows) == [
        (ids[0], Stage.ALIGN, JobStatus.QUEUED),
        (ids[2], Stage.ALIGN, JobStatus.QUEUED),
        (ids[4], Stage.FETCH, JobStatus.QUEUED),
    ]


def test_fixed_beats_and_mixes_are_carried_over(session: Session, ids: list[int]):
    for cover, reference_s, cover_s in ((1, 4.0, 9.5), (2, 10.0, 15.0), (2, 19.5, 24.5)):
        anchor = {"reference_s": reference_s, "cover_s": cover_s, "made_by": "kim"}
        session.add(Anchor(recording_id=ids[cover], **anchor))
    step = {"at_ms": 0, "recording_id": ids[2], "reference_ms": 10_000}
    song_id = session.get_one(Recording, ids[0]).song_id
    session.add(Mix(key="k", song_id=song_id, name="mine", duration_ms=9000, steps=[step]))
    session.flush()
    assert replace(session, ids).lost_anchors == 1  # the new one ends at what was 18 s
    rows = session.execute(
        select(Anchor.recording_id, Anchor.reference_s, Anchor.cover_s).order_by(Anchor.cover_s)
    ).all()
    assert rows == [(ids[0], 9.5, 4.0), (ids[2], 21.0, 15.0)]
    assert session.scalars(select(Mix)).one().steps == [step | {"reference_ms": 21_000}]


def test_fixed_beats_of_a_repeat_become_one(session: Session, ids: list[int]):
    for reference_s, cover_s in ((4.0, 9.5), (4.0, 20.0), (4.1, 22.0), (6.0, 24.0)):
        moments = {"reference_s": reference_s, "cover_s": cover_s, "made_by": "kim"}
        session.add(Anchor(recording_id=ids[1], **moments))
    session.flush()
    assert replace(session, ids).lost_anchors == 2
    kept = select(Anchor.recording_id, Anchor.reference_s, Anchor.cover_s).order_by(Anchor.cover_s)
    assert session.execute(kept).all() == [(ids[0], 9.5, 4.0), (ids[0], 24.0, 6.0)]


def test_it_can_be_taken_back_by_the_same_way(session: Session, ids: list[int]):
    before = map_of(session, ids[2])
    replace(session, ids)
    make_reference(session, get_cover(session, ids[0]), actor=KIM)
    after = map_of(session, ids[2])
    for cover_s in (6.0, 12.3, 22.0):
        assert after.reference_at(cover_s) == pytest.approx(before.reference_at(cover_s), abs=1e-3)
    assert session.get_one(Recording, ids[0]).role is Role.REFERENCE


def test_a_cover_that_cannot_stand_for_the_song_is_refused(session: Session, ids: list[int]):
    with pytest.raises(StateError, match="not here any more"):
        cover = get_cover(session, ids[3])
        cover.analysis = session.get_one(Recording, ids[2]).analysis
        make_reference(session, cover, actor=KIM)
    new = get_cover(session, ids[1])
    new.hosted = False
    with pytest.raises(StateError, match="not yours to serve"):
        replace(session, ids)
    new.status = Status.REJECTED
    with pytest.raises(StateError, match="is rejected: only one in review or published"):
        replace(session, ids)
    assert session.get_one(Recording, ids[0]).role is Role.REFERENCE
