"""The media folder: what arrives is built in a hidden place and appears whole or not at all."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import StorageError
from catalog.settings import get_settings

_INCOMING = ".incoming"


def check_free_space(needed_bytes: int = 0) -> None:
    """Refuse to fetch onto a disk that is nearly full.

    Raises:
        StorageError: when less would stay free than the owner asked for.
    """
    settings = get_settings()
    free_mib = shutil.disk_usage(settings.media_folder).free / 1024**2
    left_mib = free_mib - needed_bytes / 1024**2
    if left_mib < settings.min_free_mib:
        raise StorageError(
            f"{max(left_mib, 0):.0f} MiB would stay free below {settings.media_folder}, less than "
            f"the {settings.min_free_mib} MiB of COVERS_MIN_FREE_MIB: make room"
        )


@contextmanager
def incoming_folder(recording_id: int) -> Iterator[Path]:
    """A temporary folder on the media disk; what an earlier attempt left is cleared first.

    Raises:
        StorageError: when the disk is full or not writable.
    """
    parent = get_settings().media_folder / _INCOMING
    with storage_errors():
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{recording_id}-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{recording_id}-", dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def move_in(folder: Path, recording_id: int) -> Path:
    """Make a finished folder the recording's own, in one rename."""
    final = get_settings().media_folder / str(recording_id)
    if final.exists():
        final.rename(folder.parent / f"{folder.name}-replaced")
    folder.rename(final)
    shutil.rmtree(folder.parent / f"{folder.name}-replaced", ignore_errors=True)
    return final


def remove_media(recording_id: int) -> None:
    """Drop everything that lies in a recording's folder."""
    shutil.rmtree(get_settings().media_folder / str(recording_id), ignore_errors=True)


@contextmanager
def storage_errors() -> Iterator[None]:
    """Turn the disk's own errors into sentences.

    Raises:
        StorageError: when the disk is full or not writable.
    """
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "the disk is full" if full else f"cannot write media: {error.strerror or error}"
        raise StorageError(f"{what} ({get_settings().media_folder})") from error
