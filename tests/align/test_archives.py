import hashlib
import io
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from align.archives import copy_from_archive, copy_from_deb_file, copy_from_source_archive
from catalog.errors import SourceError


def write_tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as target:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            target.addfile(entry, io.BytesIO(content))
    return path


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return path


FILES = {"kit/a.wav": b"a", "kit/deep/b.wav": b"b", "kitten/c.wav": b"c", "readme": b"r"}


@pytest.mark.parametrize("write", [write_tar, write_zip])
def test_only_what_was_asked_for_is_written(tmp_path: Path, write) -> None:
    archive = write(tmp_path / "archive", FILES)
    out = tmp_path / "out"
    copy_from_archive(archive, {"kit": out / "drums", "readme": out / "terms.txt"})
    written = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert written == {"drums/a.wav": b"a", "drums/deep/b.wav": b"b", "terms.txt": b"r"}


@pytest.mark.parametrize("name", ["kit/../../evil", "kit/{root}/evil", "kit//{root}/evil"])
@pytest.mark.parametrize("write", [write_tar, write_zip])
def test_a_name_that_leads_out_of_its_folder_is_refused(tmp_path: Path, write, name) -> None:
    archive = write(tmp_path / "archive", {name.format(root=tmp_path): b"!"})
    with pytest.raises(SourceError, match="leads out of kit"):
        copy_from_archive(archive, {"kit": tmp_path / "deep" / "er" / "out"})
    assert not list(tmp_path.rglob("evil"))


def test_links_in_an_archive_are_not_followed(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with tarfile.open(archive, "w") as target:
        link = tarfile.TarInfo("kit/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        target.addfile(link)
    with pytest.raises(SourceError, match="archive has no kit"):
        copy_from_archive(archive, {"kit": tmp_path / "out"})


def test_a_missing_member_and_a_damaged_archive_are_one_sentence(tmp_path: Path) -> None:
    archive = write_tar(tmp_path / "archive", FILES)
    with pytest.raises(SourceError, match=r"has no piano\.sf2: is it another version"):
        copy_from_archive(archive, {"piano.sf2": tmp_path / "out"})
    archive.write_bytes(archive.read_bytes()[:40])
    with pytest.raises(SourceError, match="archive is damaged"):
        copy_from_archive(archive, {"kit": tmp_path / "out"})


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="no dpkg-deb here")
def test_a_debian_package_gives_its_files(tmp_path: Path) -> None:
    archive = build_deb(tmp_path)
    copy_from_deb_file(archive, {"usr/share/kit": tmp_path / "out"})
    assert (tmp_path / "out" / "a b.wav").read_bytes() == b"sound"
    archive.write_bytes(b"no package")
    with pytest.raises(SourceError, match=r"kit\.deb is damaged"):
        copy_from_deb_file(archive, {"usr/share/kit": tmp_path / "new"})


def build_deb(folder: Path) -> Path:
    root = folder / "root"
    (root / "usr/share/kit").mkdir(parents=True)
    (root / "usr/share/kit/a b.wav").write_bytes(b"sound")
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN/control").write_text(
        "Package: kit\nVersion: 1\nArchitecture: all\nMaintainer: A <a@b.c>\nDescription: kit\n"
    )
    path = folder / "kit.deb"
    subprocess.run(["dpkg-deb", "--build", root, path], check=True, capture_output=True)
    return path


BUILD = """
import os, pathlib
pathlib.Path(os.environ["MARKER"]).touch()
def prepare_metadata_for_build_wheel(folder, settings=None):
    raise SystemExit("a build ran")
build_wheel = prepare_metadata_for_build_wheel
"""
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["."]\n'


@pytest.fixture
def source_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a package index of its own; building it leaves a marker in `tmp_path`."""
    path = tmp_path / "index" / "two-songs-1.0.tar.gz"
    path.parent.mkdir()
    files = {"pyproject.toml": PROJECT, "build.py": BUILD, "a.wav": "sound"}
    write_tar(path, {f"two-songs-1.0/{name}": text.encode() for name, text in files.items()})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("MARKER", str(tmp_path / "ran"))
    return path


def test_a_source_archive_gives_its_files_and_is_not_built(
    tmp_path: Path, source_archive: Path
) -> None:
    sha256 = hashlib.sha256(source_archive.read_bytes()).hexdigest()
    wanted = {"two-songs-1.0/a.wav": tmp_path / "out.wav"}
    copy_from_source_archive(source_archive.name, sha256, wanted, tmp_path)
    assert (tmp_path / "out.wav").read_bytes() == b"sound"
    assert not (tmp_path / "ran").exists()


def test_a_source_archive_that_is_missing_or_another_is_one_sentence(
    tmp_path: Path, source_archive: Path
) -> None:
    with pytest.raises(SourceError, match="instead of 0123: it is another file"):
        copy_from_source_archive(source_archive.name, "0123", {}, tmp_path)
    with pytest.raises(SourceError, match=r"pip finds no two-songs-2\.0\.tar\.gz"):
        copy_from_source_archive("two-songs-2.0.tar.gz", "0123", {}, tmp_path)
    source_archive.unlink()
    with pytest.raises(SourceError, match="two-songs could not be fetched with python"):
        copy_from_source_archive(source_archive.name, "0123", {}, tmp_path)
