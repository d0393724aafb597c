"""yt-dlp's options, and its ways of failing turned into errors. Runs in the guarded child only.

Traps of yt-dlp 2026.8 that are handled here: a file above `max_filesize` and a refusal by
`match_filter` end like a success without a file; ids of direct links are mere file names, which
two hosts share; ffmpeg would be given addresses of the network, so yt-dlp gets no ffmpeg at all.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL  # type: ignore[import-untyped]
from yt_dlp.networking.exceptions import (  # type: ignore[import-untyped]
    HTTPError,
    TransportError,
)
from yt_dlp.utils import (  # type: ignore[import-untyped]
    GeoRestrictedError,
    RegexNotFoundError,
    UnsupportedError,
    YoutubeDLError,
)

from catalog.errors import (
    CoversError,
    ExtractorError,
    HostError,
    MediaError,
    PolicyError,
    SourceError,
    StorageError,
    UnavailableError,
)
from ingest.network_guard import RefusedAddressError
from ingest.screening.documents import judge_description
from ingest.sources.facts import Facts

# Python's own code speaks these, so the guard of addresses holds for them.
PROTOCOL = "[protocol~='^(https?|m3u8(_native)?|http_dash_segments)$']"
# Small H.264 and AAC first: it plays everywhere, seeks exactly, and three fit in a window.
FORMATS = "/".join(
    "+".join(f"{each}{PROTOCOL}" for each in choice.split("+"))
    for choice in (
        "b[height<=?480][vcodec^=avc1][acodec^=mp4a]",
        "bv[height<=?480][vcodec^=avc1]+ba[acodec^=mp4a]",
        "b[height<=?480]",
        "bv*[height<=?480]+ba",
        "b",
        "ba",
    )
)
AUDIO_FORMATS = f"ba[acodec^=mp4a]{PROTOCOL}/ba{PROTOCOL}/{FORMATS}"
KEPT = (
    *Facts.model_fields,
    *("id", "ie_key", "extractor_key", "title", "uploader", "uploader_url"),
    *("description", "license", "webpage_url", "duration"),
)

Request = dict[str, Any]
Report = Callable[[float], None]
KNOWN_SITES = ["default", "-generic"]
"""A page that a stranger named is not searched for whatever media it may embed."""
REFUSING = (429, 503)
"""Statuses by which a host refuses everybody."""
BROKEN = (500, 502, 504)
"""Statuses that a host out of order answers, and one broken page as well."""
PASSING = (408, 425)
WORDS: tuple[tuple[type[CoversError], tuple[str, ...]], ...] = (
    (
        PolicyError,
        (
            *("private video", "members-only", "drm protected", "confirm your age"),
            *("age-restricted", "available in your country", "requires payment", "premium"),
            *("account associated", "who has blocked it"),
        ),
    ),
    (
        UnavailableError,
        (
            *("video unavailable", "has been removed", "no longer available", "unsupported url"),
            "no suitable extractor",
            *("is not a valid url", "does not exist", "this video is not available"),
        ),
    ),
    (
        ExtractorError,
        (
            *("unable to extract", "please report this issue", "nsig extraction failed"),
            *("requested format is not available", "no video formats found"),
            *("failed to parse json", "signature extraction failed"),
        ),
    ),
)
"""What a site's own sentences mean, in this order."""
BOT_WORDS = ("not a bot", "rate-limit", "too many requests", "unusual traffic", "captcha")
MAX_PAGE_BYTES = 10 * 1024**2


class _Said:
    """Collects what yt-dlp prints; some of its reasons stand nowhere else."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def debug(self, line: str) -> None:
        self.lines.append(line)

    info = warning = error = debug


def _options(request: Request, said: _Said) -> dict[str, Any]:
    return {
        "logger": said,
        "quiet": True,
        "noprogress": True,
        "proxy": "",
        "socket_timeout": 20,
        "retries": 2,
        "fragment_retries": 2,
        "extractor_retries": 1,
        "sleep_interval_requests": 0.75,
        "external_downloader": {"default": "native"},
        "ffmpeg_location": "/nonexistent",
        "fixup": "never",
        "cachedir": False,
        "enable_file_urls": False,
        "max_filesize": request["max_bytes"],
        "allowed_extractors": ["default"] if request.get("any_site", True) else KNOWN_SITES,
    }


def list_entries(request: Request, report: Report) -> dict[str, Any]:
    """The entries of a playlist, channel or feed, or the one recording of an address."""
    options = _options(request, said := _Said()) | {
        "extract_flat": "in_playlist",
        "playlistend": request["limit"],
        "ignore_no_formats_error": True,
    }
    info = _run(options, request["url"], said, download=False)
    entries = info.get("entries")
    listed = [info] if entries is None else [each for each in entries if each]
    return {"entries": [_kept(each) for each in listed]}


def _kept(info: dict[str, Any]) -> dict[str, Any]:
    kept = {key: info[key] for key in KEPT if info.get(key) is not None}
    kept.setdefault("uploader", info.get("channel") or info.get("artist"))
    kept.setdefault("uploader_url", info.get("channel_url"))
    address = info.get("webpage_url") or info.get("url")
    return kept | {"address": address, "is_list": info.get("_type") in ("playlist", "multi_video")}


def describe(request: Request, report: Report) -> dict[str, Any]:
    """What a source says of one recording."""
    options = _options(request, said := _Said()) | {"ignore_no_formats_error": True}
    return {"description": _kept(_run(options, request["url"], said, download=False))}


def read_page(request: Request, report: Report) -> dict[str, Any]:
    """The text that an address answers with."""
    options = _options(request, _Said())
    try:
        with YoutubeDL(options) as downloader, downloader.urlopen(request["url"]) as response:
            body = response.read(MAX_PAGE_BYTES + 1)
    except (YoutubeDLError, OSError) as error:
        raise _translated(error, request["max_bytes"]) from error
    if len(body) > MAX_PAGE_BYTES:
        raise SourceError(_too_large(MAX_PAGE_BYTES))
    return {"text": body.decode("utf-8", errors="replace")}


def download(request: Request, report: Report) -> dict[str, Any]:
    """Fetch one recording into the request's folder: one file, or picture and sound apart."""
    refused: list[str] = []
    screened: list[dict[str, str]] = []

    def judge(info: dict[str, Any], *, incomplete: bool = False) -> str | None:
        if not incomplete and request.get("screening"):
            screened[:] = judge_description(request["screening"], _kept(info))
        if screened:
            return screened[0]["text"]
        reason = _why_not(info, request["max_duration_s"])
        refused.extend([reason] if reason else [])
        return reason

    options = _options(request, said := _Said()) | {
        "format": AUDIO_FORMATS if request.get("audio_only") else FORMATS,
        "outtmpl": {"default": "download.%(ext)s"},
        "noplaylist": True,
        "match_filter": judge,
        "progress_hooks": [lambda each: _follow(each, request["max_bytes"], report)],
    }
    info = _run(options, request["url"], said, download=True)
    if info.get("entries") is not None:
        raise MediaError("is a list of recordings, not one: add its address with `ingest add`")
    if screened:
        return {"files": [], "description": _kept(info), "refused": screened}
    if refused:
        raise MediaError(refused[0])
    files = sorted(each.name for each in Path().glob("download*") if each.suffix != ".part")
    if not files:
        raise _why_nothing(said, request["max_bytes"])
    return {"files": files, "description": _kept(info), "refused": []}


ACTIONS: dict[str, Callable[[Request, Report], dict[str, Any]]] = {
    "list": list_entries,
    "describe": describe,
    "page": read_page,
    "download": download,
}


def _why_not(info: dict[str, Any], max_duration_s: float) -> str | None:
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        return "is a live stream, which has no end yet"
    duration_s = info.get("duration")
    if duration_s is not None and duration_s > max_duration_s:
        return f"lasts {duration_s:.0f} s, more than the {max_duration_s:.0f} s that are accepted"
    return None


def _follow(status: dict[str, Any], max_bytes: int, report: Report) -> None:
    done, total = status.get("downloaded_bytes") or 0, status.get("total_bytes")
    if done > max_bytes:
        raise MediaError(_too_large(max_bytes))
    total = total or status.get("total_bytes_estimate")
    report(done / total if total else 0.0)


def _too_large(max_bytes: int) -> str:
    return f"is larger than the {max_bytes / 1024**2:.0f} MiB that are accepted"


def _why_nothing(said: _Said, max_bytes: int) -> CoversError:
    if any("larger than max-filesize" in line for line in said.lines):
        return MediaError(_too_large(max_bytes))
    last = said.lines[-1] if said.lines else "no reason given"
    return SourceError(f"nothing arrived: {last}")


def _run(options: dict[str, Any], url: str, said: _Said, *, download: bool) -> dict[str, Any]:
    try:
        with YoutubeDL(options) as downloader:
            info = downloader.extract_info(url, download=download)
            return downloader.sanitize_info(info) or {}
    except CoversError:
        raise
    except (YoutubeDLError, OSError) as error:
        raise _translated(error, options["max_filesize"]) from error


def _translated(error: BaseException, max_bytes: int) -> CoversError:
    """Which of our errors an error of yt-dlp is: judged by its causes, then by its words."""
    lines = str(error).removeprefix("ERROR: ").strip().splitlines()
    message = lines[0] if lines else repr(error)
    causes = _causes(error)
    found = (_by_cause(cause, message, max_bytes) for cause in causes)
    by_cause = next((each for each in found if each is not None), None)
    if by_cause is not None:
        return by_cause
    lower = message.lower()
    if any(words in lower for words in BOT_WORDS):
        return HostError(message, refuses=True)
    for kind, phrases in WORDS:
        if any(words in lower for words in phrases):
            return kind(message)
    if any(isinstance(cause, TransportError | TimeoutError | ConnectionError) for cause in causes):
        return HostError(message)
    return SourceError(message)


def _by_cause(cause: BaseException, message: str, max_bytes: int) -> CoversError | None:
    if isinstance(cause, CoversError):
        return cause
    if isinstance(cause, RefusedAddressError):
        return PolicyError(str(cause))
    if isinstance(cause, HTTPError):
        return _by_status(cause, message)
    if isinstance(cause, UnsupportedError):
        return UnavailableError(message)
    if isinstance(cause, GeoRestrictedError):
        return PolicyError(message)
    if isinstance(cause, RegexNotFoundError):
        return ExtractorError(message)
    if isinstance(cause, OSError) and cause.errno == errno.EFBIG:
        return MediaError(_too_large(max_bytes))
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"the disk is full: {message}")
    return None


def _by_status(cause: Any, message: str) -> CoversError:
    if cause.status in REFUSING:
        retry_after_s = _retry_after_s(cause.response.get_header("Retry-After"))
        return HostError(message, refuses=True, retry_after_s=retry_after_s)
    if cause.status in BROKEN:
        return HostError(message, doubtful=True)
    if cause.status in (401, 402, 451):
        return PolicyError(message)
    gone = 400 <= cause.status < 500 and cause.status not in PASSING
    return (UnavailableError if gone else SourceError)(message)


def _retry_after_s(header: str | None) -> float | None:
    """Seconds that the header `Retry-After` asks for: a number, or a moment (RFC 9110, 10.2.3)."""
    if header is None:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        return max(parsedate_to_datetime(header).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def _causes(error: BaseException) -> list[BaseException]:
    """An error with everything it was made from; yt-dlp keeps causes in three places."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or each in found:
            continue
        found.append(each)
        from_yt_dlp = getattr(each, "exc_info", None) or (None, None)
        waiting += [from_yt_dlp[1], getattr(each, "cause", None), each.__cause__, each.__context__]
    return found
