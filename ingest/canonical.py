"""One form for all spellings of an address, so that a recording is known again by it."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from catalog.hosts import host_of, telling_query
from ingest.addresses import public_address

_YOUTUBE_PATH = re.compile(r"/(?:shorts|embed|live|v)/([\w-]{11})(?:/|$)")


def canonical_url(address: str) -> str | None:
    """The address without what changes nothing about where it leads; `None` where it is none.

    Scheme, `www.`, user, fragment, order of the query and known tracking parameters go. YouTube's
    several addresses of one video become one.
    """
    host = host_of(address)
    if host is None:
        return None
    parts = urlsplit(public_address(address))
    if host == "youtube.com" and (video := _youtube_video(address)):
        return f"https://youtube.com/watch?v={video}"
    query = telling_query(parts.query)
    path = parts.path.rstrip("/") or "/"
    return f"https://{host}{path}" + (f"?{query}" if query else "")


def _youtube_video(address: str) -> str | None:
    parts = urlsplit(address)
    if parts.path == "/watch":
        return dict(parse_qsl(parts.query)).get("v")
    if parts.hostname == "youtu.be":
        return parts.path.strip("/").partition("/")[0] or None
    found = _YOUTUBE_PATH.match(parts.path)
    return found[1] if found else None
