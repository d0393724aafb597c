"""Fixed beats, corrected timelines, takedowns and opt-outs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import corrections, database, opt_outs, timelines, withdrawal
from catalog.audit import Actor, latest_entries
from catalog.correction_models import Anchor
from catalog.errors import InputError, StateError
from catalog.jobs import enqueue
from catalog.lifecycle import JobStatus, Role, Stage, Status
from catalog.models import Alignment, Analysis, Job, Recording, RecordingHashtag, Song
from catalog.reviewing import get_cover, undo
from catalog.settings import get_settings
from catalog.songs import Found, add_recording
from catalog.time_map import Segment, TimeMap
from tests.library import Entry, insert_song

KIM = Actor("kim", "203.0.113.7")
BEATS_S = [0.5 * beat for beat in range(1, 41)]


@pytest.fixture
def ids(any_library: Path, tmp_path: Path) -> list[int]:
    """A Reference, a published cover, one in review, and one without its media."""
    media = tmp_path / "take.m4a"
    media.write_bytes(b"sound")
    straight = TimeMap((Segment.of(BEATS_S, BEATS_S),))
    common = {"duration_s": 30.0, "performer": "The Band", "time_map": straight}
    covers = [
        Entry("one", **common, media=media, tags=("piano",)),
        Entry("two", **common, media=media, status=Status.IN_REVIEW),
        Entry("three", **common),
    ]
    reference = Entry("reference", 30.0, media=media, beats_s=BEATS_S, downbeats_s=BEATS_S[::4])
    return insert_song("air", "Air", reference, covers)


@pytest.fixture
def session(ids: list[int]) -> Iterator[Session]:
    with database.session() as session:
        yield session


def jobs(session: Session) -> list[tuple[int | None, Stage, JobStatus]]:
    rows = session.scalars(select(Job).order_by(Job.id))
    return [(each.recording_id, each.stage, each.status) for each in rows]


def song_of(session: Session) -> Song:
    return session.scalars(select(Song)).one()


def test_fixed_beats_are_kept_and_the_cover_is_aligned_again(session: Session, ids: list[int]):
    cover = get_cover(session, ids[1])
    corrections.set_anchors(session, cover, [(3.0, 3.5), (1.0, 1.25)], actor=KIM)
    kept = corrections.list_anchors(session, ids[1])
    assert [(each.reference_s, each.cover_s, each.made_by) for each in kept] == [
        (1.0, 1.25, "kim"),
        (3.0, 3.5, "kim"),
    ]
    assert jobs(session) == [(ids[1], Stage.ALIGN, JobStatus.QUEUED)]
    assert cover.status is Status.PUBLISHED, "listeners keep the old map until the new one is there"


def test_fixed_beats_are_replaced_and_a_running_alignment_is_dropped(
    session: Session, ids: list[int]
):
    cover = get_cover(session, ids[1])
    enqueue(session, cover, Stage.ALIGN).status = JobStatus.RUNNING
    corrections.set_anchors(session, cover, [(3.0, 3.5)], actor=KIM)
    corrections.set_anchors(session, cover, [], actor=KIM)
    assert corrections.list_anchors(session, ids[1]) == []
    assert [status for _, _, status in jobs(session)] == [
        JobStatus.CANCELLED,
        JobStatus.CANCELLED,
        JobStatus.QUEUED,
    ]


@pytest.mark.parametrize(
    ("moments", "message"),
    [
        ([(31.0, 1.0)], "outside the reference"),
        ([(1.0, 31.0)], "outside the cover"),
        ([(float("nan"), 1.0)], "outside the reference"),
        ([(1.0, 1.0), (2.0, 1.1)], "closer than 0.2 s"),
        ([(1.0, each / 100) for each in range(2001)], "too many"),
    ],
)
def test_fixed_beats_that_cannot_be_right_are_refused(
    session: Session, ids: list[int], moments: list[tuple[float, float]], message: str
):
    with pytest.raises(InputError, match=message):
        corrections.set_anchors(session, get_cover(session, ids[1]), moments, actor=KIM)
    assert jobs(session) == []


def test_without_its_media_a_cover_cannot_be_corrected(session: Session, ids: list[int]):
    with pytest.raises(StateError, match="fetch it again"):
        corrections.set_anchors(session, get_cover(session, ids[3]), [(1.0, 1.0)], actor=KIM)


def timeline(**changes: object) -> timelines.Timeline:
    given = {"beats": [(1.0, True), (1.5, False), (2.0, True)], "sections": [(1.0, 2.0, "verse")]}
    return timelines.Timeline.of(**given | changes, duration_s=30.0)  # type: ignore[arg-type]


def test_a_corrected_timeline_realigns_the_covers_that_can_be(session: Session, ids: list[int]):
    queued = timelines.correct_timeline(session, song_of(session), timeline(), actor=KIM)
    assert queued == (2, 1)
    assert [recording for recording, _, _ in jobs(session)] == [ids[1], ids[2]]
    analysis = session.get_one(Recording, ids[0]).analysis
    assert analysis is not None and analysis.corrected_at is not None
    assert (analysis.beats_s, analysis.downbeats_s) == ([1.0, 1.5, 2.0], [1.0, 2.0])
    assert analysis.tempo_bpm == 120.0
    assert analysis.sections[0]["label"] == "verse"


def test_a_beat_dragged_as_near_as_it_goes_is_taken():
    timeline(beats=[(5.2, True), (5.2 + 0.1, False), (5.2 + 0.1 + 0.1, False)])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"beats": [(1.0, True)]}, "too few"),
        ({"beats": [(1.0, True), (1.05, False)]}, "does not follow"),
        ({"beats": [(2.0, True), (1.0, False)]}, "put beats in order"),
        ({"beats": [(1.0, True), (31.0, False)]}, "outside the recording"),
        ({"sections": [(1.0, 2.0, " ")]}, "has no name"),
        ({"sections": [(2.0, 1.0, "verse")]}, "does not lie within"),
        ({"sections": [(1.0, 3.0, "a"), (2.0, 4.0, "b")]}, "before 'a' ends"),
    ],
)
def test_a_timeline_that_cannot_be_right_is_refused(changes: dict[str, object], message: str):
    with pytest.raises(InputError, match=message):
        timeline(**changes)


def test_a_takedown_leaves_nothing_that_was_made_of_it(session: Session, ids: list[int]):
    cover = get_cover(session, ids[1])
    corrections.set_anchors(session, cover, [(1.0, 1.0)], actor=KIM)
    settings = get_settings()
    features = settings.cache_folder / "features" / f"{cover.media_sha256}-7.npz"
    features.parent.mkdir(parents=True)
    features.write_bytes(b"features")
    folder = settings.media_folder / str(ids[1])
    settings.uploads_folder.mkdir(parents=True)
    upload = settings.uploads_folder / "take.m4a"
    upload.write_bytes(b"sound")
    cover.location = str(upload)
    files = withdrawal.take_down(session, cover, reason="asked by mail", actor=KIM)
    withdrawal.remove_files(files)
    assert not folder.exists() and not features.exists() and not upload.exists()
    for table in (Alignment, Analysis, Anchor, RecordingHashtag):
        assert session.scalars(select(table).where(table.recording_id == ids[1])).all() == []
    assert (cover.status, cover.reason) == (Status.GONE, "taken down: asked by mail")
    assert cover.media_file is None
    assert [status for _, _, status in jobs(session)] == [JobStatus.CANCELLED]
    assert latest_entries(session)[0].action == "cover.takedown"


def test_a_takedown_that_was_a_mistake_is_fetched_again(session: Session, ids: list[int]):
    cover = get_cover(session, ids[1])
    withdrawal.take_down(session, cover, reason="", actor=KIM)
    undo(session, ids[1], made_by="kim")
    assert cover.status is Status.DISCOVERED and cover.hosted
    assert jobs(session)[-1] == (ids[1], Stage.FETCH, JobStatus.QUEUED)
    withdrawal.take_down(session, cover, reason="after all", actor=KIM)
    with pytest.raises(StateError, match="taken down already"):
        withdrawal.take_down(session, cover, reason="", actor=KIM)


def test_a_reference_is_not_taken_down(session: Session, ids: list[int]):
    with pytest.raises(StateError, match="carries its song's covers"):
        withdrawal.take_down(session, session.get_one(Recording, ids[0]), reason="", actor=KIM)


def test_who_opts_out_is_taken_down_and_not_added_again(session: Session, ids: list[int]):
    address = "https://example.org/performer"
    opt_outs.opt_out(session, address, reason="asked", actor=KIM)
    covers = session.scalars(select(Recording).where(Recording.role == Role.COVER)).all()
    assert {each.status for each in covers} == {Status.GONE}
    found = Found("web", "new", "https://example.org/new", "new", performer_url=address)
    add = {"role": Role.COVER, "hosted": False}
    assert add_recording(session, song_of(session), found, **add) is None
    with pytest.raises(StateError, match="opted out already"):
        opt_outs.opt_out(session, address, reason="", actor=KIM)
    opt_outs.opt_in(session, opt_outs.list_opt_outs(session)[0].id, actor=KIM)
    assert add_recording(session, song_of(session), found, **add) is not None


def test_only_a_web_address_opts_out(session: Session, ids: list[int]):
    with pytest.raises(InputError, match="no address of a performer"):
        opt_outs.opt_out(session, "javascript:alert(1)", reason="", actor=KIM)
