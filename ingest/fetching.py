"""Fetching one recording: from where it was found into a folder, checked and described.

Of the database this touches only the hosts' rows, to take turns.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from catalog.decisions import Reason
from catalog.errors import MediaError, UnavailableError
from catalog.ffmpeg import probe_media
from catalog.settings import get_settings
from catalog.storage import check_free_space, storage_errors
from ingest.addresses import short_address
from ingest.captions import copy_captions
from ingest.downloading import Wish, request_download
from ingest.fingerprint import fingerprint_of
from ingest.media import Inspection, inspect_media, join_streams, make_poster, sha256_of
from ingest.politeness import turn_at_host
from ingest.sources import is_address
from ingest.sources.description import Description
from ingest.sources.facts import Facts
from ingest.sources.folder import MEDIA_EXTENSIONS

Report = Callable[[float], None]
POSTER = "poster.jpg"


@dataclass(frozen=True)
class Fetched:
    """A recording's media as it lies in a folder.

    Attributes:
        media, poster: names in that folder
        description: what the source said while fetching, nothing for local files
        facts: the same, what screening reads
        fingerprint: of the sound
    """

    media: str
    poster: str | None
    sha256: str
    inspection: Inspection
    description: Description
    facts: Facts
    fingerprint: bytes


class ScreenedOutError(MediaError):
    """Refused by the whole description that a source gave just before the first byte."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        super().__init__("; ".join(each.text for each in reasons))
        self.reasons = reasons


def fetch_into(
    folder: Path,
    location: str,
    report: Report,
    *,
    may_copy: bool = False,
    wish: Wish | None = None,
) -> Fetched:
    """Bring a recording into a folder as `media.EXT`, with a poster where it has pictures.

    Parameters
    ----------
    location
        a file's path, or an address
    report
        takes the share that is done, 0..1
    may_copy
        whether a path may be read: never where a stranger chose it
    wish
        how an address is downloaded; a half that is there is completed

    Raises
    ------
    MediaError
        when it is not usable: the reason is for good
    ScreenedOutError
        when the wish's screening refuses what the source says of it
    PostponedError
        when it is not our turn at its host
    SourceError
        when its source does not deliver; `UnavailableError` when it never will
    StorageError
        when there is no room
    """
    check_free_space()
    arriving = folder / "arriving"
    arriving.mkdir(exist_ok=True)
    facts = Facts()
    if is_address(location):
        came, fields = _download(
            arriving, location, lambda share: report(0.8 * share), wish or Wish()
        )
        description, facts = Description.from_untrusted(fields), Facts.from_untrusted(fields)
    elif not may_copy:
        raise UnavailableError(f"{location!r} is not an address on the web")
    else:
        came, description = _copy(arriving, Path(location)), Description()
        copy_captions(Path(location), folder)
    report(0.8)
    inspection = _inspect(came, location)
    report(0.9)
    media = came.rename(folder / f"media{came.suffix.lower()}")
    shutil.rmtree(arriving)
    report(0.95)
    poster = folder / POSTER
    has_poster = inspection.has_video and make_poster(
        media, poster, duration_s=inspection.duration_s
    )
    return Fetched(
        media.name,
        POSTER if has_poster else None,
        sha256_of(media),
        inspection,
        description,
        facts,
        fingerprint_of(media),
    )


def _inspect(came: Path, location: str) -> Inspection:
    try:
        return inspect_media(came, max_duration_s=get_settings().max_duration_s)
    except MediaError as error:
        raise MediaError(
            f"{short_address(location)}: {error}" if is_address(location) else str(error)
        ) from error


def _copy(folder: Path, original: Path) -> Path:
    with _open_itself(original) as opened:
        return _copy_opened(opened, folder / original.name)


def _open_itself(original: Path) -> BinaryIO:
    """Open a file that was added by its resolved path; a link that took its place leads away."""
    try:
        if original.resolve() != original:
            raise UnavailableError(f"{original} has become a link: add the file it leads to")
        # Without waiting for a writer, should a pipe stand there.
        opened = os.open(original, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except PermissionError as error:
        raise UnavailableError(f"{original} may not be read: check its permissions") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        raise UnavailableError(f"{original} is not there any more") from error
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise UnavailableError(f"{original} is not a file any more")
    return os.fdopen(opened, "rb")


def _copy_opened(original: BinaryIO, copied: Path) -> Path:
    size_bytes = os.fstat(original.fileno()).st_size
    limit_mib = get_settings().max_media_mib
    if size_bytes > limit_mib * 1024**2:
        raise MediaError(
            f"{copied.name} has {size_bytes / 1024**2:.0f} MiB, more than the {limit_mib} MiB "
            "of COVERS_MAX_MEDIA_MIB"
        )
    check_free_space(size_bytes)
    with storage_errors(), copied.open("wb") as opened:
        shutil.copyfileobj(original, opened, 1 << 20)
    return copied


def _download(
    folder: Path, address: str, report: Report, wish: Wish
) -> tuple[Path, dict[str, Any]]:
    check_free_space(get_settings().max_media_mib * 1024**2)
    with turn_at_host(address):
        result = request_download(address, folder, report, wish)
    if refused := result["refused"]:
        raise ScreenedOutError(tuple(Reason(each["code"], each["text"]) for each in refused))
    return _as_one_file([folder / name for name in result["files"]]), result["description"]


def _as_one_file(files: list[Path]) -> Path:
    """The file as it came, or one MP4 of picture and sound apart or of a transport stream."""
    if len(files) == 1 and not _is_transport_stream(files[0]):
        known = files[0].suffix.lower() in MEDIA_EXTENSIONS
        return files[0] if known else files[0].rename(files[0].with_suffix(".bin"))
    joined = files[0].with_name("joined.mp4")
    join_streams(_picture_first(files), joined)
    return joined


def _is_transport_stream(path: Path) -> bool:
    with path.open("rb") as opened:
        head = opened.read(189)
    return len(head) == 189 and head[0] == head[188] == 0x47


def _picture_first(files: list[Path]) -> list[Path]:
    if len(files) == 1:
        return files
    return sorted(files, key=lambda each: not probe_media(each).has_video)
