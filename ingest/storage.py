"""The media folder: what arrives is built in a hidden place and appears whole or not at all."""

from __future__ import annotations

import errno
import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from catalog.errors import CoversError, PostponedError, StorageError
from catalog.models import utc_now
from catalog.settings import get_settings

_INCOMING = ".incoming"


def check_free_space(needed_bytes: int = 0) -> None:
    """Refuse to fetch onto a disk that is nearly full.

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


@contextmanager
def incoming_folder(recording_id: int) -> Iterator[Path]:
    """A folder on the media disk in which a recording arrives.

    What an attempt that may be repeated left there is found again by the next one; everything
    else is cleared.

    Raises:
        PostponedError: when another process is fetching this recording.
        StorageError: when the disk is full or not writable.
    """
    folder = incoming() / str(recording_id)
    with storage_errors():
        folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder.with_suffix(".lock"), recording_id):
        try:
            with storage_errors():
                yield folder
        except CoversError as error:
            if not error.retryable:
                shutil.rmtree(folder, ignore_errors=True)
            raise
        else:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(path: Path, recording_id: int) -> Iterator[None]:
    """Hold a file's lock, which the kernel takes back from whoever dies."""
    with storage_errors():
        lock = path.open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PostponedError(
                f"recording {recording_id} is being fetched by another process",
                until=utc_now() + timedelta(seconds=5),
            ) from error
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def incoming() -> Path:
    """The hidden place in which everything arrives."""
    return get_settings().media_folder / _INCOMING


def move_in(folder: Path, recording_id: int) -> Path:
    """Make a finished folder the recording's own, in one rename."""
    final = get_settings().media_folder / str(recording_id)
    replaced = folder.parent / f"{folder.name}-replaced"
    shutil.rmtree(replaced, ignore_errors=True)
    if final.exists():
        final.rename(replaced)
    folder.rename(final)
    shutil.rmtree(replaced, ignore_errors=True)
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
