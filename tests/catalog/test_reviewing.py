"""Decisions of curators and of the program: kept with reasons, and taken back."""

from pathlib import Path

import pytest

from catalog import database, jobs
from catalog.decisions import Reason, decide, is_overruled
from catalog.errors import CoversError, MediaError, NotFoundError, SourceError, StateError
from catalog.lifecycle import DecisionStep, JobStatus, Stage, Status
from catalog.models import Job, Recording
from catalog.reviewing import approve, list_decisions, reject, undo
from tests.catalog.covers import insert_cover, status_of, waiting_stages

SHORT = Reason("too_short", "lasts 12 s")


def decide_about(cover_id: int, status: Status, step: DecisionStep, resumes_in: Status) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        decide(session, cover, status, step=step, resumes_in=resumes_in, reasons=[SHORT])


def test_a_curator_approves_and_takes_it_back(any_library: Path):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.4)
    with database.session() as session:
        approve(session, cover_id, made_by="ada")
    assert status_of(cover_id) is Status.PUBLISHED
    with database.session() as session:
        undo(session, cover_id, made_by="bob")
        kept = list_decisions(session, cover_id)[0]
        assert (kept.made_by, kept.undone_by, kept.to_status) == ("ada", "bob", Status.PUBLISHED)
    assert status_of(cover_id) is Status.IN_REVIEW


def test_what_holds_nothing_of_the_song_is_not_published(library: Path):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.0)
    with database.session() as session:
        alignment = session.get_one(Recording, cover_id).alignment
        assert alignment is not None
        alignment.segments = []
    with database.session() as session, pytest.raises(StateError, match="only aligned covers"):
        approve(session, cover_id, made_by="ada")


def test_an_approval_before_a_takedown_does_not_end_the_work_after_it(any_library: Path):
    cover_id = insert_cover(Status.SCREENED, confidence=0.4)
    with database.session() as session:
        cover = session.get_one(Recording, cover_id)
        decide(session, cover, Status.PUBLISHED, step=DecisionStep.CURATOR)
        cover.status = Status.SCREENED  # as after a takedown that was taken back
        job_id = jobs.enqueue(session, cover, Stage.ALIGN).id
    assert jobs.run_job(job_id, lambda number, report: jobs.Outcome())
    assert (status_of(cover_id), waiting_stages(cover_id)) == (Status.ALIGNED, [Stage.DECIDE])


def test_what_was_rejected_by_its_metadata_is_fetched_when_that_is_undone(any_library: Path):
    cover_id = insert_cover(Status.DISCOVERED)
    decide_about(cover_id, Status.REJECTED, DecisionStep.METADATA, Status.DISCOVERED)
    with database.reading() as session:
        assert session.get_one(Recording, cover_id).reason == "lasts 12 s"
    with database.session() as session:
        undo(session, cover_id, made_by="ada")
        assert is_overruled(session, cover_id, DecisionStep.METADATA)
        assert not is_overruled(session, cover_id, DecisionStep.EAR)
    assert status_of(cover_id) is Status.DISCOVERED
    assert waiting_stages(cover_id) == [Stage.FETCH]


@pytest.mark.parametrize(
    ("has_media", "status", "stage"),
    [(True, Status.SCREENED, Stage.ALIGN), (False, Status.DISCOVERED, Stage.FETCH)],
)
def test_what_the_ear_rejected_goes_on_where_its_media_allows(
    library: Path, has_media: bool, status: Status, stage: Stage
):
    cover_id = insert_cover(Status.SCREENED)
    if has_media:
        (library / "media").mkdir(parents=True)
        (library / "media" / "a.wav").touch()
        with database.session() as session:
            session.get_one(Recording, cover_id).media_file = "a.wav"
    decide_about(cover_id, Status.REJECTED, DecisionStep.EAR, Status.SCREENED)
    with database.session() as session:
        undo(session, cover_id, made_by="ada")
    assert status_of(cover_id) is status
    assert waiting_stages(cover_id) == [stage]


def test_decisions_are_undone_one_after_the_other(library: Path):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.4)
    with database.session() as session:
        reject(session, cover_id, made_by="ada", reason="out of tune")
        approve(session, cover_id, made_by="ada")
    for expected in (Status.REJECTED, Status.IN_REVIEW):
        with database.session() as session:
            undo(session, cover_id, made_by="ada")
        assert status_of(cover_id) is expected
    with database.session() as session, pytest.raises(StateError, match="no decision"):
        undo(session, cover_id, made_by="ada")


def test_rejecting_calls_off_work_that_waits_and_drops_work_that_runs(any_library: Path):
    cover_id = insert_cover(Status.FETCHED)
    with database.session() as session:
        job_id = jobs.enqueue(session, session.get_one(Recording, cover_id), Stage.SCREEN).id

    def screen(recording_id: int, report) -> jobs.Outcome:
        with database.session() as session:
            reject(session, recording_id, made_by="ada")
        return jobs.Outcome()

    jobs.run_job(job_id, screen)
    assert status_of(cover_id) is Status.REJECTED
    with database.session() as session:
        assert session.get_one(Job, job_id).status is JobStatus.CANCELLED
        undo(session, cover_id, made_by="ada")


def test_what_cannot_be_done_is_said(library: Path):
    cover_id = insert_cover(Status.FETCHED)
    with database.session() as session:
        with pytest.raises(StateError, match="only aligned covers"):
            approve(session, cover_id, made_by="ada")
        with pytest.raises(NotFoundError, match="no cover 77"):
            reject(session, 77, made_by="ada")
        reject(session, cover_id, made_by="ada")
        with pytest.raises(StateError, match="rejected already"):
            reject(session, cover_id, made_by="ada")


def test_what_a_stage_decides_is_kept_with_its_reasons(any_library: Path):
    cover_id = insert_cover(Status.FETCHED)
    with database.session() as session:
        job_id = jobs.enqueue(session, session.get_one(Recording, cover_id), Stage.SCREEN).id
    refusal = jobs.Outcome(Status.REJECTED, "sounds like another song (unrelated 0.98)")
    jobs.run_job(job_id, lambda recording_id, report: refusal)
    with database.reading() as session:
        kept = list_decisions(session, cover_id)[0]
    assert (kept.step, kept.made_by, kept.resumes_in) == (
        *(DecisionStep.EAR, "covers", Status.SCREENED),
    )
    assert kept.reasons == [{"code": "screen", "text": refusal.reason}]


def queue(cover_id: int, stage: Stage) -> int:
    with database.session() as session:
        return jobs.enqueue(session, session.get_one(Recording, cover_id), stage).id


def test_an_approval_stands_against_a_decision_that_waits(any_library: Path):
    cover_id = insert_cover(Status.ALIGNED, confidence=0.3)
    job_id = queue(cover_id, Stage.DECIDE)
    with database.session() as session:
        approve(session, cover_id, made_by="ada")
    assert not jobs.run_job(job_id, lambda *_: jobs.Outcome(Status.IN_REVIEW, "confidence 0.30"))
    assert status_of(cover_id) is Status.PUBLISHED


def test_a_new_map_is_no_reason_to_decide_again(any_library: Path):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.3)
    with database.session() as session:
        approve(session, cover_id, made_by="ada")
    assert jobs.run_job(queue(cover_id, Stage.ALIGN), lambda *_: jobs.Outcome())
    assert (status_of(cover_id), waiting_stages(cover_id)) == (Status.PUBLISHED, [])


@pytest.mark.parametrize("error", [SourceError("try later"), MediaError("no sound in it")])
def test_who_is_shown_stays_while_it_is_aligned_anew_in_vain(any_library: Path, error: CoversError):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)

    def break_down(recording_id: int, report) -> jobs.Outcome:
        raise error

    jobs.run_job(queue(cover_id, Stage.ALIGN), break_down)
    assert status_of(cover_id) is Status.PUBLISHED
