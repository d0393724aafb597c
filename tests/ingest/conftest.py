"""Fixtures for finding and fetching: media files made once, and a web server of our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest import media_files
from tests.ingest.video_site import VideoSite, install_plugin
from tests.ingest.web_server import WebServer


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `song.mp4`, `song.ogg` and `other.ogg`. Not to be changed."""
    folder = tmp_path_factory.mktemp("media")
    media_files.make_video(folder / "song.mp4")
    media_files.make_sound(folder / "song.ogg")
    media_files.make_sound(folder / "other.ogg", frequency_hz=330)
    return folder


@pytest.fixture
def web(library: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    """A web server on loopback, and the one private address that fetching may reach."""
    with WebServer() as server:
        monkeypatch.setenv("COVERS_ALLOWED_PRIVATE_HOST", server.host_and_port)
        from catalog.settings import get_settings

        get_settings.cache_clear()
        yield server


@pytest.fixture
def video_site(web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VideoSite:
    """A video site that yt-dlp searches with `ytsearch`."""
    return install_plugin(tmp_path, web, monkeypatch)
