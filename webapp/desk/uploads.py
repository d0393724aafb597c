"""Files that a browser sends: bounded, kept under names of our own, and fetched like any other.

They arrive on the media disk, not in the system's temporary folder, which may be small. What the
worker has copied into the media folder is removed at the next upload.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
from pathlib import Path, PurePosixPath
from typing import IO, Any

from flask import Request, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from catalog.errors import InputError, StorageError
from catalog.models import Recording
from catalog.settings import get_settings
from catalog.songs import Found
from catalog.strangers_text import clean_line

SUFFIXES = frozenset(
    (".aac", ".flac", ".m4a", ".m4v", ".mkv", ".mov", ".mp3", ".mp4", ".oga", ".ogg", ".opus",
     ".wav", ".webm")
)  # fmt: skip
MOST_FILES = 20
LONGEST_TITLE = 200
NAMED_WITHIN_S = 3600.0
"""After so long an upload that no row names belongs to a request that failed."""


class UploadRequest(Request):
    """A request whose files are written to the data folder while they arrive."""

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=uploads_folder())


def uploads_folder() -> Path:
    """Where uploads lie until the worker has copied them."""
    folder = get_settings().uploads_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def allow_uploads(files: int = 1) -> None:
    """Let this request be as long as so many recordings; asked before its body is read.

    Raises:
        StorageError: when there would be less room left than the owner asked for.
    """
    settings = get_settings()
    most_bytes = settings.max_media_mib * 2**20 * files
    length = min(request.content_length or most_bytes, most_bytes)
    free_mib = (shutil.disk_usage(uploads_folder()).free - length) / 2**20
    if free_mib < settings.min_free_mib:
        raise StorageError(
            f"{max(free_mib, 0):.0f} MiB would stay free, less than the {settings.min_free_mib} "
            "MiB of COVERS_MIN_FREE_MIB: make room first"
        )
    request.max_content_length = most_bytes + 2**20


def keep_upload(upload: FileStorage) -> Found:
    """Keep a file for the worker.

    Raises:
        InputError: when its name is not that of a recording, or it is empty or too large.
    """
    name = PurePosixPath((upload.filename or "").replace("\\", "/")).name
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(
            f"{clean_line(name)[:80]!r} is no recording: take {', '.join(sorted(SUFFIXES))}"
        )
    path = uploads_folder() / f"{secrets.token_hex(12)}{suffix}"
    upload.save(path)
    size_mib = path.stat().st_size / 2**20
    if not 0 < size_mib <= get_settings().max_media_mib:
        path.unlink()
        raise InputError(
            f"{clean_line(name)[:80]!r} has {size_mib:.1f} MiB: more than 0 and up to "
            f"{get_settings().max_media_mib} (COVERS_MAX_MEDIA_MIB) are taken"
        )
    title = clean_line(PurePosixPath(name).stem.replace("_", " "))[:LONGEST_TITLE]
    return Found(
        source="folder", source_id=str(path), location=str(path), title=title or "untitled"
    )


def remove_fetched(session: Session) -> None:
    """Remove uploads that were copied, and old ones that no recording names."""
    waiting = set(
        session.scalars(select(Recording.location).where(Recording.media_file.is_(None))).all()
    )
    for path in uploads_folder().iterdir():
        is_old = path.stat().st_mtime < time.time() - NAMED_WITHIN_S
        if is_old and str(path) not in waiting:
            path.unlink(missing_ok=True)
