"""The one way to run ffmpeg on files that strangers made.

Playlists and concat scripts can make ffmpeg read other local files or the network, whatever
their extension says. So protocols and formats are allowed by name, and every call has a limit
in time.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalog.errors import CoversError, MediaError
from catalog.processes import die_with_parent

SAFE_INPUT = (
    "-nostdin",
    "-hide_banner",
    "-protocol_whitelist",
    "file,pipe",
    "-format_whitelist",
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,flac,wav,aac",
)


@dataclass(frozen=True)
class MediaProbe:
    """What ffmpeg says of a file, before anything is decoded.

    Attributes:
        duration_s: as the container claims, `None` where it does not say: an MP3 without a header
            for it has an estimate only, which may be many times too long or too short
        is_mono: whether its sound has one channel
    """

    duration_s: float | None
    has_audio: bool
    has_video: bool
    is_mono: bool


@lru_cache(maxsize=1)
def ffmpeg_path() -> str:
    """The ffmpeg program: the one on PATH, else the one shipped with imageio-ffmpeg.

    Raises:
        CoversError: when there is neither.
    """
    if found := shutil.which("ffmpeg"):
        return found
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise CoversError("no ffmpeg: install it, or `pip install imageio-ffmpeg`") from error
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run_ffmpeg(*arguments: str, timeout_s: float = 600.0) -> subprocess.CompletedProcess[bytes]:
    """Run ffmpeg and return its output; the caller judges the exit code.

    Raises:
        MediaError: when it does not end in time.
    """
    command = [ffmpeg_path(), *arguments]
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
            preexec_fn=die_with_parent(),
        )
    except subprocess.TimeoutExpired as error:
        raise MediaError(f"ffmpeg did not finish within {timeout_s:.0f} s") from error


def probe_media(path: Path) -> MediaProbe:
    """Read duration and streams from a file's header.

    Raises:
        MediaError: when it is no media file of an allowed format.
    """
    result = run_ffmpeg(*SAFE_INPUT, "-i", f"file:{path}", timeout_s=60.0)
    report = result.stderr.decode("utf-8", "replace")
    if "Input #0" not in report:
        raise MediaError(f"{path.name} is not a readable audio or video file")
    return MediaProbe(
        duration_s=_parse_duration(report),
        has_audio=re.search(r"(?m)^  Stream #0:\d+.*: Audio:", report) is not None,
        has_video=re.search(r"(?m)^  Stream #0:\d+.*: Video: (?!.*attached pic)", report)
        is not None,
        is_mono=re.search(r"(?m)^  Stream #0:\d+.*: Audio: .* Hz, mono\b", report) is not None,
    )


def _parse_duration(report: str) -> float | None:
    found = re.search(r"(?m)^  Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", report)
    if found is None or "Estimating duration from bitrate" in report:
        return None
    hours, minutes, seconds = found.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
