"""`covers ingest plan, run, search, hosts, rules, ...` and `covers doctor` as people call them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from catalog import database
from catalog.credits import credit_of
from catalog.errors import ErrorClass, HostError
from catalog.hosts import note_failure
from catalog.jobs import run_job
from catalog.lifecycle import JobStatus, Stage, Status
from catalog.models import Job, Recording, Search, utc_now
from ingest import doctor
from ingest.discovery.running import run_search
from tests.catalog.covers import insert_cover, status_of


def test_a_plan_says_what_would_come_before_anybody_is_asked(covers, media: Path, web):
    covers("ingest", "search", "add", "air", "folder", str(media))
    covers("ingest", "search", "add", "air", "address", web.address("/feed"), "--max-new", "7")
    plan = json.loads(covers("ingest", "plan", "air", "--json").out)
    folder, feed = plan["searches"]
    assert (folder["listed"], folder["new"], folder["is_exact"], folder["requests"]) == (
        *(3, 3, True, 0),
    )
    assert (feed["listed"], feed["new"], feed["is_exact"], feed["is_due"]) == (50, 7, False, True)
    assert feed["download_mib"] == pytest.approx(7 * 240 * 16_000 / 1024**2, abs=0.1)
    assert (plan["new"], plan["fetch_min"] > 1) == (10, True)
    assert web.asked == []
    assert "Up to 10 new" in covers("ingest", "plan").err


def run_searches() -> None:
    with database.reading() as session:
        queued = select(Job.id).where(Job.stage == Stage.DISCOVER, Job.status == JobStatus.QUEUED)
        job_ids = session.scalars(queued).all()
    for job_id in job_ids:
        run_job(job_id, run_search)


def test_a_search_is_run_and_tells_what_it_found(covers, media: Path):
    assert "Saved as 1." in covers("ingest", "search", "add", "air", "folder", str(media)).err
    assert "1 searches queued." in covers("ingest", "run", "air").err
    jobs = json.loads(covers("jobs", "--json").out)
    assert (jobs[0]["stage"], jobs[0]["song"], jobs[0]["recording"]) == ("discover", "air", None)
    run_searches()
    row = json.loads(covers("ingest", "search", "runs", "1", "--json").out)[0]
    assert (row["listed"], row["new"], row["error"]) == (3, 3, None)
    plan = json.loads(covers("ingest", "plan", "--json").out)
    assert plan["new"] == 0
    assert len(json.loads(covers("ingest", "status", "--json").out)) == 3


def test_searches_are_paused_changed_and_removed(covers, media: Path):
    covers("ingest", "search", "add", "air", "folder", str(media), "--every-h", "12")
    covers("ingest", "search", "pause", "1")
    covers("ingest", "search", "change", "1", "--every-h", "0", "--max-new", "2")
    row = json.loads(covers("ingest", "search", "list", "air", "--json").out)[0]
    assert (row["enabled"], row["every_h"], row["max_new"], row["max_listed"]) == (
        *(False, None, 2, 50),
    )
    assert "0 searches queued" in covers("ingest", "run").err
    covers("ingest", "search", "resume", "1")
    assert "0 searches queued" in covers("ingest", "run", "--due").err
    covers("ingest", "search", "remove", "1")
    with database.reading() as session:
        assert session.scalars(select(Search)).all() == []


def test_hosts_show_their_pause_and_are_resumed(covers):
    with database.session() as session:
        note_failure(session, "youtube.com", HostError("HTTP Error 429", refuses=True))
    row = json.loads(covers("ingest", "hosts", "--json").out)[0]
    assert (row["state"], row["cause"], row["failures"]) == ("paused", "HTTP Error 429", 1)
    resumed = json.loads(covers("ingest", "hosts", "--resume", "youtube.com", "--json").out)[0]
    assert resumed["next_probe_at"] < row["next_probe_at"]


def test_a_cover_is_approved_rejected_and_brought_back(covers):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.4)
    assert covers("ingest", "approve", str(cover_id)).code == 0
    assert covers("ingest", "reject", str(cover_id), "--reason", "[red]noisy").code == 0
    assert status_of(cover_id) is Status.REJECTED
    assert "Undone: rejected by" in covers("ingest", "undo", str(cover_id)).err
    assert status_of(cover_id) is Status.PUBLISHED
    rows = json.loads(covers("ingest", "reasons", str(cover_id), "--json").out)
    assert [row["to"] for row in rows] == ["rejected", "published"]
    assert rows[0]["reasons"] == [{"code": "by_hand", "text": "[red]noisy"}]
    assert "[red]noisy" in covers("ingest", "reasons", str(cover_id)).out


def test_rules_and_thresholds_are_shown_and_set(covers):
    covers("ingest", "rules", "air", "--publish-above", "0.8", "--set", 'names=["Danny Boy"]')
    rules = json.loads(covers("ingest", "rules", "air", "--json").out)
    assert (rules["publish_above"], rules["reject_below"]) == (0.8, 0.05)
    assert rules["names"] == ["Danny Boy"]
    assert "Danny Boy" in covers("ingest", "rules", "air").out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ingest", "search", "add", "air", "folder", "/none"), "covers: query '/none' is not"),
        (("ingest", "search", "runs", "9"), "covers: there is no search 9"),
        (("ingest", "rules", "air", "--set", "pace=1"), "covers: rule pace=1 is not usable"),
        (("ingest", "rules", "air", "--publish-above", "2"), "covers: reject below"),
        (("ingest", "undo", "9"), "covers: there is no cover 9"),
        (("ingest", "plan", "none"), "covers: there is no song 'none'"),
    ],
)
def test_mistakes_are_one_line(covers, arguments: tuple[str, ...], message: str):
    ended = covers(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(message)
    assert ended.err.count("\n") == 1


def test_the_doctor_examines_everything(covers):
    ended = covers("doctor", "--json")
    rows = {row["check"]: row for row in json.loads(ended.out)}
    assert ended.code == 0
    assert {"yt-dlp", "JavaScript", "ffmpeg", "disk", "broker", "database", "clock"} <= set(rows)
    assert "days old" in rows["yt-dlp"]["found"]
    assert "covers worker" in rows["broker"]["found"]


def test_the_doctor_finds_what_is_wrong(covers, monkeypatch):
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "2025.1.1")
    monkeypatch.setenv("COVERS_REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("COVERS_MIN_FREE_MIB", "999999999")
    doctor.get_settings.cache_clear()
    ended = covers("doctor", "--json")
    bad = [row["check"] for row in json.loads(ended.out) if row["state"] == "bad"]
    assert (ended.code, bad) == (1, ["yt-dlp", "disk", "broker"])
    assert all(row["remedy"] for row in json.loads(ended.out) if row["state"] == "bad")


def fail_for_the_extractor(cover_id: int, *, days_ago: float) -> None:
    with database.session() as session:
        job = session.scalars(select(Job).where(Job.recording_id == cover_id)).one()
        job.status, job.error_class = JobStatus.FAILED, ErrorClass.EXTRACTOR_OUTDATED
        job.started_at = utc_now() - timedelta(days=days_ago)


def test_the_doctor_knows_sites_that_a_newer_yt_dlp_may_read(covers):
    old, new = (insert_cover(Status.FAILED, name=name) for name in "ab")
    fail_for_the_extractor(old, days_ago=3650)
    assert covers("doctor").code == 0, "it failed before this yt-dlp was installed"
    fail_for_the_extractor(new, days_ago=-1 / 24)
    ended = covers("doctor", "--json")
    (row,) = [row for row in json.loads(ended.out) if row["check"] == "site"]
    assert (ended.code, row["state"]) == (1, "bad")
    assert row["found"] == "youtube.com has changed: 1 not fetched by this yt-dlp"
    assert "pip install --upgrade yt-dlp" in row["remedy"]


def test_covers_are_taken_down_by_command(covers):
    cover_id = insert_cover(Status.IN_REVIEW, confidence=0.4)
    assert "1 taken down" in covers("ingest", "takedown", str(cover_id), "--reason", "by mail").err
    assert status_of(cover_id) is Status.GONE
    again = covers("ingest", "takedown", str(cover_id))
    assert (again.code, again.err) == (2, f"covers: cover {cover_id} was taken down already\n")
    rows = json.loads(covers("user", "log", "--json").out)
    assert (rows[0]["action"], rows[0]["actor"]) == ("cover.takedown", "command")


def test_a_cover_is_credited_by_command(covers):
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    told = ("--performer", "Ada", "--tag", "piano", "--tag", "#live")
    assert covers("ingest", "credit", str(cover_id), *told).code == 0
    assert covers("ingest", "credit", str(cover_id), "--licence", "CC0").code == 0
    with database.reading() as session:
        credit = credit_of(session.get_one(Recording, cover_id))
    assert (credit.performer, credit.licence, credit.tags) == ("Ada", "CC0", ("live", "piano"))
    wrong = covers("ingest", "credit", str(cover_id), "--page-url", "/etc/passwd")
    assert (wrong.code, wrong.err) == (
        2,
        "covers: '/etc/passwd' is no web address: write https://…\n",
    )


def test_performers_opt_out_and_in_by_command(covers):
    address = "https://video.example/@kim"
    cover_id = insert_cover(Status.PUBLISHED, confidence=0.9)
    with database.session() as session:
        session.get_one(Recording, cover_id).performer_url = address
    assert covers("ingest", "opt-out", "add", address, "--reason", "asked").code == 0
    assert status_of(cover_id) is Status.GONE
    (row,) = json.loads(covers("ingest", "opt-out", "list", "--json").out)
    assert (row["performer_url"], row["reason"], row["made_by"]) == (address, "asked", "command")
    assert covers("ingest", "opt-out", "add", address).code == 2
    assert covers("ingest", "opt-out", "remove", str(row["id"])).code == 0
    assert json.loads(covers("ingest", "opt-out", "list", "--json").out) == []
    assert "there is no opt-out 9" in covers("ingest", "opt-out", "remove", "9").err
