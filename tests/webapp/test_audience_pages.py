"""The pages of mixes, covers and performers, and the charts."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from catalog import database
from catalog.audit import COMMAND
from catalog.models import Recording
from catalog.withdrawal import take_down
from tests.webapp.conftest import EVIL, RIGHT_TO_LEFT, Ids
from tests.webapp.test_audience import heard, mix, send
from webapp.audience import pages


def test_a_cover_has_a_page_with_credit_and_links(client: FlaskClient, ids: Ids) -> None:
    page = client.get(f"/covers/{ids.plain}").get_data(as_text=True)
    assert EVIL not in page and "&lt;script&gt;" in page
    assert 'href="https://example.org/performer"' in page
    assert "CC0 1.0 Universal" in page
    assert f'href="/songs/test-song#cover={ids.plain}"' in page


def test_a_performer_has_a_page(client: FlaskClient, ids: Ids) -> None:
    page = client.get(f"/performers/{RIGHT_TO_LEFT}").get_data(as_text=True)
    assert f'href="/covers/{ids.plain}"' in page


def test_a_performer_s_page_goes_on_after_a_hundred(
    client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    with database.session() as session:
        for number in (ids.plain, ids.talking):
            session.get_one(Recording, number).performer = "Ada & Co"
    first = client.get("/performers/Ada & Co").get_data(as_text=True)
    assert "2 covers." in first and f"/covers/{ids.talking}" in first
    following = f"/performers/Ada%20%26%20Co?before={ids.talking}"
    assert following in first and f'"/covers/{ids.plain}"' not in first
    second = client.get(following).get_data(as_text=True)
    assert f"/covers/{ids.plain}" in second and "before=" not in second


def test_the_charts_lead_to_a_song_where_it_is_the_reference(client: FlaskClient, ids: Ids) -> None:
    send(client, heard(ids.reference))
    page = client.get("/stats").get_data(as_text=True)
    assert f"/covers/{ids.reference}" not in page and "/songs/test-song" in page


def test_what_is_gone_is_not_named_where_everything_stands(client: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        cover = session.get_one(Recording, ids.talking)
        take_down(session, cover, reason="Jane wrote", actor=COMMAND)
    for path in ("/library", "/library/test-song"):
        page = client.get(path).get_data(as_text=True)
        assert "Jane" not in page and "Talks first" not in page and "Waiting" in page
    # Only what is published shows its map: the plain cover and the private one.
    assert page.count('class="warp"') == 2


def test_no_address_can_hold_what_the_database_cannot(client: FlaskClient, ids: Ids) -> None:
    for path in ("/songs/%00", "/performers/%00", "/mixes/%00", "/api/v1/songs/%00"):
        assert client.get(path).status_code in (400, 404), path


def test_what_cannot_be_played_has_no_page(client: FlaskClient, ids: Ids) -> None:
    for path in (f"/covers/{ids.private}", f"/covers/{ids.in_review}", "/covers/99999999999"):
        assert client.get(path).status_code == 404
    assert client.get("/performers/nobody").status_code == 404
    assert client.get("/mixes/nothing").status_code == 404


def test_charts_show_what_was_heard(client: FlaskClient, ids: Ids) -> None:
    send(client, heard(ids.plain, 60_000))
    page = client.get("/stats").get_data(as_text=True)
    assert "1 min of music" in page
    assert EVIL not in page
    assert page.count('<rect class="mark"') == 30


def test_a_mix_opens_the_stage_and_only_its_embed_may_be_framed(
    client: FlaskClient, ids: Ids
) -> None:
    key = client.post("/api/v1/songs/test-song/mixes", json=mix(ids)).get_json()["key"]
    page = client.get(f"/mixes/{key}")
    assert f'data-mix="{key}"' in page.get_data(as_text=True)
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    embed = client.get(f"/embed/mixes/{key}")
    assert "frame-ancestors *" in embed.headers["Content-Security-Policy"]
    assert "script-src 'self';" in embed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in embed.headers
