"""Recordings from the search of a PeerTube instance, by its own API.

yt-dlp reads PeerTube's videos but does not search there.
https://docs.joinpeertube.org/api-rest-reference.html#tag/Search/operation/searchVideos
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from catalog.errors import SourceError
from catalog.songs import Found
from ingest.downloading import request_page
from ingest.sources.web import found_in

PAGE = 100
"""Most results that the API gives at once."""


def search_address(instance: str, words: str, *, limit: int) -> str:
    """Where an instance answers a search."""
    query = urlencode({"search": words, "count": min(limit, PAGE), "sort": "-match"})
    return f"{instance}/api/v1/search/videos?{query}"


def find_recordings(instance: str, words: str, *, limit: int) -> list[Found]:
    """What an instance finds, each once.

    Raises:
        SourceError: when it does not deliver, or answers something else.
    """
    address = search_address(instance, words, limit=limit)
    with tempfile.TemporaryDirectory(prefix="covers-list-") as folder:
        page = request_page(address, Path(folder))
    try:
        videos = json.loads(page)["data"]
        entries = [_as_entry(instance, each) for each in videos]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(f"{instance} does not answer like PeerTube: {error!r}") from error
    return found_in(entries[:limit], listed_at=address)


def _as_entry(instance: str, video: dict[str, Any]) -> dict[str, Any]:
    """With yt-dlp's names for the fields; the id is the one that its extractor gives too."""
    channel, language = video.get("channel") or {}, video.get("language") or {}
    return {
        "id": str(video["uuid"]),
        "ie_key": "PeerTube",
        "title": video.get("name"),
        "description": video.get("description"),
        "duration": video.get("duration"),
        "uploader": channel.get("displayName"),
        "uploader_url": channel.get("url"),
        "license": (video.get("licence") or {}).get("label"),
        "language": language.get("id"),
        "live_status": "is_live" if video.get("isLive") else "not_live",
        "categories": [(video.get("category") or {}).get("label") or ""],
        "address": video.get("url") or f"{instance}/w/{video['uuid']}",
        "is_list": False,
    }
