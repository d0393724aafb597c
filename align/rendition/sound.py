"""Files -> samples that lie on disk -> files. A long recording takes no memory for it.

What has one channel keeps one: ffmpeg would turn it down by 3 dB for each of two.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from align.audio import Samples
from catalog.errors import MediaError, StorageError
from catalog.ffmpeg import SAFE_INPUT, probe_media, run_ffmpeg
from catalog.settings import get_settings

SAMPLE_RATE = 44100
MOST_CHANNELS = 2
SAMPLE_BYTES = 4
FULL_SCALE = 0.98
"""Louder peaks are turned down with everything else: a decoder would clip them."""


def raw_bytes(duration_s: float) -> int:
    """What samples of so many seconds take on disk at most."""
    return round(duration_s * SAMPLE_RATE) * MOST_CHANNELS * SAMPLE_BYTES


def decode(media: Path, raw: Path) -> Samples:
    """A recording's sound on its container's clock, as players show it, (channels, samples).

    Raises:
        MediaError: when it cannot be decoded.
    """
    n_channels = 1 if probe_media(media).is_mono else MOST_CHANNELS
    limit_s = get_settings().max_duration_s + 1
    # first_pts=0 pads a sound track that starts late, as the alignment heard it.
    result = run_ffmpeg(
        "-v", "error", *SAFE_INPUT, "-i", f"file:{media}",
        "-map", "0:a:0", "-vn", "-t", f"{limit_s:.3f}",
        "-af", "aresample=first_pts=0", *_raw_format(n_channels), "-y", f"file:{raw}",
    )  # fmt: skip
    n_samples = raw.stat().st_size // (n_channels * SAMPLE_BYTES) if raw.exists() else 0
    if n_samples == 0:
        _raise_if_full(result.stderr)
        raise MediaError(f"{media.name} cannot be decoded: fetch it again")
    return _mapped(raw, n_samples, n_channels, "r")


def silence(raw: Path, duration_s: float, n_channels: int) -> Samples:
    """A file of silence to be played into, (channels, samples)."""
    return _mapped(raw, round(duration_s * SAMPLE_RATE), n_channels, "w+")


def encode(raw: Path, encoded: Path, n_channels: int, *, peak: float) -> None:
    """Write raw samples as browsers like it best: AAC in an MP4 whose index comes first.

    Raises:
        StorageError: when it cannot be written.
    """
    gain = min(1.0, FULL_SCALE / peak) if peak > 0 else 1.0
    result = run_ffmpeg(
        "-v", "error", *_raw_format(n_channels), "-i", f"file:{raw}", "-af", f"volume={gain:.5f}",
        "-c:a", "aac", "-b:a", f"{96 * n_channels}k", "-movflags", "+faststart", "-f", "mp4", "-y",
        f"file:{encoded}",
    )  # fmt: skip
    if result.returncode != 0:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StorageError(f"cannot write a rendition: {said[-1] if said else 'ffmpeg failed'}")


def _raise_if_full(stderr: bytes) -> None:
    if b"No space left" in stderr:
        raise StorageError("the disk is full: make room for decoded sound")


def _raw_format(n_channels: int) -> tuple[str, ...]:
    return ("-f", "f32le", "-ar", str(SAMPLE_RATE), "-ac", str(n_channels))


def _mapped(raw: Path, n_samples: int, n_channels: int, mode: str) -> Samples:
    """Interleaved samples of a file, seen channel by channel."""
    interleaved: Samples = np.memmap(
        raw,
        dtype="<f4",
        mode=mode,
        shape=(n_samples, n_channels),  # type: ignore[call-overload]
    )
    return interleaved.T
