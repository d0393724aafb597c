"""Captions that lie beside a file of the owner's: `STEM.vtt`, or `STEM.de.vtt` in a language."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path

log = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
BEGINNING = b"WEBVTT"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LANGUAGE = re.compile(r"(\.[a-z]{2,3}(-[a-z0-9]{2,8})*)?", re.IGNORECASE)


def copy_captions(original: Path, folder: Path) -> None:
    """Keep a media file's captions in a folder, as `captions.vtt` or `captions.LANGUAGE.vtt`.

    What is no WebVTT, too large, or a link is passed over, and said.
    """
    for path in sorted(original.parent.glob("*.vtt")):
        language = path.name.removesuffix(".vtt").removeprefix(original.stem)
        if not path.name.startswith(original.stem) or not _LANGUAGE.fullmatch(language):
            continue
        contents = _read(path)
        if contents.removeprefix(BYTE_ORDER_MARK).startswith(BEGINNING):
            (folder / f"captions{language.lower()}.vtt").write_bytes(contents)
        else:
            log.warning("%s is passed over: no WebVTT of at most 1 MiB", ascii(path.name))


def _read(path: Path) -> bytes:
    """The contents of a small file; nothing where it is none."""
    try:
        with open(path, "rb", opener=_open_itself) as file:
            contents = file.read(MOST_BYTES + 1)
    except OSError:
        return b""
    return contents if len(contents) <= MOST_BYTES else b""


def _open_itself(path: str, flags: int) -> int:
    """No link, and without waiting for a writer, should a pipe stand there."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
