"""Room on the media disk, for whoever writes there: what is free, and what the owner allows."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import StorageError
from catalog.settings import get_settings

_INCOMING = ".incoming"


def check_free_space(needed_bytes: int = 0) -> None:
    """Refuse to write onto a disk that is nearly full.

    Raises:
        StorageError: when less would stay free than the owner asked for, or the media would
            take more than its budget.
    """
    settings = get_settings()
    _check_budget(needed_bytes)
    free_mib = shutil.disk_usage(settings.media_folder).free / 1024**2
    left_mib = free_mib - needed_bytes / 1024**2
    if left_mib < settings.min_free_mib:
        raise StorageError(
            f"{max(left_mib, 0):.0f} MiB would stay free below {settings.media_folder}, less than "
            f"the {settings.min_free_mib} MiB of COVERS_MIN_FREE_MIB: make room"
        )


def _check_budget(needed_bytes: int) -> None:
    budget_mib = get_settings().media_budget_mib
    if not budget_mib:
        return
    taken_mib = (media_bytes() + needed_bytes) / 1024**2
    if taken_mib > budget_mib:
        raise StorageError(
            f"media would take {taken_mib:.0f} MiB, more than the {budget_mib} MiB of "
            "COVERS_MEDIA_BUDGET_MIB: raise it, or decide about covers that wait"
        )


def media_bytes() -> int:
    """What the media folder takes, in bytes."""
    files = (each for each in get_settings().media_folder.rglob("*") if each.is_file())
    return sum(each.stat().st_size for each in files)


def incoming() -> Path:
    """The hidden place in which everything arrives."""
    return get_settings().media_folder / _INCOMING


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
