"""How loud a recording is, hundred times a second: what the desk draws its waveforms from."""

from __future__ import annotations

import secrets
from pathlib import Path

import numpy as np

from catalog.errors import MediaError
from catalog.ffmpeg import SAFE_INPUT, run_ffmpeg
from catalog.settings import get_settings

PEAKS_PER_S = 100
SAMPLE_RATE = 8000


def read_peaks(path: Path, sha256: str) -> bytes:
    """One byte for each hundredth of a second, 255 the loudest of the recording.

    Raises:
        MediaError: when it holds no sound.
    """
    kept = get_settings().cache_folder / "peaks" / f"{sha256}.u8"
    if kept.is_file():
        return kept.read_bytes()
    peaks = _measure(path)
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f"{kept.name}.{secrets.token_hex(4)}")
    draft.write_bytes(peaks)
    draft.replace(kept)
    return peaks


def _measure(path: Path) -> bytes:
    limit_s = str(get_settings().max_duration_s)
    decoded = run_ffmpeg(
        *("-v", "error", *SAFE_INPUT, "-i", f"file:{path}", "-vn", "-t", limit_s),
        *("-ac", "1", "-ar", str(SAMPLE_RATE), "-f", "s16le", "pipe:1"),
        timeout_s=120.0,
    )
    samples = np.abs(np.frombuffer(decoded.stdout, dtype="<i2").astype(np.int32))
    hop = SAMPLE_RATE // PEAKS_PER_S
    if decoded.returncode != 0 or len(samples) < hop:
        raise MediaError(f"{path.name} holds no sound that can be drawn")
    loudest = samples[: len(samples) // hop * hop].reshape(-1, hop).max(axis=1)  # (peaks,)
    peaks = (255 * loudest / max(int(loudest.max()), 1)).astype(np.uint8)
    return bytes(peaks)
