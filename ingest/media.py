"""What a fetched file really is: its streams, its true length, and a picture for it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from catalog.errors import MediaError
from catalog.ffmpeg import SAFE_INPUT, MediaProbe, probe_media, run_ffmpeg

MIN_DURATION_S = 1.0
CUT_OFF_SHARE = 0.9
"""A file that decodes to less than this share of its claimed length was cut off."""
POSTER_WIDTH = 640
MAX_PIXELS = 8192 * 4608
"""Pictures above 8K are made to fill the memory, not to be looked at."""
MEDIA_TYPES = {
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
}
AMBIGUOUS = {".mp4": "mp4", ".m4v": "mp4", ".webm": "webm", ".oga": "ogg"}


@dataclass(frozen=True)
class Inspection:
    """A file that can be used.

    Attributes:
        duration_s: as decoded, not as claimed
        media_type: such as `video/mp4`
    """

    duration_s: float
    has_video: bool
    media_type: str


@dataclass(frozen=True)
class Decoding:
    """What decoding a file's sound to its end, or to the limit, has shown."""

    duration_s: float
    had_errors: bool


def inspect_media(path: Path, *, max_duration_s: float) -> Inspection:
    """Decode a file's sound once, to know that it is whole and how long it is.

    Raises:
        MediaError: when it is empty, no media, without sound, cut off, too short or too long.
    """
    if path.stat().st_size == 0:
        raise MediaError(f"{path.name} is empty")
    probe = probe_media(path)
    if not probe.has_audio:
        raise MediaError(f"{path.name} has no sound")
    _check_length(path, probe.duration_s, max_duration_s)
    decoding = decode_sound(path, max_duration_s=max_duration_s)
    duration_s = decoding.duration_s
    _check_length(path, duration_s, max_duration_s)
    if duration_s < MIN_DURATION_S:
        raise MediaError(f"{path.name} holds {duration_s:.1f} s of sound: too short")
    # Sound that is merely shorter than the pictures raises no error.
    claimed_s = probe.duration_s if decoding.had_errors or not probe.has_video else None
    if claimed_s is not None and duration_s < CUT_OFF_SHARE * claimed_s:
        raise MediaError(
            f"{path.name} is cut off: {duration_s:.0f} s of {claimed_s:.0f} s can be played"
        )
    return Inspection(duration_s, probe.has_video, _media_type(path, probe))


def _check_length(path: Path, duration_s: float | None, max_duration_s: float) -> None:
    if duration_s is not None and duration_s > max_duration_s:
        raise MediaError(
            f"{path.name} lasts {duration_s:.0f} s, more than the {max_duration_s:.0f} s that "
            "are accepted"
        )


def decode_sound(path: Path, *, max_duration_s: float) -> Decoding:
    """Count the sound that a file holds, up to just above the limit.

    Raises:
        MediaError: when nothing can be decoded.
    """
    decoding = ("-vn", "-t", f"{max_duration_s + 1:.3f}", "-f", "null", "-")
    result = run_ffmpeg(
        "-loglevel", "error", "-progress", "pipe:1", *SAFE_INPUT, "-i", f"file:{path}", *decoding
    )
    counted = re.findall(rb"out_time_us=(\d+)", result.stdout)
    if not counted:
        raise MediaError(f"{path.name} holds no sound that can be decoded")
    return Decoding(int(counted[-1]) / 1_000_000, bool(result.stderr.strip()))


def _media_type(path: Path, probe: MediaProbe) -> str:
    suffix = path.suffix.lower()
    if suffix in AMBIGUOUS:
        return f"{'video' if probe.has_video else 'audio'}/{AMBIGUOUS[suffix]}"
    return MEDIA_TYPES.get(suffix, "application/octet-stream")


def sha256_of(path: Path) -> str:
    """Hexadecimal digest of a file's content."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def make_poster(video: Path, poster: Path, *, duration_s: float) -> bool:
    """Write a typical frame from about a third into a video as JPEG; False where none comes."""
    run_ffmpeg(
        *("-loglevel", "error", "-ss", f"{duration_s / 3:.3f}"),
        *(*SAFE_INPUT, "-max_pixels", str(MAX_PIXELS), "-i", f"file:{video}"),
        *("-an", "-frames:v", "1"),
        *("-vf", f"scale='min({POSTER_WIDTH},iw)':-2,thumbnail=60", "-q:v", "4", "-y"),
        f"file:{poster}",
        timeout_s=120.0,
    )
    return poster.is_file() and poster.stat().st_size > 0


def join_streams(files: list[Path], joined: Path) -> None:
    """Put separately downloaded picture and sound, or a transport stream, into one MP4.

    Raises:
        MediaError: when they do not go together.
    """
    # A transport stream, which is what HLS consists of, can refer to nothing outside itself.
    reading = [each if each != SAFE_INPUT[-1] else f"{each},mpegts" for each in SAFE_INPUT]
    inputs = [part for each in files for part in (*reading, "-i", f"file:{each}")]
    mapped = ["-map", "0:v:0?", "-map", f"{len(files) - 1}:a:0"]
    result = run_ffmpeg(
        *("-loglevel", "error", *inputs, *mapped, "-c", "copy"),
        *("-movflags", "+faststart", "-f", "mp4", "-y", f"file:{joined}"),
    )
    if result.returncode != 0:
        raise MediaError(f"{', '.join(each.name for each in files)} cannot be made one MP4")
