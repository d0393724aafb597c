"""What listeners may write: play events, mixes and reports; and what is told of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import true
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from catalog import database
from catalog.listener_models import Mix, PlayBatch, PlayCount, SyncReport
from catalog.models import Recording
from catalog.play_counts import Batch, PlayEvent, count_batches
from catalog.song_commands import song_app
from tests.webapp.conftest import EVIL, Ids
from webapp.audience import stats
from webapp.audience.ledger import Ledger
from webapp.audience.throttle import Throttle

SONG = "/api/v1/songs/test-song"


def heard(recording_id: int, heard_ms: int = 5000) -> dict[str, Any]:
    return {"kind": "heard", "recording_id": recording_id, "heard_ms": heard_ms}


def switched(recording_id: int) -> dict[str, Any]:
    return {"kind": "switched", "recording_id": recording_id}


def send(client: FlaskClient, *events: dict[str, Any], batch_id: str | None = None) -> Any:
    batch = {"batch_id": batch_id or str(uuid4()), "events": list(events)}
    return client.post("/api/v1/play-events", json=batch)


def fresh_stats(app: APIFlask, client: FlaskClient, query: str = "") -> dict[str, Any]:
    app.extensions["audience"]["stats"].fresh_s = 0
    return dict(client.get(f"/api/v1/stats{query}").get_json())


def test_plays_are_counted_by_recording_tag_and_day(
    app: APIFlask, client: FlaskClient, ids: Ids
) -> None:
    send(client, heard(ids.plain), heard(ids.plain), switched(ids.talking), heard(ids.talking, 10))
    send(client, {"kind": "loop", "recording_id": ids.reference})
    found = fresh_stats(app, client)
    assert [each["recording_id"] for each in found["most_heard"]] == [ids.plain, ids.talking]
    assert found["most_heard"][0] == {
        "recording_id": ids.plain,
        "title": EVIL,
        "performer": found["most_heard"][0]["performer"],
        "song": "test-song",
        "is_reference": False,
        "plays": 2,
        "switches": 0,
        "heard_ms": 10_000,
    }
    assert [each["recording_id"] for each in found["most_switched_to"]] == [ids.talking]
    assert {each["name"]: each["heard_ms"] for each in found["by_tag"]} == {
        "piano": 10_010,
        "calm": 10_000,
    }
    assert len(found["by_day"]) == 30
    assert found["by_day"][-1]["loops"] == 1 and found["by_day"][-1]["heard_ms"] == 10_010
    assert ids.plain in [each["recording_id"] for each in found["new_today"]]


def test_what_cannot_be_played_has_no_part_in_the_rankings(
    app: APIFlask, client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "MOST", 1)
    send(client, heard(ids.in_review, 90_000), heard(ids.private, 90_000), heard(ids.talking))
    send(client, heard(ids.plain, 80_000) | {"kind": "switched"})
    found = fresh_stats(app, client)
    assert [each["recording_id"] for each in found["most_heard"]] == [ids.talking]
    assert [each["name"] for each in found["by_tag"]] == ["piano"]
    assert found["by_day"][-1]["heard_ms"] == 95_000  # nobody's hearing of a private one is lost


def test_stats_can_be_asked_for_one_song(app: APIFlask, client: FlaskClient, ids: Ids) -> None:
    send(client, heard(ids.plain))
    assert len(fresh_stats(app, client, "?song=test-song&days=1")["most_heard"]) == 1
    assert client.get("/api/v1/stats?song=nothing").status_code == 404
    assert client.get("/api/v1/stats?days=0").status_code == 422


def test_a_batch_sent_twice_counts_once(app: APIFlask, client: FlaskClient, ids: Ids) -> None:
    batch_id = str(uuid4())
    answers = [send(client, heard(ids.plain), batch_id=batch_id) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert [each.get_json()["counted"] for each in answers] == [True, False]
    assert fresh_stats(app, client)["most_heard"][0]["plays"] == 1


def test_batches_that_come_while_one_is_written_share_a_transaction(
    app: APIFlask, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    first_is_written, go_on = threading.Event(), threading.Event()

    def count(session: Session, batches: Sequence[Batch]) -> set[str]:
        written.append(len(batches))
        first_is_written.set()
        assert go_on.wait(20)
        return count_batches(session, batches)

    monkeypatch.setattr("webapp.audience.ledger.count_batches", count)
    book: Ledger = app.extensions["audience"]["ledger"]
    twice = str(uuid4())
    names = [str(uuid4()), str(uuid4()), str(uuid4()), twice, twice]
    batches = [Batch(name, [PlayEvent("heard", ids.plain, 1000)] * 2) for name in names]
    with ThreadPoolExecutor(8) as threads:
        answers = [threads.submit(book.count, batches[0])]
        assert first_is_written.wait(20)
        answers += [threads.submit(book.count, each) for each in batches[1:]]
        wait_until(lambda: len(book._waiting) == 4)
        go_on.set()
    assert sorted(each.result() for each in answers) == [False, True, True, True, True]
    assert written == [1, 4]
    with database.reading() as session:
        assert session.query(PlayCount).one().plays == 8


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to hold")


def test_where_too_many_wait_or_the_database_fails_a_batch_may_be_sent_again(
    app: APIFlask, client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> set[str]:
        raise OperationalError("insert", {}, Exception("database is locked"))

    batch_id = str(uuid4())
    with monkeypatch.context() as patch:
        patch.setattr("webapp.audience.ledger.count_batches", fail)
        answers = [send(client, heard(ids.plain), batch_id=batch_id)]
    with monkeypatch.context() as patch:
        patch.setattr(app.extensions["audience"]["ledger"], "most_waiting", 0)
        answers.append(send(client, heard(ids.plain), batch_id=batch_id))
    for each in answers:
        assert (each.status_code, each.get_json()["error"]["code"]) == (503, "unavailable")
        assert int(each.headers["Retry-After"]) >= 1
    assert send(client, heard(ids.plain), batch_id=batch_id).get_json() == {"counted": True}


def test_nothing_that_names_a_listener_is_kept() -> None:
    columns = {column.name for table in (PlayCount, PlayBatch) for column in table.__table__.c}
    assert columns == {
        *("recording_id", "day", "plays", "switches", "loops", "heard_ms"),
        *("id", "received_at"),
    }


def test_private_recordings_are_not_named_in_statistics(
    app: APIFlask, client: FlaskClient, ids: Ids
) -> None:
    send(client, heard(ids.private), heard(ids.in_review), heard(10**6))
    stats = fresh_stats(app, client)
    assert stats["most_heard"] == []


@pytest.mark.parametrize(
    "batch",
    [
        {},
        {"batch_id": "no uuid", "events": [heard(1)]},
        {"batch_id": str(uuid4()), "events": []},
        {"batch_id": str(uuid4()), "events": [heard(1)] * 201},
        {"batch_id": str(uuid4()), "events": [heard(1, -1)]},
        {"batch_id": str(uuid4()), "events": [heard(1, 10**9)]},
        {"batch_id": str(uuid4()), "events": [{"kind": "stolen", "recording_id": 1}]},
        {"batch_id": str(uuid4()), "events": [heard(2**40)]},
    ],
)
def test_a_batch_that_is_wrong_is_refused(client: FlaskClient, ids: Ids, batch: object) -> None:
    answer = client.post("/api/v1/play-events", json=batch)
    assert answer.status_code == 422
    assert answer.get_json()["error"]["code"] == "invalid_parameters"


@pytest.mark.parametrize("path", ["play-events", "sync-reports", "songs/test-song/mixes"])
def test_a_form_of_another_site_cannot_write(client: FlaskClient, ids: Ids, path: str) -> None:
    answer = client.post(f"/api/v1/{path}", data="{}", content_type="text/plain")
    assert answer.status_code == 415
    assert answer.get_json()["error"]["code"] == "not_json"


def test_a_body_without_end_is_refused(client: FlaskClient, ids: Ids) -> None:
    answer = client.post(
        "/api/v1/play-events", data=b" " * 300_000, content_type="application/json"
    )
    assert answer.status_code == 413


def test_an_address_that_writes_too_much_is_told_to_wait(client: FlaskClient, ids: Ids) -> None:
    answers = [send(client, heard(ids.plain)) for _ in range(31)]
    assert {each.status_code for each in answers[:30]} == {202}
    assert answers[30].status_code == 429
    assert answers[30].get_json()["error"]["code"] == "too_many_requests"
    assert int(answers[30].headers["Retry-After"]) >= 1


def test_a_bucket_fills_again_and_forgets_addresses() -> None:
    now_s = [0.0]
    throttle = Throttle(burst=2, per_minute=60, clock=lambda: now_s[0])
    assert [throttle.take("a") for _ in range(3)] == [0, 0, 1]
    assert throttle.take("b") == 0
    now_s[0] = 1.0
    assert throttle.take("a") == 0
    now_s[0] = 100.0
    for number in range(10_001):
        throttle.take(str(number))
    assert "a" not in throttle._buckets


def mix(ids: Ids, **more: Any) -> dict[str, Any]:
    steps = [
        {"at_ms": 0, "recording_id": ids.reference, "reference_ms": 500},
        {"at_ms": 4000, "recording_id": ids.plain, "reference_ms": 4500},
    ]
    return {"name": "Evening \u202emix", "duration_ms": 9000, "steps": steps, **more}


def test_a_mix_is_kept_and_comes_back_as_it_was(client: FlaskClient, ids: Ids) -> None:
    answer = client.post(f"{SONG}/mixes", json=mix(ids))
    assert answer.status_code == 201
    added = answer.get_json()
    assert added["url"] == f"/mixes/{added['key']}"
    found = client.get(f"/api/v1/mixes/{added['key']}").get_json()
    assert found == added
    assert found["steps"] == mix(ids)["steps"]
    assert [each["key"] for each in client.get(f"{SONG}/mixes").get_json()["mixes"]] == [
        added["key"]
    ]


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "\n\t "}, 400, "must have 1 to 80 characters"),
        ({"duration_ms": 10}, 400, "duration_ms=10"),
        ({"steps": []}, 422, "steps"),
        ({"steps": [{"at_ms": 5, "recording_id": 1, "reference_ms": 0}]}, 400, "begin at_ms 0"),
        ({"steps": [{"at_ms": 0, "recording_id": 999, "reference_ms": 0}]}, 400, "recording 999"),
    ],
)
def test_a_mix_that_cannot_be_played_is_refused(
    client: FlaskClient, ids: Ids, more: dict[str, Any], status: int, message: str
) -> None:
    answer = client.post(f"{SONG}/mixes", json=mix(ids, **more))
    assert answer.status_code == status
    assert message in answer.get_json()["error"]["message"]
    with database.reading() as session:
        assert session.query(Mix).count() == 0


def test_mixes_of_nothing_are_not_found(client: FlaskClient, ids: Ids) -> None:
    assert client.get("/api/v1/mixes/nothing").status_code == 404
    assert client.post("/api/v1/songs/nothing/mixes", json=mix(ids)).status_code == 404


def test_a_report_of_bad_sync_reaches_the_curator(client: FlaskClient, ids: Ids) -> None:
    report = {"cover_id": ids.plain, "other_id": ids.talking, "reference_ms": 4000}
    answer = client.post("/api/v1/sync-reports", json=report | {"cover_ms": 6000})
    assert answer.status_code == 201
    number = answer.get_json()["id"]
    shown = CliRunner().invoke(song_app, ["reports", "test-song", "--json"])
    assert '"reference_s": 4.0' in shown.output and '"heard_against": "Talks first"' in shown.output
    CliRunner().invoke(song_app, ["reports", "test-song", "--resolve", str(number)])
    with database.reading() as session:
        assert session.get_one(SyncReport, number).resolved_at is not None
    assert CliRunner().invoke(song_app, ["reports", "test-song", "--json"]).output.strip() == "[]"


def test_a_report_on_what_nobody_can_hear_is_refused(client: FlaskClient, ids: Ids) -> None:
    report = {"cover_id": ids.private, "reference_ms": 0, "cover_ms": 0}
    assert client.post("/api/v1/sync-reports", json=report).status_code == 404
    report = {"cover_id": ids.plain, "other_id": 999, "reference_ms": 0, "cover_ms": 0}
    assert client.post("/api/v1/sync-reports", json=report).status_code == 400


def test_counts_add_up_on_every_database(any_library: Path) -> None:
    from catalog.lifecycle import Role, Status
    from catalog.models import Song
    from catalog.play_counts import by_day, by_recording, utc_now

    with database.session() as session:
        song = Song(slug="a", title="A")
        session.add(song)
        session.flush()
        recording = Recording(
            song_id=song.id, role=Role.COVER, source="t", source_id="1", location="-", title="t"
        )
        recording.status = Status.PUBLISHED
        session.add(recording)
        session.flush()
        for _ in range(2):
            events = [PlayEvent("heard", recording.id, 10), PlayEvent("switched", recording.id)]
            assert count_batches(session, [Batch(str(uuid4()), events)])
        since = utc_now().date()
        (tally,) = by_recording(
            session, among=true(), since=since, song_id=song.id, most="heard", limit=5
        )
        assert (tally.plays, tally.switches, tally.heard_ms) == (2, 2, 20)
        assert by_day(session, since=since)[0].plays == 2
