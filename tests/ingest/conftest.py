"""Fixtures for finding and fetching: media files made once, and a web server of our own."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog import commands, database
from catalog.songs import add_song
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


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def covers(library: Path, monkeypatch, capsys) -> Callable[..., Ended]:
    """Runs a command in this process."""
    monkeypatch.setenv("COLUMNS", "200")
    with database.session() as session:
        add_song(session, "air")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["covers", *arguments])
        code = 0
        try:
            commands.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run
