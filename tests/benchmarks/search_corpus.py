"""A corpus of search hits with truth, drawn from `tests/data/search_corpus.toml` by a seed.

Each hit has two descriptions, as sites give them: a flat one in a listing, where most fields are
absent, and a full one when the recording itself is asked for.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.lifecycle import SearchKind

TEMPLATES = Path(__file__).parents[1] / "data" / "search_corpus.toml"
SEED = 2026
NUMBER = 900
FLAT_DURATION = {
    SearchKind.YOUTUBE_HASHTAG: 0.3,
    SearchKind.YOUTUBE_PLAYLIST: 0.9,
    SearchKind.YOUTUBE_SEARCH: 0.97,
}
"""How often a listing tells a length; always where it is not named."""
FLAT_DESCRIPTION = {
    SearchKind.YOUTUBE_SEARCH: 0.5,
    SearchKind.SOUNDCLOUD_SEARCH: 1.0,
    SearchKind.PEERTUBE_SEARCH: 1.0,
}
"""How often a listing tells a description; never where it is not named."""
MUSIC_SHARE = {True: 0.85, False: 0.35}
"""How often the full description files a cover, or something else, under music."""


@dataclass(frozen=True)
class Song:
    title: str
    aliases: tuple[str, ...]
    misspelled: tuple[str, ...]
    reference_s: float


@dataclass(frozen=True)
class Hit:
    """One hit: where it was found, what is said of it twice, and what it really is."""

    number: int
    song: Song
    source: SearchKind
    kind: str
    is_cover: bool
    flat: dict[str, Any]
    full: dict[str, Any]


def read_songs() -> list[Song]:
    with TEMPLATES.open("rb") as opened:
        return [
            Song(
                each["title"],
                tuple(each["aliases"]),
                tuple(each["misspelled"]),
                each["reference_s"],
            )
            for each in tomllib.load(opened)["songs"]
        ]


def draw_corpus(number: int = NUMBER, seed: int = SEED) -> list[Hit]:
    """Hits of all kinds by their weights."""
    with TEMPLATES.open("rb") as opened:
        templates = tomllib.load(opened)
    songs = read_songs()
    draw = random.Random(seed)
    kinds = draw.choices(
        templates["kinds"], [each["weight"] for each in templates["kinds"]], k=number
    )
    return [_draw_hit(n, draw, kind, songs, templates["people"]) for n, kind in enumerate(kinds)]


def _draw_hit(
    number: int,
    draw: random.Random,
    kind: dict[str, Any],
    songs: list[Song],
    people: dict[str, list[str]],
) -> Hit:
    song, source = draw.choice(songs), SearchKind(draw.choice(kind["sources"]))
    words = {name: draw.choice(each) for name, each in people.items()} | {
        "song": song.title,
        "alias": draw.choice(song.aliases),
        "misspelled": draw.choice(song.misspelled),
        "tag": song.title.replace(" ", "").lower(),
    }
    full = {
        "id": f"v{number}",
        "title": _styled(draw, draw.choice(kind["titles"]).format(**words)),
        "description": kind.get("description", "Thanks for listening! {who}").format(**words),
        "duration": round(draw.uniform(*kind["duration_s"])),
        "uploader": words["who"],
        "categories": ["Music"]
        if draw.random() < MUSIC_SHARE[kind["cover"]]
        else ["People & Blogs"],
        "live_status": "not_live",
        "availability": "public",
    } | draw.choice(kind.get("full", [{}]))
    return Hit(number, song, source, kind["name"], kind["cover"], _flat(draw, source, full), full)


def _styled(draw: random.Random, title: str) -> str:
    """As people write: mostly as it is, sometimes loud, low, or with more in it."""
    return draw.choices(
        [title, title.upper(), title.lower(), f"{title} ✨", title.replace(" ", "  ")],
        [70, 8, 12, 6, 4],
    )[0]


def _flat(draw: random.Random, source: SearchKind, full: dict[str, Any]) -> dict[str, Any]:
    flat = {name: full[name] for name in ("id", "title", "uploader")}
    if draw.random() < FLAT_DURATION.get(source, 1.0):
        flat["duration"] = full["duration"]
    if draw.random() < FLAT_DESCRIPTION.get(source, 0.0):
        flat["description"] = full["description"]
    if source is SearchKind.PEERTUBE_SEARCH:
        flat["categories"] = full["categories"]
    return flat
