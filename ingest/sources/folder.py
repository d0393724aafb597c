"""Recordings from a folder, or from one file.

Beside `STEM.mp4` may lie `STEM.info.json` with yt-dlp's field names, so what yt-dlp once wrote
with `--write-info-json` can be read as it is.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from pydantic import ValidationError

from catalog.errors import InputError
from catalog.songs import Found
from ingest.sources.description import Description

MEDIA_EXTENSIONS = frozenset(
    (
        *(".aac", ".flac", ".m4a", ".mp3", ".oga", ".ogg", ".opus", ".wav"),
        *(".m4v", ".mkv", ".mov", ".mp4", ".webm"),
    )
)
log = logging.getLogger(__name__)

MAX_SIDECAR_BYTES = 10 * 1024 * 1024


def find_recordings(path: Path) -> list[Found]:
    """The media files of a folder in the order of their names, or the one file that is named.

    Subfolders are not entered, other files are ignored, and so is a link that leads out of the
    folder.

    Raises:
        InputError: when there is no such path, or a sidecar cannot be read.
    """
    try:
        if path.is_file():
            return [read_recording(each) for each in (path.resolve(),) if _has_text_name(each)]
        if not path.is_dir():
            raise InputError(f"there is no folder or file {str(path)!r}")
        return [read_recording(each) for each in _list_media(path)]
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def _list_media(folder: Path) -> list[Path]:
    inside = folder.resolve()
    files = sorted(each for each in folder.iterdir() if is_media(each))
    resolved = dict.fromkeys(each.resolve() for each in files)
    return [each for each in resolved if each.is_relative_to(inside) and _has_text_name(each)]


def _has_text_name(path: Path) -> bool:
    """Whether a file's name can be stored; one of another encoding is passed over by name."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        log.warning("%s is passed over: its name is not UTF-8, rename it", ascii(path.name))
        return False
    return True


def is_media(path: Path) -> bool:
    """Whether a path is a file that by its name holds sound."""
    return path.suffix.lower() in MEDIA_EXTENSIONS and path.is_file()


def read_recording(path: Path) -> Found:
    """One file with what its sidecar says of it.

    Raises:
        InputError: when the sidecar cannot be read.
    """
    location = str(path.resolve())
    return read_sidecar(path).as_found(
        source="folder",
        source_id=location,
        location=location,
        fallback=path.stem.replace("-", " ").replace("_", " ").strip() or path.name,
    )


def read_sidecar(path: Path) -> Description:
    """What `STEM.info.json` beside a media file says; nothing where there is none.

    Raises:
        InputError: naming the sidecar and what is wrong with it.
    """
    sidecar = path.with_name(f"{path.stem}.info.json")
    if not os.path.lexists(sidecar):
        return Description()
    if not sidecar.is_file() or sidecar.resolve().parent != path.parent.resolve():
        raise InputError(f"{sidecar} is not usable: it is no file, or a link out of its folder")
    try:
        if sidecar.stat().st_size > MAX_SIDECAR_BYTES:
            raise InputError(f"{sidecar} is not usable: larger than 10 MiB")
        return Description.model_validate(json.loads(sidecar.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{sidecar} is not usable: {name or 'content'}: {first['msg']}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{sidecar} is not usable: {error}") from error
