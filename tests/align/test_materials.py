import hashlib
import io
import subprocess
import sysconfig
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from align import materials
from align.materials import Material, Part, fetch_material, hash_path, known_materials
from catalog.errors import NotFoundError, SourceError

SOUND = b"the sound of one font"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def cache(library: Path) -> Path:
    return library.parent / "cache" / "materials"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index in a folder, with one wheel. Yields the wheel."""
    wheel = tmp_path / "wheels" / "tiny_font-1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    with zipfile.ZipFile(wheel, "w") as target:
        target.writestr("tiny_font/font.sf2", SOUND)
        info = "tiny_font-1.0.dist-info"
        target.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-font\nVersion: 1.0\n"
        )
        target.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        target.writestr(f"{info}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    return wheel


def know(monkeypatch: pytest.MonkeyPatch, wheel: Path, content: bytes = SOUND) -> None:
    """Make the wheel's font the only material."""
    part = Part(path="font.sf2", source="tiny_font/font.sf2", sha256=sha256(content))
    tiny = Material(
        name="tiny", title="", licence="MIT", origin="", parts=(part,),
        wheel="tiny-font==1.0", archive_sha256=sha256(wheel.read_bytes()),
    )  # fmt: skip
    monkeypatch.setattr(materials, "known_materials", lambda: {"tiny": tiny})


def test_a_material_comes_from_its_package_once(
    cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index)
    folder = fetch_material("tiny")
    assert folder == cache / "tiny"
    assert (folder / "font.sf2").read_bytes() == SOUND
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    assert fetch_material("tiny") == folder


def test_an_archive_with_another_hash_is_refused_and_leaves_nothing(
    cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index)
    with zipfile.ZipFile(index, "a") as target:
        target.writestr("more", "changed")
    with pytest.raises(SourceError, match="could not be fetched with python"):
        fetch_material("tiny")
    assert [path.name for path in cache.iterdir()] == [".tiny.lock"]


def test_a_file_with_another_hash_is_named_with_its_remedy(
    cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index, content=b"another font")
    remedy = f"put font.sf2 with SHA-256 {sha256(b'another font')} into {cache / 'tiny'} by hand"
    with pytest.raises(SourceError, match=remedy):
        fetch_material("tiny")
    assert not (cache / "tiny").exists()


def test_a_file_put_there_by_hand_is_taken_and_a_wrong_one_is_not(
    cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index)
    index.unlink()
    (cache / "tiny").mkdir(parents=True)
    (cache / "tiny" / "font.sf2").write_bytes(b"wrong")
    with pytest.raises(SourceError, match="by hand"):
        fetch_material("tiny")
    assert (cache / "tiny" / "font.sf2").read_bytes() == b"wrong"
    (cache / "tiny" / "font.sf2").write_bytes(SOUND)
    assert fetch_material("tiny") == cache / "tiny"


def test_an_installed_file_is_linked(
    cache: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index)
    index.unlink()
    installed = tmp_path / "site" / "tiny_font" / "font.sf2"
    installed.parent.mkdir(parents=True)
    installed.write_bytes(SOUND)
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / "site"))
    assert (fetch_material("tiny") / "font.sf2").read_bytes() == SOUND


def test_two_at_once_fetch_once(cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    know(monkeypatch, index)
    run, calls = subprocess.run, []

    def count(*arguments, **options):
        calls.append(arguments)
        return run(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", count)
    threads = [threading.Thread(target=fetch_material, args=["tiny"]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (cache / "tiny" / "font.sf2").read_bytes() == SOUND
    assert len(calls) == 1


def test_an_interrupted_fetch_leaves_nothing(
    cache: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    know(monkeypatch, index)

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fetch_material("tiny")
    assert [path.name for path in cache.iterdir()] == [".tiny.lock"]


def test_an_unknown_material_is_refused() -> None:
    with pytest.raises(NotFoundError, match="choose from fluid-soundfont-gm, "):
        fetch_material("stradivari")


def test_a_folder_hashes_as_the_shell_would(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "two words").write_bytes(b"2")
    (tmp_path / "a").write_bytes(b"1")
    shell = "find . -type f -printf '%P\\n' | LC_ALL=C sort | tr '\\n' '\\0' | xargs -0 sha256sum"
    lines = subprocess.run(["sh", "-c", shell], cwd=tmp_path, capture_output=True, check=True)
    assert hash_path(tmp_path) == sha256(lines.stdout)


def test_a_source_archive_gives_a_material(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "tiny-1.0.tar.gz"
    with tarfile.open(archive, "w:gz") as target:
        entry = tarfile.TarInfo("tiny-1.0/font.sf2")
        entry.size = len(SOUND)
        target.addfile(entry, io.BytesIO(SOUND))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    part = Part(path="font.sf2", source="tiny-1.0/font.sf2", sha256=sha256(SOUND))
    tiny = Material(
        name="tiny", title="", licence="MIT", origin="", parts=(part,),
        source_archive=archive.name, archive_sha256=sha256(archive.read_bytes()),
    )  # fmt: skip
    monkeypatch.setattr(materials, "known_materials", lambda: {"tiny": tiny})
    assert (fetch_material("tiny") / "font.sf2").read_bytes() == SOUND


def test_every_known_material_states_its_terms_and_where_it_is_from() -> None:
    for material in known_materials().values():
        assert material.title and material.licence and material.origin
        packages = [material.debian, material.wheel, material.source_archive]
        assert sorted(map(bool, packages)) == [False, False, True]
        assert bool(material.debian) != bool(material.archive_sha256)
        for part in material.parts:
            assert len(part.sha256) == 64
            assert not part.source.startswith("/") and ".." not in part.path
