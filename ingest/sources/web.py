"""Recordings behind an address: a video, a direct link, a playlist, a channel, a feed, a search."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from catalog.songs import Found
from ingest.addresses import public_address
from ingest.downloading import request_list
from ingest.sources.description import Description, is_address
from ingest.sources.facts import Facts

_WITHOUT_IDENTITY = ("generic", "html5mediaembed", "")
"""Extractors whose ids are mere file names, which two hosts share."""
ANY_SITE = ("web",)
"""Sources whose pages are read however little is known of their site: a person named them."""


def find_recordings(address: str, *, limit: int, any_site: bool = True) -> list[Found]:
    """What an address or a search of yt-dlp offers, each once, without fetching any.

    Parameters
    ----------
    any_site
        whether pages are read for which yt-dlp has no extractor of their own

    Raises
    ------
    SourceError
        when the host does not deliver
    """
    with tempfile.TemporaryDirectory(prefix="covers-list-") as folder:
        entries = request_list(address, Path(folder), limit=limit, any_site=any_site)
    return found_in(entries, listed_at=address)


def found_in(entries: list[dict[str, Any]], *, listed_at: str) -> list[Found]:
    """The recordings among entries that yt-dlp describes, each once."""
    found = [_as_found(entry, listed_at) for entry in entries if not entry["is_list"]]
    return list(
        {
            (each.source, each.source_id): each
            for each in found
            if is_address(each.location)  # a feed may as well name a file of this machine
        }.values()
    )


def _as_found(entry: dict[str, Any], listed_at: str) -> Found:
    location = entry.get("address") or listed_at
    extractor = (entry.get("ie_key") or entry.get("extractor_key") or "").lower()
    known_by_address = extractor in _WITHOUT_IDENTITY or not entry.get("id")
    source_id = location if known_by_address else str(entry["id"])
    return Description.from_untrusted({"webpage_url": location} | entry).as_found(
        source="web" if known_by_address else extractor,
        source_id=source_id,
        location=location,
        fallback=str(entry.get("id") or public_address(location)),
        facts=Facts.from_untrusted(entry),
    )
