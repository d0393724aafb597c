"""Companions and hashtags of songs with very many covers."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from catalog import database
from catalog.decisions import set_status
from catalog.lifecycle import Status
from catalog.models import Recording
from tests.webapp.conftest import Ids
from webapp import kept
from webapp.supply import ranking
from webapp.supply.candidates import Candidates, Tag
from webapp.supply.ranking import Wish, choose, costs_of

SONG = "/api/v1/songs/test-song"
CASES = json.loads((Path(__file__).parents[1] / "data" / "companion_cases.json").read_text())


def candidates_of(covers: list[dict[str, Any]]) -> Candidates:
    names = sorted({tag for each in covers for tag in each["tags"]})
    pairs = [(row, names.index(tag)) for row, each in enumerate(covers) for tag in each["tags"]]
    spans = [(row, *span) for row, each in enumerate(covers) for span in each["spans_ms"]]
    tags = {
        name: Tag(name, np.array([row for row, of in pairs if names[of] == name]), {})
        for name in names
    }
    return Candidates(
        ids=np.array([each["id"] for each in covers], dtype=np.int32),
        octaves=np.log2([each["tempo_ratio"] for each in covers]).astype(np.float32),
        semitones=np.array([each["transposition_semitones"] for each in covers]),
        is_same=np.array([each["same_recording"] for each in covers]),
        spans_ms=np.array([span[1:] for span in spans]).reshape(-1, 2),
        span_rows=np.array([span[0] for span in spans]),
        tags=tags,
        tag_pairs=np.array(pairs).reshape(-1, 2),
    )


@pytest.mark.parametrize("case", CASES["cases"])
def test_the_server_ranks_as_the_player_does(case: dict[str, Any]) -> None:
    candidates, wish = candidates_of(CASES["covers"]), Wish(**case["wish"])
    rows = candidates.with_tags(wish.tags)
    rows = rows[~np.isin(candidates.ids[rows], wish.exclude)]
    order = candidates.ids[rows[np.argsort(costs_of(candidates, rows, wish), kind="stable")]]
    assert order.tolist() == case["order"]


def many(count: int) -> Candidates:
    """Covers from half to double tempo, in order of it, their rows mixed as they are in use."""
    order = np.random.default_rng(1).permutation(count)
    return candidates_of(
        [
            {
                "id": int(each) + 1,
                "tempo_ratio": 2 ** (2 * each / count - 1),
                "transposition_semitones": 0,
                "spans_ms": [[0, 1000]],
                "tags": ["rare"] if each % 1000 == 0 else [],
                "same_recording": False,
            }
            for each in order
        ]
    )


def test_of_very_many_a_few_near_ones_are_chosen_and_others_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranking, "MOST_COMPARED", 2000)
    candidates, random = many(20_000), np.random.default_rng(2)
    wish = Wish(near=10_000, at_ms=0, until_ms=500, exclude=(10_001,))
    chosen = [choose(candidates, wish, 24, random) for _ in range(2)]
    for ids in chosen:
        assert len(set(ids)) == 24 and 10_001 not in ids
        assert all(abs(each - 10_000) < 2_500 for each in ids)
    assert len(set(chosen[0]) & set(chosen[1])) < 12


def test_a_rare_tag_is_found_among_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "MOST_COMPARED", 2000)
    ids = choose(many(20_000), Wish(tags=("rare",)), 40, np.random.default_rng(3))
    assert sorted(ids) == [1 + 1000 * each for each in range(20)]


def test_companions_are_covers_that_can_be_played(client: FlaskClient, ids: Ids) -> None:
    answer = client.get(f"{SONG}/companions").get_json()
    listed = client.get(f"{SONG}/covers").get_json()["covers"]
    assert answer["left"] == 2
    assert sorted(answer["covers"], key=lambda each: each["id"]) == listed


def test_companions_follow_the_wish(client: FlaskClient, ids: Ids) -> None:
    def found(query: str) -> list[int]:
        return [
            each["id"] for each in client.get(f"{SONG}/companions?{query}").get_json()["covers"]
        ]

    assert found("at_ms=1000&until_ms=8000") == [ids.plain, ids.talking]
    assert found("at_ms=600&until_ms=900&near=999") != []
    assert found(f"exclude={ids.plain},77") == [ids.talking]
    assert found("tags=piano,calm") == [ids.plain]
    assert found("tags=%23PIANO&limit=1&reach=1") != []
    assert found("tags=kazoo") == []


@pytest.mark.parametrize(
    "query", ["reach=2", "limit=41", "near=0", "exclude=a", "exclude=1,,2", "at_ms=-1"]
)
def test_wishes_that_make_no_sense_are_refused(client: FlaskClient, ids: Ids, query: str) -> None:
    answer = client.get(f"{SONG}/companions?{query}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (422, "invalid_parameters")


def test_companions_of_no_song_are_not_found(client: FlaskClient, ids: Ids) -> None:
    assert client.get("/api/v1/songs/nothing/companions").status_code == 404


def test_covers_are_fetched_by_name_in_that_order(client: FlaskClient, ids: Ids) -> None:
    named = f"{ids.talking},{ids.private},4294967296,{ids.plain}"
    answer = client.get(f"{SONG}/covers?ids={named}").get_json()
    assert [each["id"] for each in answer["covers"]] == [ids.talking, ids.plain]
    assert answer["next_cursor"] is None
    assert client.get(f"{SONG}/covers?ids=").status_code == 422


def test_hashtags_say_what_they_would_leave(client: FlaskClient, ids: Ids) -> None:
    def left(query: str) -> tuple[dict[str, int], list[str], int]:
        answer = client.get(f"{SONG}/hashtags?{query}").get_json()
        offers = {each["name"]: each["left"] for each in answer["hashtags"]}
        return offers, answer["tags"], answer["left"]

    assert left("") == ({"piano": 2, "calm": 1}, [], 2)
    assert left("tags=calm") == ({"calm": 1, "piano": 1}, ["calm"], 1)
    assert left("tags=calm,kazoo") == ({"calm": 1, "piano": 1}, ["calm"], 1)
    assert left("q=%23PIA") == ({"piano": 2}, [], 2)
    assert left("q=pia&tags=calm") == ({"calm": 1, "piano": 1}, ["calm"], 1)
    assert left("limit=1") == ({"piano": 2}, [], 2)


def reject(cover_id: int) -> None:
    with database.session() as session:
        set_status(session.get_one(Recording, cover_id), Status.REJECTED, "a test")


def join_kept() -> None:
    for thread in threading.enumerate():
        if thread.name == "kept":
            thread.join()


def left_on(client: FlaskClient) -> int:
    return int(client.get(f"{SONG}/hashtags").get_json()["left"])


def test_a_change_is_seen_at_once_in_a_song_that_is_read_quickly(
    client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "QUICK_S", 1e9)
    assert left_on(client) == 2
    reject(ids.talking)
    assert left_on(client) == 1


def test_a_long_song_answers_as_it_was_while_it_is_read_again(
    app: APIFlask, client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "QUICK_S", 0)
    assert left_on(client) == 2
    reject(ids.talking)
    assert left_on(client) == 2  # it rests
    monkeypatch.setattr(kept, "REST", 0)
    assert left_on(client) == 2  # it is read behind
    join_kept()
    assert left_on(client) == 1


def test_what_was_not_asked_for_lately_makes_room() -> None:
    some = kept.Kept[int](60, most=3, weigh=lambda content: content)
    asked: list[str] = []

    def get(key: str, content: int, token: int = 0) -> int:
        def compute(_: kept.Rest) -> int:
            asked.append(key)
            return content

        return some.get(key, compute, token)

    for key in ("one", "two", "one", "three", "one", "two"):
        get(key, 1)
    assert asked == ["one", "two", "three"]
    get("four", 1)
    get("one", 1)
    get("three", 1)
    assert asked == ["one", "two", "three", "four", "three"]
    get("three", 1, token=1)
    assert asked[-2:] == ["three", "three"]


def test_an_answer_that_fails_behind_leaves_the_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    some = kept.Kept[int](60)
    monkeypatch.setattr(kept, "QUICK_S", -1)
    monkeypatch.setattr(kept, "REST", 0)
    assert some.get("key", lambda _: 1, token=1) == 1
    assert some.get("key", lambda _: 1 // 0, token=2) == 1
    join_kept()
    assert some.get("key", lambda _: 3, token=3) == 1
    join_kept()
    assert some.get("key", lambda _: 4, token=3) == 3


def test_nobody_waits_for_an_answer_to_somebody_elses_question(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = kept.Kept[int](60)
    monkeypatch.setattr(kept, "QUICK_S", -1)
    monkeypatch.setattr(kept, "REST", 0)
    goes_on = threading.Event()
    some.get("long", lambda _: 1, token=1)
    some.get("long", lambda _: int(goes_on.wait(20)), token=2)  # read behind
    began_s = time.monotonic()
    assert [some.get(key, lambda _: 7) for key in range(40)] == [7] * 40
    assert time.monotonic() - began_s < 5
    goes_on.set()
    join_kept()


def test_what_is_computed_behind_rests_between_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    slept_s: list[float] = []
    some = kept.Kept[int](60)
    monkeypatch.setattr(kept, "QUICK_S", -1)
    monkeypatch.setattr(kept, "REST", 0)
    monkeypatch.setattr(time, "sleep", slept_s.append)

    def in_parts(rest: kept.Rest) -> int:
        rest()
        return 1

    some.get("key", in_parts, token=1)
    assert not slept_s  # somebody waits for it
    some.get("key", in_parts, token=2)
    join_kept()
    assert len(slept_s) == 1 and slept_s[0] > 0
