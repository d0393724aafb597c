"""What each kind of search asks."""

import pytest

from catalog.lifecycle import SearchKind
from ingest.discovery.asking import LISTERS, VARIANTS, Saved, ask_of, variant_of


def saved(kind: SearchKind, query: str, rotation: int = 0) -> Saved:
    return Saved(kind, query, "https://peer.example", rotation, 25)


@pytest.mark.parametrize(
    ("kind", "query", "address", "host"),
    [
        (SearchKind.YOUTUBE_SEARCH, "danny boy", "ytsearch25:danny boy", "youtube.com"),
        (SearchKind.SOUNDCLOUD_SEARCH, "danny boy", "scsearch25:danny boy", "soundcloud.com"),
        (
            *(SearchKind.YOUTUBE_HASHTAG, "dannyboy"),
            *("https://www.youtube.com/hashtag/dannyboy", "youtube.com"),
        ),
        (
            *(SearchKind.YOUTUBE_CHANNEL, "https://www.youtube.com/@ada/"),
            *("https://www.youtube.com/@ada/videos", "youtube.com"),
        ),
        (
            *(SearchKind.YOUTUBE_PLAYLIST, "https://www.youtube.com/playlist?list=x"),
            *("https://www.youtube.com/playlist?list=x", "youtube.com"),
        ),
        (SearchKind.PEERTUBE_SEARCH, "danny boy", "https://peer.example", "peer.example"),
        (
            *(SearchKind.ADDRESS, "https://example.org/feed.rss"),
            *("https://example.org/feed.rss", "example.org"),
        ),
        (SearchKind.FOLDER, "/covers", "/covers", None),
    ],
)
def test_each_kind_asks_its_source(kind, query, address, host):
    ask = ask_of(saved(kind, query))
    assert ask is not None
    assert (ask.address, ask.host) == (address, host)


def test_every_kind_can_be_listed():
    assert set(LISTERS) == set(SearchKind)


def test_variants_rotate_through_all_words_and_come_back_to_the_bare_ones():
    turns = [variant_of("danny boy", turn) for turn in range(4 * len(VARIANTS))]
    assert turns[0] == turns[4] == "danny boy"
    assert {f"danny boy {each}" for each in VARIANTS} <= set(turns)
    assert variant_of("danny boy cover", 1) == "danny boy cover"


def test_performers_are_asked_one_after_the_other():
    channels = ["https://www.youtube.com/@ada", "https://soundcloud.com/bob"]
    asked = [ask_of(saved(SearchKind.PERFORMERS, "", turn), channels).address for turn in range(3)]
    assert asked == [
        "https://www.youtube.com/@ada/videos",
        "https://soundcloud.com/bob",
        "https://www.youtube.com/@ada/videos",
    ]
    assert ask_of(saved(SearchKind.PERFORMERS, "")) is None
