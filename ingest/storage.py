"""The media folder: what arrives is built in a hidden place and appears whole or not at all."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from catalog.errors import CoversError, PostponedError
from catalog.models import utc_now
from catalog.settings import get_settings
from catalog.storage import incoming, storage_errors


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
