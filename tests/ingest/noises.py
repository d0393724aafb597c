"""Sounds that differ from each other as recordings do, and one sound in several files."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from catalog.ffmpeg import run_ffmpeg

RATE = 16_000


def melody(seed: int, *, duration_s: float = 30.0) -> npt.NDArray[np.float32]:
    """Random notes of a random length, with overtones."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int(duration_s * RATE), dtype=np.float32)
    start = 0
    while start < len(sound):
        length = min(int(random.uniform(0.15, 0.6) * RATE), len(sound) - start)
        time_s = np.arange(length) / RATE
        pitch_hz = 220 * 2 ** (random.integers(0, 25) / 12)
        tones = sum(np.sin(2 * np.pi * n * pitch_hz * time_s) / n for n in (1, 2, 3, 4))
        sound[start : start + length] = 0.2 * tones * np.exp(-time_s * 3)
        start += length
    return sound + random.normal(0, 0.002, len(sound)).astype(np.float32)


def encoded(sound: npt.NDArray[np.float32], *options: str, kind: str = "ogg") -> bytes:
    """A file's bytes."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        raw, path = Path(folder) / "raw", Path(folder) / f"sound.{kind}"
        raw.write_bytes(sound.astype("<f4").tobytes())
        reading = ("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", str(raw))
        result = run_ffmpeg("-v", "error", *reading, *options, str(path))
        assert result.returncode == 0, result.stderr.decode()
        return path.read_bytes()
