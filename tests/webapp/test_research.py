"""Kept evaluation runs: the API and the pages, on both databases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalog import database
from catalog.evaluations import keep_run
from catalog.models import EvaluationRun
from tests.metrics_documents import failed_row, metrics_document
from tests.webapp.conftest import EVIL, RIGHT_TO_LEFT

RUNS = "/api/v1/research/runs"
HUGE = 99999999999999999999


@pytest.fixture
def client(any_library: Path) -> Iterator[FlaskClient]:
    """On each database."""
    from webapp.app import create_app

    with create_app().test_client() as client:
        yield client


@pytest.fixture
def runs(client: FlaskClient) -> list[int]:
    """A good and a bad method on one data set, one of them on another."""
    with database.session() as session:
        return [
            keep_run(session, metrics_document("air", "dtw", [0.4, 0.2, 0.3])).id,
            keep_run(session, metrics_document("air", "tracker", [0.9, 0.95, 0.8])).id,
            keep_run(session, metrics_document("real", "tracker", [0.7])).id,
        ]


def keep_hostile_run() -> int:
    document = metrics_document("air", EVIL, [0.9])
    document["dataset"] = EVIL
    document["model"] = RIGHT_TO_LEFT
    document["command"] = f"covers evaluate '{EVIL}'"
    document["covers"][0] |= {"file": EVIL, "kind": EVIL, "song": EVIL}
    document["covers"].append(failed_row(1, f"cannot read /home/me/secret/x.wav {EVIL}"))
    document["summary"]["by_kind"] = {EVIL: {"n": 1, "within_50": 0.5}}
    with database.session() as session:
        return keep_run(session, document).id


def test_runs_come_page_by_page(client: FlaskClient, runs: list[int]) -> None:
    first = client.get(f"{RUNS}?limit=2").get_json()
    assert [each["id"] for each in first["runs"]] == runs[:2]
    second = client.get(f"{RUNS}?limit=2&cursor={first['next_cursor']}").get_json()
    assert [each["id"] for each in second["runs"]] == runs[2:]
    assert second["next_cursor"] is None


def test_runs_are_filtered_by_data_set(client: FlaskClient, runs: list[int]) -> None:
    found = client.get(f"{RUNS}?dataset=real").get_json()["runs"]
    assert [each["id"] for each in found] == runs[2:]


def test_a_run_brings_its_document_without_folders(client: FlaskClient, runs: list[int]) -> None:
    run = client.get(f"{RUNS}/{runs[1]}").get_json()
    assert run["document"]["covers"][1]["within_50"] == 0.95
    assert run["document"]["command"] == "covers evaluate air --method tracker"
    assert run["summary"]["intervals"]["within_50"][0] < run["summary"]["within_50"]
    assert run["url"] == f"{RUNS}/{runs[1]}"


def test_answers_are_revalidated(client: FlaskClient, runs: list[int]) -> None:
    for path in (RUNS, f"{RUNS}/{runs[0]}"):
        etag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{RUNS}/999", 404),
        (f"{RUNS}/{HUGE}", 404),
        (f"{RUNS}?cursor={HUGE}", 422),
        (f"{RUNS}?limit=0", 422),
        ("/research/999", 404),
        (f"/research/{HUGE}", 404),
    ],
)
def test_refusals(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_without_runs_the_page_tells_the_command(client: FlaskClient) -> None:
    assert "covers evaluate DATASET" in client.get("/research").get_data(as_text=True)
    assert client.get(RUNS).get_json() == {"runs": [], "next_cursor": None}


def test_the_best_method_of_a_data_set_stands_first(client: FlaskClient, runs: list[int]) -> None:
    page = client.get("/research").get_data(as_text=True)
    assert re.findall(r'href="/research/(\d+)"', page) == [str(runs[1]), str(runs[0]), str(runs[2])]
    assert "<b>88.3 %</b>" in page and "<b>30.0 %</b>" not in page
    assert '<span class="interval">79.5 – 97.2</span>' in page


def test_methods_stand_in_the_tables_of_what_they_do(client: FlaskClient, runs: list[int]) -> None:
    document = metrics_document("air", "librosa-beats", [0.5])
    document["summary"] = {"n_covers": 0, "n_beats": 12, "beat_f": 0.81, "within_50": None}
    with database.session() as session:
        beats = keep_run(session, document).id
    page = client.get("/research").get_data(as_text=True)
    alignment, others = page.split("<h3>Beats</h3>")
    assert re.findall(r'href="/research/(\d+)"', alignment) == [str(runs[1]), str(runs[0])]
    row = others.split(f'href="/research/{beats}"')[1].split("</tr>")[0]
    assert '<td class="number">12</td>' in row and "81.0 %" in row


def test_one_of_a_kind_is_not_called_the_best(client: FlaskClient, runs: list[int]) -> None:
    page = client.get("/research").get_data(as_text=True)
    assert "<b>" not in page.split("<bdi>real</bdi>")[1]


def test_only_the_newest_of_equal_runs_is_listed(client: FlaskClient, runs: list[int]) -> None:
    with database.session() as session:
        newer = keep_run(session, metrics_document("real", "tracker", [0.75])).id
    page = client.get("/research").get_data(as_text=True)
    assert f'href="/research/{newer}"' in page and f'href="/research/{runs[2]}"' not in page


def test_a_run_shows_kinds_and_the_worst_cover_first(client: FlaskClient, runs: list[int]) -> None:
    page = client.get(f"/research/{runs[1]}").get_data(as_text=True)
    assert re.findall(r"<bdi>(cover-\d)\.wav", page) == ["cover-2", "cover-0", "cover-1"]
    assert "<bdi>acoustic solo</bdi>" in page and "<bdi>full band</bdi>" in page
    assert f'href="{RUNS}/{runs[1]}"' in page
    assert "covers evaluate air --method tracker" in page
    assert "how far a map is from the truth" in page


def test_licences_are_told_and_only_own_sets_have_the_words_of_this_program(
    client: FlaskClient, runs: list[int]
) -> None:
    assert "two classical singers" not in client.get("/research").get_data(as_text=True)
    document = metrics_document("edited-real", "dtw", [0.5], licence="CC0-1.0")
    with database.session() as session:
        own = keep_run(session, document).id
    page = client.get("/research").get_data(as_text=True)
    assert "two classical singers" in page and "CC0-1.0" in page
    assert "CC0-1.0" in client.get(f"/research/{own}").get_data(as_text=True)


def test_strangers_words_stay_words(client: FlaskClient) -> None:
    run_id = keep_hostile_run()
    for path in ("/research", f"/research/{run_id}"):
        page = client.get(path).get_data(as_text=True)
        assert EVIL not in page and "&lt;script&gt;" in page
        assert "/home/me" not in page
        assert not re.search(r"<script|<style| style=| onclick=", page)
    assert "/home/me" not in client.get(f"{RUNS}/{run_id}").get_data(as_text=True)


def test_a_document_of_another_age_still_has_a_page(client: FlaskClient) -> None:
    with database.session() as session:
        run = EvaluationRun(
            dataset="old", method="m", model=None, command="c", version="0", n_covers=1,
            summary={"within_50": None}, document={"covers": [{"file": "a.wav"}]},
        )  # fmt: skip
        session.add(run)
        session.flush()
        run_id = run.id
    assert "a.wav" in client.get(f"/research/{run_id}").get_data(as_text=True)
    assert client.get("/research").status_code == 200
