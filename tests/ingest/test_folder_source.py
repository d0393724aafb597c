import errno
import json
import os
from pathlib import Path

import pytest

from catalog.errors import InputError
from ingest.sources import find_recordings


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.mp4", "a_song-here.MP3", "notes.txt", "cover.jpg", "dataset.json"):
        (tmp_path / name).write_bytes(b"content")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "c.mp4").write_bytes(b"content")
    return tmp_path


def write_sidecar(folder: Path, **fields: object) -> Path:
    sidecar = folder / "b.info.json"
    sidecar.write_text(json.dumps(fields))
    return sidecar


def test_media_files_are_found_in_the_order_of_their_names(folder: Path):
    found = find_recordings(str(folder))
    assert [each.title for each in found] == ["a song here", "b"]
    assert found[1].source == "folder"
    assert found[1].source_id == found[1].location == str((folder / "b.mp4").resolve())


def test_a_sidecar_describes_its_file(folder: Path):
    write_sidecar(
        folder,
        title="Air #Folk",
        uploader="Somebody",
        uploader_url="https://example.org/somebody",
        description="On a #flute.",
        license="CC0",
        webpage_url="https://example.org/1",
        duration=12.5,
        tags=["keyword"],
    )
    found = find_recordings(str(folder / "b.mp4"))[0]
    assert (found.title, found.performer, found.licence) == ("Air #Folk", "Somebody", "CC0")
    assert (found.performer_url, found.page_url) == (
        "https://example.org/somebody",
        "https://example.org/1",
    )
    assert found.duration_s == 12.5
    assert found.hashtags == (("folk", "title"), ("flute", "description"))


def test_only_web_addresses_become_links(folder: Path):
    write_sidecar(folder, uploader_url="javascript:alert(1)", webpage_url="file:///etc/passwd")
    found = find_recordings(str(folder / "b.mp4"))[0]
    assert (found.performer_url, found.page_url) == (None, None)


def test_strangers_text_is_cut_and_holds_no_nul(folder: Path):
    write_sidecar(folder, title="a\x00b" + "c" * 9999)
    title = find_recordings(str(folder / "b.mp4"))[0].title
    assert title.startswith("a bc")
    assert len(title) == 500


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "Expecting"),
        ("[1]", "valid dictionary"),
        ('{"duration": "long"}', "duration"),
        ('{"duration": -1}', "duration"),
        ('{"duration": NaN}', "duration"),
        ('{"title": 7}', "title"),
        ("[" * 100_000, "recursion"),
        ("\udcff", "utf-8"),
    ],
)
def test_an_unreadable_sidecar_is_named(folder: Path, content: str, reason: str):
    sidecar = folder / "b.info.json"
    sidecar.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=reason) as caught:
        find_recordings(str(folder))
    assert str(sidecar) in str(caught.value)


def test_a_sidecar_is_a_file_of_its_folder(folder: Path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.json"
    outside.write_text('{"title": "secret"}')
    sidecar = folder / "b.info.json"
    sidecar.symlink_to(outside)
    with pytest.raises(InputError, match="a link out of its folder"):
        find_recordings(str(folder))
    sidecar.unlink()
    os.mkfifo(sidecar)
    with pytest.raises(InputError, match="is no file"):
        find_recordings(str(folder))


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.mp4"
    outside.write_bytes(b"content")
    (folder / "link.mp4").symlink_to(outside)
    (folder / "twice.mp4").symlink_to(folder / "b.mp4")
    (folder / "broken.mp4").symlink_to(folder / "nothing.mp4")
    assert [each.title for each in find_recordings(str(folder))] == ["a song here", "b"]


def test_a_name_that_is_no_text_is_passed_over_by_name(folder: Path, caplog):
    (folder / os.fsdecode(b"caf\xe9.wav")).write_bytes(b"content")
    assert [each.title for each in find_recordings(str(folder))] == ["a song here", "b"]
    assert r"'caf\udce9.wav' is passed over" in caplog.text
    assert find_recordings(str(folder / os.fsdecode(b"caf\xe9.wav"))) == []


def test_a_path_that_is_too_long_is_said_so():
    with pytest.raises(InputError, match="cannot be read: File name too long"):
        find_recordings("x" * 300)


def test_a_folder_that_may_not_be_read_is_said_so(folder: Path, monkeypatch):
    def refuse(_folder: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        find_recordings(str(folder))


def test_what_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(InputError, match="there is no folder or file"):
        find_recordings(str(tmp_path / "nothing"))
