"""A video site of our own for yt-dlp: its search and its videos are a plugin of yt-dlp.

So yt-dlp's own code runs the search, the selection of formats and the download; only the two
extractors are ours, because YouTube cannot be asked from a test.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.ingest.web_server import Answer, WebServer

PLUGIN = """
import json
import os
from urllib.parse import quote

from yt_dlp.extractor.common import InfoExtractor, SearchInfoExtractor

SITE = os.environ.get("TEST_SITE", "")


class TestSiteSearchIE(SearchInfoExtractor):
    _SEARCH_KEY = "ytsearch"

    def _search_results(self, query):
        for hit in self._download_json(f"http://{SITE}/results?q={quote(query)}", query):
            address = f"http://{SITE}/watch?v={hit['id']}"
            yield {"_type": "url", "ie_key": "TestSite", "url": address, **hit}


class TestSiteIE(InfoExtractor):
    _VALID_URL = r"http://127\\.0\\.0\\.1:\\d+/watch\\?v=(?P<id>\\w+)"

    def _real_extract(self, url):
        video_id = self._match_id(url)
        fields = self._download_json(f"http://{SITE}/video/{video_id}", video_id)
        return {"id": video_id, "vcodec": "none", **fields}
"""


class VideoSite:
    """Videos and what words find them, served by a web server.

    Attributes:
        server: whose answers and `asked` a test may change and read
    """

    def __init__(self, server: WebServer) -> None:
        self.server = server

    def add(self, video_id: str, sound: bytes, **fields: Any) -> dict[str, Any]:
        """Put a video there. Returns it as a hit of a search."""
        described = {"title": video_id, "ext": "ogg", "url": self.media(video_id), **fields}
        self.server.answers[f"/video/{video_id}"] = _json(described)
        self.server.answers[f"/media/{video_id}.ogg"] = Answer(sound, "audio/ogg")
        flat = ("title", "duration", "description", "uploader", "uploader_url")
        return {"id": video_id} | {key: described[key] for key in flat if key in described}

    def media(self, video_id: str) -> str:
        return self.server.address(f"/media/{video_id}.ogg")

    def answer(self, words: str, hits: Sequence[dict[str, Any]]) -> None:
        """Let a search for words find some videos."""
        self.server.answers[f"/results?q={quote(words)}"] = _json(hits)

    def fetched(self) -> list[str]:
        """Which media were asked for, in order."""
        asked = (each for each in self.server.asked if each.startswith("/media/"))
        return [Path(each).stem for each in asked]


def _json(document: Any) -> Answer:
    return Answer(json.dumps(document).encode(), "application/json")


def install_plugin(folder: Path, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> VideoSite:
    """Let every yt-dlp that is started from now on know the site."""
    extractors = folder / "plugins" / "yt_dlp_plugins" / "extractor"
    extractors.mkdir(parents=True)
    (extractors / "test_site.py").write_text(PLUGIN)
    monkeypatch.setenv("PYTHONPATH", str(folder / "plugins"))
    monkeypatch.setenv("TEST_SITE", server.host_and_port)
    return VideoSite(server)
