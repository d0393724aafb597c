"""A CSV of links, and a PeerTube instance's search."""

import json
from pathlib import Path

import pytest

from catalog.errors import InputError, SourceError
from ingest.sources import links, peertube
from tests.ingest.web_server import Answer, WebServer

VIDEO = {
    "uuid": "9c9de5e8-0a1e-484a-b099-e80766180a6d",
    "name": "Danny Boy #harp",
    "duration": 203,
    "url": "https://peer.example/w/9c9de5e8",
    "licence": {"id": 1, "label": "CC BY"},
    "language": {"id": "en", "label": "English"},
    "channel": {"displayName": "Ada", "url": "https://peer.example/c/ada"},
    "isLive": False,
}


def test_rows_are_recordings(tmp_path: Path):
    path = tmp_path / "links.csv"
    path.write_text(
        "\ufeffurl,title,performer,license\nhttps://a.example/1,One #folk,Ada,CC0\n\n"
        "https://a.example/2,,,\nhttps://a.example/2?utm_source=x,,,\n"
    )
    found = links.find_recordings(path)
    assert [(each.title, each.performer, each.licence) for each in found] == [
        ("One #folk", "Ada", "CC0"),
        ("https://a.example/2?utm_source=x", None, None),
    ]
    assert found[0].hashtags == (("folk", "title"),)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("link\nhttps://a.example\n", "names no column `url`"),
        ("url\nfile:///etc/passwd\n", "line 2: 'file:///etc/passwd' is not an address"),
        ("url\n/etc/passwd\n", "line 2"),
        ("url\n\xff".encode("latin-1"), "cannot be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: str | bytes, message: str):
    path = tmp_path / "links.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError, match=message):
        links.find_recordings(path)


def test_a_peertube_instance_is_searched(web: WebServer):
    instance = web.address("")
    path = "/api/v1/search/videos?search=danny+boy&count=25&sort=-match"
    web.answers[path] = Answer(json.dumps({"total": 1, "data": [VIDEO]}).encode())
    found = peertube.find_recordings(instance, "danny boy", limit=25)[0]
    assert (found.source, found.source_id, found.performer) == (
        *("peertube", VIDEO["uuid"], "Ada"),
    )
    assert (found.duration_s, found.licence, found.hashtags) == (
        *(203, "CC BY", (("harp", "title"),)),
    )
    assert found.facts["language"] == "en"


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"data": [{}]}', b'{"data": [7]}'])
def test_what_is_no_peertube_is_said_so(web: WebServer, answer: bytes):
    path = "/api/v1/search/videos?search=x&count=5&sort=-match"
    web.answers[path] = Answer(answer)
    with pytest.raises(SourceError, match="does not answer like PeerTube"):
        peertube.find_recordings(web.address(""), "x", limit=5)
