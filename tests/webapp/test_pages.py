"""Pages, headers and the address of static files."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from catalog import database
from catalog.jobs import enqueue
from catalog.lifecycle import Stage
from catalog.models import Recording, Song
from tests.webapp.conftest import EVIL, Ids
from webapp import pages
from webapp.rows_to_json import web_address
from webapp.static_files import as_sent, digest_folder

PAGES = ("/", "/songs/test-song", "/library", "/stats")
STATIC = Path(__file__).parents[2] / "static"
MOST_SCRIPT_BYTES = 60 * 1024
BUFFERED_SOUND = {"buffer-player.js", "buffer-sound.js", "buffer-windows.js", "mp4-audio.js"}
"""Fetched only by browsers whose media elements cannot be held in step."""
YOUTUBES_PLAYERS = {each.name for each in STATIC.glob("youtube-*.js")}
"""Fetched with the first cover that only YouTube may play."""
MOST_BYTES_APART = 6 * 1024


@pytest.mark.parametrize("path", [*PAGES, "/nothing", "/api/v1/songs", "/media/999"])
def test_every_answer_carries_the_strict_headers(client: FlaskClient, ids: Ids, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy and "style-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Cross-Origin-Embedder-Policy" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_or_style(client: FlaskClient, ids: Ids, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page and " style=" not in page and " onclick=" not in page


def test_strangers_words_are_escaped_and_kept_apart(client: FlaskClient, ids: Ids) -> None:
    page = client.get("/library").get_data(as_text=True)
    assert EVIL not in page
    assert "<bdi>&lt;script&gt;" in page
    assert '<bdi class="performer">' in page


def test_long_words_are_clipped(client: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        session.get_one(Recording, ids.plain).title = "long " * 1000
    cover = client.get("/api/v1/songs/test-song/covers").get_json()["covers"][0]
    assert len(cover["title"]) == 300


def test_only_web_addresses_are_linked(client: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        session.get_one(Recording, ids.plain).page_url = "javascript:alert(1)"
    cover = client.get("/api/v1/songs/test-song/covers").get_json()["covers"][0]
    assert cover["page_url"] is None


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("https://me:secret@host.org:8080/a?b=c#d", "https://host.org:8080/a?b=c#d"),
        ("https://host.org/a#__youtubedl_smuggle=%7B%22x%22%7D", "https://host.org/a"),
        ("HTTP://host.org/a", "http://host.org/a"),
        ("http://[broken", None),
        ("https://", None),
        ("file:///home/me/a.mp3", None),
        (None, None),
    ],
)
def test_addresses_carry_no_secrets(stored: str | None, shown: str | None) -> None:
    assert web_address(stored) == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("/home/me/My Music/a b.mp3 does not exist", "a b.mp3 does not exist"),
        ("cannot read '/home/me/x.mp3': gone", "cannot read 'x.mp3': gone"),
        ("copy /home/me/x.mp3 to /data/media/7/x.mp3", "copy x.mp3 to x.mp3"),
        ("file:///home/me/x.mp3 is empty", "x.mp3 is empty"),
        ("~/Music/x.mp3 is empty", "x.mp3 is empty"),
        ("/home/me/Music/ holds nothing", "Music/ holds nothing"),
        ("https://host.org/a/b and/or n/a / b", "https://host.org/a/b and/or n/a / b"),
        ("confidence 0.31 is below 0.50", "confidence 0.31 is below 0.50"),
    ],
)
def test_reasons_name_files_but_not_folders(
    client: FlaskClient, ids: Ids, stored: str, shown: str
) -> None:
    with database.session() as session:
        session.get_one(Recording, ids.in_review).reason = stored
    page = client.get("/library").get_data(as_text=True)
    assert f'dir="auto">{escape(shown)}</td>' in page


def test_library_page_gives_reasons_and_jobs(client: FlaskClient, ids: Ids) -> None:
    with database.session() as session:
        enqueue(session, session.get_one(Recording, ids.in_review), Stage.DECIDE)
    page = client.get("/library").get_data(as_text=True)
    assert "confidence 0.31 is below 0.50" in page
    assert "in review" in page
    assert "<td>decide</td><td>queued</td>" in page
    assert 'class="warp"' in page


def test_a_large_songs_recordings_are_told_page_by_page(
    client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "GLANCE", 2)
    monkeypatch.setattr(pages, "PER_PAGE", 3)
    address, told = "/library", []
    while address:
        page = client.get(address).get_data(as_text=True)
        told.append(re.findall(r'<td class="name"><bdi>(.*?)</bdi>', page))
        more = re.search(r'href="(/library/test-song\?after=\d+)"', page)
        address = more[1] if more else ""
    assert [len(each) for each in told] == [2, 3, 1]
    assert told[0] == ["Without a map", "Waiting"]
    assert told[2] == ["The original"]
    assert client.get("/library/test-song?after=999").status_code == 404


def test_many_songs_are_told_page_by_page(
    client: FlaskClient, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SONGS_PER_PAGE", 1)
    with database.session() as session:
        session.add(Song(slug="zebra", title="Zebra"))
    first = client.get("/library").get_data(as_text=True)
    assert "Zebra" not in first and 'href="/library?page=2"' in first
    second = client.get("/library?page=2").get_data(as_text=True)
    assert "Zebra" in second and "page=" not in second
    for page in ("3", "0", "-1"):
        assert client.get(f"/library?page={page}").status_code == 404


def test_empty_library_says_what_to_run(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    assert "covers demo" in page and "covers song add" in page


def test_unknown_page_is_a_page(client: FlaskClient) -> None:
    answer = client.get("/songs/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Not this song here." in answer.get_data(as_text=True)


def test_static_files_may_be_kept_for_ever_under_their_digest(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    found = re.search(r'href="(/static/[0-9a-f]{12}/base\.css)"', page)
    assert found is not None
    answer = client.get(found[1])
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/static/old/base.css").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/old/main.js").mimetype == "text/javascript"


def test_digest_changes_with_contents_and_names(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("one")
    first = digest_folder(tmp_path)
    (tmp_path / "a.js").write_text("two")
    second = digest_folder(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, digest_folder(tmp_path)}) == 3


def test_scripts_of_the_stage_weigh_60_kb_at_most(client: FlaskClient) -> None:
    """One language, and the probe included; what only some pages fetch apart."""
    names = {each.name for each in STATIC.glob("*.js") if not each.name.startswith("desk")}
    names -= {"words.de.js"}
    assert weigh(client, names - BUFFERED_SOUND - YOUTUBES_PLAYERS) <= MOST_SCRIPT_BYTES
    for apart in (BUFFERED_SOUND, YOUTUBES_PLAYERS):
        assert apart and names >= apart
        assert weigh(client, apart) <= MOST_BYTES_APART


def weigh(client: FlaskClient, names: set[str]) -> int:
    answers = [
        client.get(f"/static/now/{name}", headers={"Accept-Encoding": "gzip"}) for name in names
    ]
    assert {each.headers["Content-Encoding"] for each in answers} == {"gzip"}
    return sum(len(each.data) for each in answers)


def test_compressed_scripts_say_the_same_as_sent(client: FlaskClient) -> None:
    plain = client.get("/static/now/main.js")
    assert "Content-Encoding" not in plain.headers
    script = plain.get_data(as_text=True)
    short = as_sent(script)
    assert script.count("\n") == short.count("\n")
    assert "* @param" in script and "* @param" not in short
    kept = [line for line in short.splitlines() if line]
    bare = [re.sub(r"/\*\* .*? \*/ ?", "", line).strip() for line in script.splitlines()]
    assert kept == [line for line in bare if line and not line.startswith(("/**", "*"))]


@pytest.mark.parametrize("name", ["../webapp/app.py", "..%2fwebapp/app.py", "nothing.js", ""])
def test_static_files_lie_in_their_folder(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/now/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("script", "served"),
    [
        ("const a = /** @type {B} */ (c);", "const a = (c);"),
        ("/**\n * What it is.\n */\nexport let a;", "\n\n\nexport let a;"),
        ("  f('*/*', /** @type {B} */ (c)); // d", "f('*/*', (c)); // d"),
    ],
)
def test_types_are_for_readers_of_the_source(script: str, served: str) -> None:
    assert as_sent(script) == served


def test_no_text_in_scripts_runs_over_lines_that_lose_their_indentation() -> None:
    for path in STATIC.rglob("*.js"):
        odd = [line for line in path.read_text().splitlines() if line.count("`") % 2]
        assert [line for line in odd if "${" not in line and "}`" not in line] == [], path.name


def test_long_pages_and_answers_go_compressed_to_who_takes_it(
    client: FlaskClient, ids: Ids
) -> None:
    for path in ("/", "/songs/test-song", "/api/v1/songs/test-song/covers"):
        plain = client.get(path)
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert gzip.decompress(packed.data) == plain.data
        if tag := packed.headers.get("ETag"):
            again = {"Accept-Encoding": "gzip", "If-None-Match": tag}
            assert client.get(path, headers=again).status_code == 304
