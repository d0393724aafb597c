"""What is published is asked for again, leaves when it is dead, and comes back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.audit import COMMAND
from catalog.decisions import Reason, decide
from catalog.jobs import run_job
from catalog.lifecycle import DecisionStep, JobStatus, Stage, Status
from catalog.models import Job, Merge, Recording, utc_now
from catalog.reviewing import list_decisions, reject, undo
from catalog.withdrawal import take_down
from ingest.health import enqueue_checks, recheck_recording
from tests.catalog.covers import insert_cover, status_of, waiting_stages
from tests.ingest.video_site import VideoSite
from tests.ingest.web_server import Answer


@pytest.fixture
def cover_id(video_site: VideoSite) -> int:
    video_site.add("a", b"", title="Danny Boy", duration=200)
    return publish("a", video_site)


def publish(name: str, site: VideoSite) -> int:
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9, name=name)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        cover.location = site.server.address(f"/watch?v={name}")
        cover.host = site.server.host_and_port
    return cover_id


def check(cover_id: int) -> None:
    with database.session() as session:
        session.get_one(Recording, cover_id).next_check_at = utc_now() - timedelta(minutes=1)
    with database.session() as session:
        enqueue_checks(session)
    with database.reading() as session:
        queued = select(Job.id).where(Job.stage == Stage.RECHECK, Job.status == JobStatus.QUEUED)
        job_id = session.scalars(queued).one()
    run_job(job_id, recheck_recording)


def change(site: VideoSite, **fields: object) -> None:
    site.add("a", b"", title="Danny Boy", **fields)


def test_what_is_alive_stays_and_is_asked_again_tomorrow(cover_id: int):
    check(cover_id)
    assert status_of(cover_id) is Status.PUBLISHED
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        assert cover.checked_at is not None
        assert timedelta(hours=17) < cover.next_check_at - utc_now() < timedelta(hours=23)
        assert enqueue_checks(session) == 0


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"availability": "private"}, "is not public any more"),
        ({"playable_in_embed": False}, "cannot be played outside its own site"),
    ],
)
def test_what_cannot_be_played_leaves_and_comes_back(cover_id, video_site, fields, reason):
    change(video_site, **fields)
    check(cover_id)
    assert status_of(cover_id) is Status.GONE
    with database.session() as session:
        assert reason in session.get_one(Recording, cover_id).reason
    change(video_site)
    check(cover_id)
    assert status_of(cover_id) is Status.PUBLISHED
    with database.session() as session:
        assert [each.step for each in list_decisions(session, cover_id)] == [
            DecisionStep.HEALTH,
            DecisionStep.HEALTH,
        ]


def test_what_is_removed_leaves(cover_id: int, video_site: VideoSite):
    video_site.server.answers["/video/a"] = Answer(b"", status=404)
    check(cover_id)
    assert status_of(cover_id) is Status.GONE


def test_a_host_that_does_not_answer_says_nothing_about_a_cover(cover_id, video_site):
    video_site.server.answers["/video/a"] = Answer(b"", status=429)
    check(cover_id)
    assert status_of(cover_id) is Status.PUBLISHED
    with database.session() as session:
        job = session.scalars(select(Job).where(Job.stage == Stage.RECHECK)).one()
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)


def test_what_a_person_took_out_does_not_come_back(cover_id: int, video_site: VideoSite):
    change(video_site, availability="private")
    check(cover_id)
    with database.session() as session:
        reject(session, cover_id, made_by="ada")
        assert enqueue_checks(session) == 0
    assert status_of(cover_id) is Status.REJECTED


def test_what_was_taken_down_is_not_asked_for_again(cover_id: int, video_site: VideoSite):
    with database.session() as session:
        take_down(session, session.get_one(Recording, cover_id), reason="", actor=COMMAND)
        assert enqueue_checks(session) == 0
        undo(session, cover_id, made_by="ada")
        session.get_one(Recording, cover_id).status = Status.PUBLISHED
        assert enqueue_checks(session) == 1


def test_a_reupload_takes_the_place_of_a_dead_cover(cover_id: int, video_site: VideoSite):
    again = insert_cover(Status.FETCHED, name="b")
    with database.session() as session:
        cover = session.get_one(Recording, again)
        session.add(Merge(recording_id=again, kept_id=cover_id, evidence="sound"))
        decide(
            session,
            cover,
            Status.REJECTED,
            step=DecisionStep.DUPLICATE,
            reasons=[Reason("same_sound", "uploaded again")],
            resumes_in=Status.DISCOVERED,
        )
    change(video_site, availability="private")
    check(cover_id)
    assert (status_of(again), waiting_stages(again)) == (Status.DISCOVERED, [Stage.FETCH])
    with database.session() as session:
        reject(session, again, made_by="ada")
    change(video_site)
    check(cover_id)
    change(video_site, availability="private")
    check(cover_id)
    assert status_of(again) is Status.REJECTED, "a person has heard it"


def test_what_a_person_let_stay_is_not_taken_out_again(cover_id: int, video_site: VideoSite):
    change(video_site, availability="private")
    check(cover_id)
    with database.session() as session:
        undo(session, cover_id, made_by="ada")
        session.get_one(Recording, cover_id).status = Status.PUBLISHED
    check(cover_id)
    assert status_of(cover_id) is Status.PUBLISHED


def test_files_of_the_owner_are_not_asked_for(library: Path):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with database.session() as session:
        session.get_one(Recording, cover_id).hosted = True
    with database.session() as session:
        assert enqueue_checks(session) == 0
