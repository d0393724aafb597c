"""Pages in the visitor's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalog.lifecycle import ACTIVE_JOBS, Relation, Stage, Status
from tests.webapp.conftest import Ids
from webapp.words import LANGUAGES, de, en

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
PAGES = ("/", "/songs/test-song", "/library", "/stats", "/performers/The Band", "/nothing")


def names(words: object) -> set[str]:
    return {each for each in vars(words) if not each.startswith("_") and each != "annotations"}


def test_every_language_has_the_same_words() -> None:
    assert names(de) == names(en)
    for name in ("STATUSES", "RELATIONS", "STAGES", "JOBS"):
        assert getattr(de, name).keys() == getattr(en, name).keys()


def test_every_word_is_said_and_every_state_has_one() -> None:
    paths = [each for each in TEMPLATES.rglob("*.html") if each.parent.name != "desk"]
    templates = "".join(each.read_text() for each in paths)
    said = set(re.findall(r"words\.(\w+)", templates))
    assert said == names(en) - {"NAME"}
    assert en.STATUSES.keys() == set(Status)
    assert en.RELATIONS.keys() == {*Relation, "reference"}
    assert en.STAGES.keys() == set(Stage)
    assert en.JOBS.keys() == set(ACTIVE_JOBS)


def language_of(page: str) -> str:
    found = re.search(r'<html lang="(\w+)">', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_pages_speak_the_visitors_language(client: FlaskClient, ids: Ids, path: str) -> None:
    answer = client.get(path, headers=GERMAN)
    assert language_of(answer.get_data(as_text=True)) == "de"
    assert "Accept-Language" in answer.vary
    assert language_of(client.get(path).get_data(as_text=True)) == "en"
    french = client.get(path, headers={"Accept-Language": "fr"})
    assert language_of(french.get_data(as_text=True)) == "en"


def test_no_english_is_left_on_a_german_page(client: FlaskClient, ids: Ids) -> None:
    english = [each for each in vars(en).values() if isinstance(each, str) and " " in each]
    for path in (*PAGES, f"/covers/{ids.plain}"):
        page = client.get(path, headers=GERMAN).get_data(as_text=True)
        assert [each for each in english if each in page and each[0].isalpha()] == [], path


def test_visitors_are_not_told_what_only_the_owner_can_do(client: FlaskClient, ids: Ids) -> None:
    for header in ({}, GERMAN):
        page = client.get("/songs/nothing", headers=header).get_data(as_text=True)
        assert "covers song list" not in page
    message = client.get("/api/v1/songs/nothing").get_json()["error"]["message"]
    assert "covers song list" in message


def test_an_address_asks_for_a_language_and_links_pass_it_on(client: FlaskClient, ids: Ids) -> None:
    page = client.get("/stats?language=en", headers=GERMAN).get_data(as_text=True)
    assert language_of(page) == "en"
    assert 'href="/library?language=en"' in page
    assert 'href="?language=de"' in page
    plain = client.get("/stats", headers=GERMAN).get_data(as_text=True)
    assert 'href="/library"' in plain
    strange = client.get("/stats?language=%22%3E%3Cb", headers=GERMAN).get_data(as_text=True)
    assert language_of(strange) == "de" and "%22" not in strange


def test_the_research_pages_and_the_desk_are_english(client: FlaskClient) -> None:
    for path in ("/research", "/desk/login"):
        page = client.get(path, headers=GERMAN, follow_redirects=True).get_data(as_text=True)
        assert language_of(page) == "en"
        assert "?language=" not in page


def test_the_player_speaks_the_same_languages() -> None:
    script = (TEMPLATES.parents[1] / "static" / "words.js").read_text()
    found = re.search(r"LANGUAGES = .*?\(\{(.*?)\}\)", script)
    assert found is not None
    offered = dict(re.findall(r"(\w+): '(\w+)'", found[1]))
    assert offered == {code: each.NAME for code, each in LANGUAGES.items()}
