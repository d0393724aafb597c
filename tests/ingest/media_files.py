"""Small media files, good and bad, made by ffmpeg."""

from __future__ import annotations

import os
import wave
from pathlib import Path

from catalog.ffmpeg import run_ffmpeg

PICTURE = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=10")
CODECS = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac")


def tone(frequency_hz: int = 440) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=frequency={frequency_hz}:sample_rate=22050")


def encode(path: Path, *arguments: str, duration_s: float = 3.0) -> Path:
    """Run ffmpeg to make one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    result = run_ffmpeg("-v", "error", "-y", *arguments, "-t", f"{duration_s}", str(path))
    assert result.returncode == 0, result.stderr.decode()
    return path


def make_video(path: Path, *, frequency_hz: int = 440, duration_s: float = 3.0) -> Path:
    return encode(path, *PICTURE, *tone(frequency_hz), *CODECS, duration_s=duration_s)


def make_sound(path: Path, *, frequency_hz: int = 440, duration_s: float = 3.0) -> Path:
    return encode(path, *tone(frequency_hz), duration_s=duration_s)


def make_silent_film(path: Path) -> Path:
    return encode(path, *PICTURE, *CODECS[:6])


def make_half_silent_video(path: Path) -> Path:
    """Four seconds of pictures, with sound in the first two."""
    return encode(path, *PICTURE, "-t", "2", *tone(), *CODECS, duration_s=4.0)


def make_large_video(path: Path) -> Path:
    """Sixty pictures of 4K, which together fill 750 MB."""
    pictures = ("-f", "lavfi", "-i", "color=size=3840x2160:rate=30")
    return encode(path, *pictures, *tone(), *CODECS, duration_s=2.1)


def make_cut_off_video(path: Path) -> Path:
    """A video whose index stands in front and promises more than the file holds."""
    whole = path.with_name(f"whole-{path.name}")
    encode(whole, *PICTURE, *tone(), *CODECS, "-movflags", "+faststart", duration_s=8.0)
    content = whole.read_bytes()
    whole.unlink()
    path.write_bytes(content[: len(content) // 2])
    return path


def make_three_hours(path: Path) -> Path:
    """Silence without a block on the disk."""
    with wave.open(str(path), "wb") as opened:
        opened.setparams((1, 1, 8000, 10_800 * 8000, "NONE", ""))
        opened.writeframesraw(b"")
    header = path.read_bytes()[:44]
    sizes = (10_800 * 8000 + 36).to_bytes(4, "little"), (10_800 * 8000).to_bytes(4, "little")
    path.write_bytes(header[:4] + sizes[0] + header[8:40] + sizes[1])
    os.truncate(path, 44 + 10_800 * 8000)
    return path
