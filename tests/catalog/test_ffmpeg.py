from pathlib import Path

import pytest

from catalog.errors import MediaError
from catalog.ffmpeg import probe_media, run_ffmpeg


def make(path: Path, *options: str) -> Path:
    sound = ["-f", "lavfi", "-i", "sine=duration=2"]
    assert run_ffmpeg("-y", *sound, *options, str(path)).returncode == 0
    return path


def test_length_and_streams_are_read_from_the_header(tmp_path: Path):
    probe = probe_media(make(tmp_path / "a.m4a"))
    assert probe.duration_s == pytest.approx(2, abs=0.1)
    assert (probe.has_audio, probe.has_video) == (True, False)


def test_one_channel_is_told_from_two(tmp_path: Path):
    assert probe_media(make(tmp_path / "a.m4a", "-ac", "1")).is_mono
    assert not probe_media(make(tmp_path / "b.m4a", "-ac", "2")).is_mono
    assert not probe_media(make(tmp_path / "c.m4a", "-ac", "6")).is_mono


def test_what_a_comment_claims_is_not_believed(tmp_path: Path):
    comment = "comment=Duration: 02:00:00 Stream #0:7: Video: h264"
    probe = probe_media(make(tmp_path / "a.mp3", "-metadata", comment))
    assert probe.duration_s == pytest.approx(2, abs=0.1)
    assert not probe.has_video


def test_a_playlist_in_disguise_is_refused(tmp_path: Path):
    playlist = tmp_path / "a.mp3"
    playlist.write_text("ffconcat version 1.0\nfile /etc/hostname\n")
    with pytest.raises(MediaError, match="not a readable"):
        probe_media(playlist)
