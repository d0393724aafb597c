"""What the query of each kind of search must look like, and the one form it is kept in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from catalog.errors import InputError
from catalog.lifecycle import SearchKind
from catalog.strangers_text import clean_line, fold_hashtag

MAX_QUERY = 500
EXPECTED = {
    SearchKind.YOUTUBE_SEARCH: "words to search for",
    SearchKind.YOUTUBE_HASHTAG: "one hashtag",
    SearchKind.YOUTUBE_CHANNEL: "a channel's address on YouTube, or @NAME",
    SearchKind.YOUTUBE_PLAYLIST: "a playlist's address on YouTube",
    SearchKind.SOUNDCLOUD_SEARCH: "words to search for",
    SearchKind.PEERTUBE_SEARCH: "words to search for",
    SearchKind.PERFORMERS: "nothing: it asks the channels of performers that are published",
    SearchKind.ADDRESS: "an address that begins with http:// or https://",
    SearchKind.FOLDER: "a folder of this machine",
    SearchKind.CSV: "a CSV file of this machine with a column `url`",
}
"""What a person must give as the query of each kind."""

_WORDS = (SearchKind.YOUTUBE_SEARCH, SearchKind.SOUNDCLOUD_SEARCH, SearchKind.PEERTUBE_SEARCH)
_YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com")


def normalised_query(kind: SearchKind, query: str) -> str:
    """The query in the form in which it is kept and compared.

    Raises:
        InputError: naming the query and what its kind asks for.
    """
    line = clean_line(query)
    kept = _normalised(kind, line)
    if kept is None or len(kept) > MAX_QUERY:
        raise InputError(f"query {line[:80]!r} is not usable: {kind.value} asks {EXPECTED[kind]}")
    return kept


def _normalised(kind: SearchKind, line: str) -> str | None:
    """`None` where it does not fit."""
    if kind in _WORDS:
        return line or None
    if kind is SearchKind.PERFORMERS:
        return "" if not line else None
    if kind is SearchKind.YOUTUBE_HASHTAG:
        tag = fold_hashtag(line)
        return tag if tag and tag.replace("_", "").isalnum() else None
    if kind in (SearchKind.FOLDER, SearchKind.CSV):
        path = Path(line).expanduser()
        exists = path.is_dir() if kind is SearchKind.FOLDER else path.is_file()
        return str(path.resolve()) if line and exists else None
    if kind is SearchKind.YOUTUBE_CHANNEL and line.startswith("@"):
        line = f"https://www.youtube.com/{line}"
    host = web_host(line)
    if kind in (SearchKind.YOUTUBE_CHANNEL, SearchKind.YOUTUBE_PLAYLIST) and host not in _YOUTUBE:
        return None
    return line if host else None


def normalised_instance(kind: SearchKind, instance: str) -> str:
    """The address of the PeerTube instance without its end, empty for other kinds.

    Raises:
        InputError: when PeerTube has none, or another kind has one.
    """
    wanted = kind is SearchKind.PEERTUBE_SEARCH
    if wanted != bool(web_host(instance)):
        raise InputError(
            f"instance {instance!r} is not usable: "
            + ("give its address, https://HOST" if wanted else f"{kind.value} has none")
        )
    return instance.rstrip("/")


def web_host(address: str) -> str | None:
    """The host of a web address, `None` where it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None
