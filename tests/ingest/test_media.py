"""Files that strangers made: each bad one is one sentence."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.errors import MediaError
from catalog.ffmpeg import probe_media
from ingest.media import decode_sound, inspect_media, join_streams, make_poster
from tests.ingest import media_files


def test_a_video_is_measured(media: Path):
    inspected = inspect_media(media / "song.mp4", max_duration_s=60)
    assert inspected.duration_s == pytest.approx(3.0, abs=0.1)
    assert (inspected.has_video, inspected.media_type) == (True, "video/mp4")


def test_a_sound_file_is_measured(media: Path):
    inspected = inspect_media(media / "song.ogg", max_duration_s=60)
    assert (inspected.has_video, inspected.media_type) == (False, "audio/ogg")


def write(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


BAD = {
    "empty.mp4": (write(b""), "is empty"),
    "text.mp3": (write(b"just words\n" * 100), "not a readable audio or video file"),
    "script.mp3": (write(b"ffconcat version 1.0\nfile song.ogg\n"), "not a readable"),
    "list.mp4": (write(b"#EXTM3U\n#EXTINF:3,\nfile:///etc/passwd\n"), "not a readable"),
    "film.mp4": (media_files.make_silent_film, "has no sound"),
    "cut.mp4": (media_files.make_cut_off_video, "is cut off"),
    "none.wav": (lambda path: media_files.make_sound(path, duration_s=0.0), "too short|no sound"),
    "blip.wav": (lambda path: media_files.make_sound(path, duration_s=0.4), "too short"),
    "hours.wav": (media_files.make_three_hours, "lasts 10800 s, more than the 1200 s"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, name: str):
    make, reason = BAD[name]
    make(tmp_path / name)
    with pytest.raises(MediaError, match=reason) as caught:
        inspect_media(tmp_path / name, max_duration_s=1200)
    assert str(caught.value).startswith(name)
    assert not caught.value.retryable


def test_decoding_stops_above_the_limit(tmp_path: Path):
    long = media_files.make_sound(tmp_path / "long.ogg", duration_s=30.0)
    decoded = decode_sound(long, max_duration_s=5.0)
    assert decoded.duration_s == pytest.approx(6.0, abs=0.1)


def test_sound_may_be_shorter_than_the_pictures(tmp_path: Path):
    film = media_files.make_half_silent_video(tmp_path / "film.mp4")
    assert inspect_media(film, max_duration_s=60).duration_s == pytest.approx(2.0, abs=0.1)


def test_a_sound_file_that_is_cut_off_is_refused_though_it_decodes_without_a_word(tmp_path: Path):
    cut = media_files.make_sound(tmp_path / "cut.mp3", duration_s=30.0)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    with pytest.raises(MediaError, match=r"is cut off: 1\d s of 30 s"):
        inspect_media(cut, max_duration_s=60)


def test_a_poster_is_a_frame_of_the_video(media: Path, tmp_path: Path):
    poster = tmp_path / "poster.jpg"
    assert make_poster(media / "song.mp4", poster, duration_s=3.0)
    assert poster.read_bytes().startswith(b"\xff\xd8\xff")
    assert not make_poster(media / "song.ogg", tmp_path / "none.jpg", duration_s=3.0)


def test_a_poster_of_large_pictures_takes_little_memory(tmp_path: Path):
    large = media_files.make_large_video(tmp_path / "large.mp4")
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from ingest.media import make_poster\n"
        "assert make_poster(Path(sys.argv[1]), Path(sys.argv[2]), duration_s=0.1)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    command = [sys.executable, "-c", code, str(large), str(tmp_path / "poster.jpg")]
    kib = int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert kib < 600 * 1024


def test_pictures_of_absurd_size_give_no_poster(media: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr("ingest.media.MAX_PIXELS", 320 * 180 - 1)
    assert not make_poster(media / "song.mp4", tmp_path / "poster.jpg", duration_s=3.0)


def test_picture_and_sound_become_one_file(media: Path, tmp_path: Path):
    film = media_files.make_silent_film(tmp_path / "film.mp4")
    sound = media_files.make_sound(tmp_path / "sound.m4a")
    join_streams([film, sound], tmp_path / "joined.mp4")
    probe = probe_media(tmp_path / "joined.mp4")
    assert (probe.has_audio, probe.has_video) == (True, True)
    with pytest.raises(MediaError, match="cannot be made one MP4"):
        join_streams([film], tmp_path / "failed.mp4")
