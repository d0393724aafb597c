"""What a search asks this time, and who lists the answer: one entry for each kind of search.

YouTube no longer sorts by date for strangers, and one query shows the same page every day. So
searches by words rotate through variants of their query, and what is known already is sorted out
here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.hosts import host_of
from catalog.lifecycle import SearchKind
from catalog.songs import Found
from catalog.strangers_text import fold_words
from ingest.screening.words import find_phrase
from ingest.sources import folder, links, peertube, web

VARIANTS = (
    *("cover", "acoustic cover", "piano cover", "live cover", "guitar cover", "band cover"),
    *("female cover", "metal cover", "violin", "a cappella", "remix", "ukulele cover", "jazz"),
    *("choir", "saxophone", "drum cover", "orchestra", "cello", "lofi", "street performance"),
    *("versión", "reprise", "кавер", "カバー", "커버"),
)
"""What is put behind the words of a search, one after the other; the bare words come in between."""


@dataclass(frozen=True)
class Ask:
    """One question to one source.

    Attributes:
        shown: what a person reads
        address: what is asked: an address, a search of yt-dlp, or a path
        words: for PeerTube, whose instance is the address
        limit: most hits
    """

    kind: SearchKind
    shown: str
    address: str
    limit: int
    words: str = ""

    @property
    def host(self) -> str | None:
        """Whose turn this needs, `None` for what lies on this machine."""
        return HOSTS.get(self.kind) or host_of(self.address)

    def list_found(self) -> list[Found]:
        """Ask, and list what was found.

        Raises:
            CoversError: when the source does not deliver, or cannot be read.
        """
        return LISTERS[self.kind](self)


HOSTS = {
    SearchKind.YOUTUBE_SEARCH: "youtube.com",
    SearchKind.SOUNDCLOUD_SEARCH: "soundcloud.com",
}


def _known_sites(ask: Ask) -> list[Found]:
    return web.find_recordings(ask.address, limit=ask.limit, any_site=False)


LISTERS: dict[SearchKind, Callable[[Ask], list[Found]]] = {
    SearchKind.YOUTUBE_SEARCH: _known_sites,
    SearchKind.YOUTUBE_HASHTAG: _known_sites,
    SearchKind.YOUTUBE_CHANNEL: _known_sites,
    SearchKind.YOUTUBE_PLAYLIST: _known_sites,
    SearchKind.SOUNDCLOUD_SEARCH: _known_sites,
    SearchKind.PERFORMERS: _known_sites,
    SearchKind.ADDRESS: lambda ask: web.find_recordings(ask.address, limit=ask.limit),
    SearchKind.PEERTUBE_SEARCH: lambda ask: peertube.find_recordings(
        ask.address, ask.words, limit=ask.limit
    ),
    SearchKind.FOLDER: lambda ask: folder.find_recordings(Path(ask.address)),
    SearchKind.CSV: lambda ask: links.find_recordings(Path(ask.address)),
}


@dataclass(frozen=True)
class Saved:
    """A search as it is saved, apart from the database."""

    kind: SearchKind
    query: str
    instance: str
    rotation: int
    limit: int


def ask_of(search: Saved, performer_urls: Sequence[str] = ()) -> Ask | None:
    """What a search asks at this turn of its rotation, `None` where there is nothing to ask.

    Parameters
    ----------
    performer_urls
        channels of performers whose covers are published, in a steady order
    """
    kind, limit = search.kind, search.limit
    if kind in (SearchKind.YOUTUBE_SEARCH, SearchKind.SOUNDCLOUD_SEARCH):
        words = variant_of(search.query, search.rotation)
        key = "ytsearch" if kind is SearchKind.YOUTUBE_SEARCH else "scsearch"
        return Ask(kind, words, f"{key}{limit}:{words}", limit)
    if kind is SearchKind.PEERTUBE_SEARCH:
        words = variant_of(search.query, search.rotation)
        return Ask(kind, words, search.instance, limit, words)
    if kind is SearchKind.YOUTUBE_HASHTAG:
        address = f"https://www.youtube.com/hashtag/{search.query}"
        return Ask(kind, f"#{search.query}", address, limit)
    if kind is SearchKind.YOUTUBE_CHANNEL:
        return Ask(kind, search.query, uploads_of(search.query), limit)
    if kind is SearchKind.PERFORMERS:
        if not performer_urls:
            return None
        channel = performer_urls[search.rotation % len(performer_urls)]
        return Ask(kind, channel, uploads_of(channel), limit)
    return Ask(kind, search.query, search.query, limit)


def variant_of(query: str, rotation: int) -> str:
    """The words of one turn: the bare ones every fourth time, else with the next variant."""
    turn, place = divmod(rotation, 4)
    if place == 0:
        return query
    variant = VARIANTS[(3 * turn + place - 1) % len(VARIANTS)]
    said = [each for each in variant.split() if find_phrase(fold_words(query), [each]) is None]
    return " ".join([query, *said])


def uploads_of(channel: str) -> str:
    """The page of a channel on which its newest uploads stand first."""
    bare = channel.rstrip("/")
    is_youtube = host_of(bare) == "youtube.com"
    tabs = ("/videos", "/shorts", "/streams", "/featured", "/playlists")
    return f"{bare}/videos" if is_youtube and not bare.endswith(tabs) else bare
