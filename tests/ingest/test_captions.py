"""Captions beside the owner's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.captions import MOST_BYTES, copy_captions

VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nla\n"


def kept(tmp_path: Path, *names: str, contents: str = VTT) -> list[str]:
    """What is kept of the files with these names, beside `song.mp4`."""
    source, folder = tmp_path / "source", tmp_path / "kept"
    source.mkdir()
    folder.mkdir()
    for name in names:
        (source / name).write_text(contents)
    copy_captions(source / "song.mp4", folder)
    return sorted(each.name for each in folder.iterdir())


def test_a_files_own_captions_are_kept_with_their_languages(tmp_path: Path) -> None:
    found = kept(tmp_path, "song.vtt", "song.de.vtt", "song.pt-BR.vtt", "song.mp4")
    assert found == ["captions.de.vtt", "captions.pt-br.vtt", "captions.vtt"]
    assert (tmp_path / "kept" / "captions.de.vtt").read_text() == VTT


def test_captions_of_others_are_not(tmp_path: Path) -> None:
    assert kept(tmp_path, "song 2.vtt", "songs.vtt", "other.de.vtt", "song.not a tag.vtt") == []


@pytest.mark.parametrize("contents", ["", "no captions", VTT + "x" * MOST_BYTES])
def test_what_is_no_webvtt_or_too_large_is_passed_over(
    tmp_path: Path, contents: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert kept(tmp_path, "song.vtt", contents=contents) == []
    assert "song.vtt" in caplog.text


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    assert kept(tmp_path, "song.vtt", contents="\ufeff" + VTT) == ["captions.vtt"]


def test_a_link_leads_nowhere(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    secret = tmp_path / "secret"
    secret.write_text(VTT)
    (source / "song.vtt").symlink_to(secret)
    copy_captions(source / "song.mp4", tmp_path)
    assert not (tmp_path / "captions.vtt").exists()


def test_a_folder_or_a_pipe_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "song.vtt").mkdir()
    copy_captions(tmp_path / "song.mp4", tmp_path)
    assert not (tmp_path / "captions.vtt").exists()
