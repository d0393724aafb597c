"""Addresses through the real yt-dlp, against a web server of our own."""

import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.errors import (
    InputError,
    MediaError,
    SettingsError,
    SourceError,
    UnavailableError,
)
from catalog.ffmpeg import probe_media, run_ffmpeg
from catalog.settings import get_settings
from ingest import ytdlp
from ingest.fetching import Fetched, fetch_into
from ingest.sources import find_recordings
from tests.ingest.web_server import Answer, WebServer

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Covers</title>
<item><title>First #folk</title><link>{0}</link><enclosure url="{0}" type="video/mp4"/></item>
<item><title>Second</title><link>{1}</link><enclosure url="{1}" type="audio/ogg"/></item>
</channel></rss>"""
PAGE = '<html><head><title>A page</title></head><body><video src="/song.mp4"></video></body></html>'


@pytest.fixture
def site(web: WebServer, media: Path) -> WebServer:
    """Serves `/song.mp4`, `/song.ogg`, a page with a video, and a feed of both."""
    web.answers["/song.mp4"] = Answer((media / "song.mp4").read_bytes(), "video/mp4")
    web.answers["/song.ogg"] = Answer((media / "song.ogg").read_bytes(), "audio/ogg")
    web.answers["/page.html"] = Answer(PAGE.encode())
    feed = FEED.format(web.address("/song.mp4"), web.address("/song.ogg"))
    web.answers["/feed.rss"] = Answer(feed.encode(), "application/rss+xml")
    return web


@pytest.fixture
def fetch(library: Path, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetches an address into `arrived` below the test's folder."""
    (library / "media").mkdir(parents=True)
    (tmp_path / "arrived").mkdir()
    return lambda address, report=lambda share: None: fetch_into(
        tmp_path / "arrived", address, report
    )


def test_a_feed_is_listed_without_fetching_its_media(site: WebServer):
    found = find_recordings(site.address("/feed.rss"))
    assert [each.title for each in found] == ["First #folk", "Second"]
    assert [each.location for each in found] == [
        site.address("/song.mp4"),
        site.address("/song.ogg"),
    ]
    assert [each.source_id for each in found] == [each.location for each in found]
    assert found[0].hashtags == (("folk", "title"),)
    assert set(site.asked) == {"/feed.rss"}


def test_a_feed_cannot_name_files_of_this_machine(site: WebServer, fetch, media: Path):
    path = str(media / "song.ogg")
    site.answers["/feed.rss"] = Answer(
        FEED.format(path, site.address("/song.ogg")).encode(), "application/rss+xml"
    )
    found = find_recordings(site.address("/feed.rss"))
    assert [each.location for each in found] == [site.address("/song.ogg")]
    with pytest.raises(UnavailableError, match="not an address"):
        fetch(path)


def test_a_limit_holds(site: WebServer):
    assert len(find_recordings(site.address("/feed.rss"), limit=1)) == 1


@pytest.mark.parametrize("path", ["/song.mp4", "/page.html"])
def test_one_address_is_one_recording(site: WebServer, path: str):
    found = find_recordings(site.address(path))
    assert len(found) == 1
    assert found[0].source == "web"
    assert found[0].location == site.address(path)


@pytest.mark.parametrize(
    ("path", "name", "has_video"),
    [
        ("/song.mp4", "media.mp4", True),
        ("/song.ogg", "media.ogg", False),
        ("/page.html", "media.mp4", True),
    ],
)
def test_media_is_fetched(site, fetch, tmp_path: Path, path: str, name: str, has_video: bool):
    shares: list[float] = []
    fetched = fetch(site.address(path), shares.append)
    assert (fetched.media, fetched.inspection.has_video) == (name, has_video)
    assert fetched.inspection.duration_s == pytest.approx(3.0, abs=0.1)
    assert fetched.poster == ("poster.jpg" if has_video else None)
    left = {each.name for each in (tmp_path / "arrived").iterdir()}
    assert left == {name} | ({"poster.jpg"} if has_video else set())
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_a_stream_in_pieces_becomes_one_file(site, fetch, media: Path, tmp_path: Path):
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    run_ffmpeg(
        *("-i", str(media / "song.mp4"), "-c", "copy", "-f", "hls", "-hls_time", "1"),
        *("-hls_list_size", "0", str(pieces / "list.m3u8")),
    )
    for each in pieces.iterdir():
        kind = "application/vnd.apple.mpegurl" if each.suffix == ".m3u8" else "video/mp2t"
        site.answers[f"/{each.name}"] = Answer(each.read_bytes(), kind)
    fetched = fetch(site.address("/list.m3u8"))
    assert fetched.media == "media.mp4"
    probe = probe_media(tmp_path / "arrived" / "media.mp4")
    assert (probe.has_audio, probe.has_video) == (True, True)


def test_a_redirect_to_another_private_address_is_refused(site: WebServer, fetch):
    with WebServer() as neighbour:
        neighbour.answers["/song.mp4"] = site.answers["/song.mp4"]
        site.answers["/away.mp4"] = Answer(
            status=302, headers={"Location": neighbour.address("/song.mp4")}
        )
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1 is not a public address"):
            fetch(site.address("/away.mp4"))
        assert neighbour.asked == []


def test_private_addresses_are_refused_by_default(site: WebServer, fetch, monkeypatch):
    monkeypatch.delenv("COVERS_ALLOWED_PRIVATE_HOST")
    get_settings.cache_clear()
    with pytest.raises(UnavailableError, match="not a public address"):
        find_recordings(site.address("/feed.rss"))
    assert site.asked == []


def test_the_exception_is_refused_on_a_public_server(site: WebServer, monkeypatch):
    monkeypatch.setenv("COVERS_HOST", "0.0.0.0")
    get_settings.cache_clear()
    with pytest.raises(SettingsError, match="COVERS_ALLOWED_PRIVATE_HOST"):
        find_recordings(site.address("/feed.rss"))


@pytest.mark.parametrize(
    ("status", "error", "retryable"),
    [
        (404, UnavailableError, False),
        (403, UnavailableError, False),
        (429, SourceError, True),
        (503, SourceError, True),
    ],
)
def test_a_host_that_refuses_says_whether_to_try_again(
    site: WebServer, fetch, status: int, error: type[SourceError], retryable: bool
):
    site.answers["/song.mp4"].status = status
    with pytest.raises(error, match=f"{status}") as caught:
        fetch(site.address("/song.mp4"))
    assert caught.value.retryable is retryable
    assert "Traceback" not in str(caught.value)


@pytest.mark.parametrize("path", ["/gone.mp4", "/words.html", "/words.mp4"])
def test_no_secret_of_an_address_is_told(site: WebServer, fetch, path: str):
    site.answers["/words.html?token=SECRET"] = Answer(b"<html><body>just words</body></html>")
    site.answers["/words.mp4?token=SECRET"] = Answer(b"words", "video/mp4")
    address = site.address(f"{path}?token=SECRET").replace("//", "//me:hunter2@")
    with pytest.raises((MediaError, SourceError)) as caught:
        fetch(address)
    assert str(caught.value).startswith(site.address(path))
    assert "hunter2" not in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_links_hold_no_password_and_nothing_of_yt_dlp(site: WebServer):
    address = site.address("/song.mp4").replace("//", "//me:hunter2@")
    feed = FEED.format(address, site.address("/song.ogg#t=1"))
    site.answers["/feed.rss"] = Answer(feed.encode(), "application/rss+xml")
    found = find_recordings(site.address("/feed.rss"))
    assert found[0].page_url == site.address("/song.mp4")
    assert "smuggle" not in str(found[1].page_url)


def test_a_host_that_is_not_there_is_worth_another_attempt(site: WebServer, fetch):
    site.__exit__()
    with pytest.raises(SourceError, match=r"refused|Unable") as caught:
        fetch(site.address("/song.mp4"))
    assert caught.value.retryable


def test_a_page_without_media_is_no_source(site: WebServer, fetch):
    site.answers["/words.html"] = Answer(b"<html><body>just words</body></html>")
    with pytest.raises(UnavailableError, match="Unsupported URL"):
        fetch(site.address("/words.html"))


def test_a_file_above_the_limit_is_refused(site: WebServer, fetch, monkeypatch):
    monkeypatch.setenv("COVERS_MAX_MEDIA_MIB", "1")
    get_settings.cache_clear()
    site.answers["/big.mp4"] = Answer(b"\0" * (2 * 1024**2), "video/mp4")
    with pytest.raises(MediaError, match="larger than the 1 MiB"):
        fetch(site.address("/big.mp4"))


def test_a_long_recording_is_refused(site: WebServer, fetch, monkeypatch):
    monkeypatch.setenv("COVERS_MAX_DURATION_S", "2")
    get_settings.cache_clear()
    with pytest.raises(MediaError, match="more than the 2 s"):
        fetch(site.address("/song.mp4"))


def test_a_recording_that_is_said_to_be_long_is_not_fetched(site: WebServer, fetch):
    description = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": "Long",
        "duration": "PT3H",
        "contentUrl": site.address("/song.mp4"),
    }
    page = f'<html><script type="application/ld+json">{json.dumps(description)}</script></html>'
    site.answers["/long.html"] = Answer(page.encode())
    with pytest.raises(MediaError, match="lasts 10800 s, more than the 1200 s"):
        fetch(site.address("/long.html"))
    assert site.asked.count("/song.mp4") == 1  # yt-dlp looks at what kind of file it is


def test_a_page_that_unpacks_to_gigabytes_is_refused(site: WebServer, fetch, monkeypatch):
    monkeypatch.setattr("ingest.downloading.MAX_MEMORY_BYTES", 400 * 1024**2)
    packing = zlib.compressobj(wbits=31)
    packed = packing.compress(b"<html>" + b" " * (400 * 1024**2)) + packing.flush()
    site.answers["/bomb.html"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(MediaError, match="more than memory holds"):
        fetch(site.address("/bomb.html"))


def test_no_program_is_started_for_other_protocols(site: WebServer, fetch, tmp_path, monkeypatch):
    started = tmp_path / "started"
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "rtmpdump").write_text(f"#!/bin/sh\ntouch {started}\n")
    (programs / "rtmpdump").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    page = PAGE.replace("/song.mp4", "rtmp://127.0.0.1/live/song")
    site.answers["/stream.html"] = Answer(page.encode())
    with pytest.raises(SourceError):
        fetch(site.address("/stream.html"))
    assert not started.exists()


def test_a_feed_is_not_one_recording(site: WebServer, fetch):
    with pytest.raises(MediaError, match="a list of recordings"):
        fetch(site.address("/feed.rss"))


def test_other_protocols_are_no_addresses():
    with pytest.raises(InputError, match="there is no folder or file"):
        find_recordings("ftp://example.org/song.mp4")


def test_proxies_of_the_environment_are_not_asked(site: WebServer, fetch, monkeypatch):
    with WebServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host_and_port}")
        fetch(site.address("/song.ogg"))
        assert proxy.asked == []


def test_a_download_of_unknown_length_gives_signs_of_life() -> None:
    shares: list[float] = []
    for done in (0, 10, 20):
        ytdlp._follow({"downloaded_bytes": done}, 100, shares.append)
    assert shares == [0.0, 0.0, 0.0]
