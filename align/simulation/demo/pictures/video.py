"""Frames and sound -> an MP4 that browsers seek well: H.264, AAC, short groups, index first."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from align.simulation.sound.synthesis import Audio
from catalog.errors import MediaError
from catalog.ffmpeg import ffmpeg_path

Frame = NDArray[np.uint8]
CONTAINER_KBPS = 10
MAX_VIDEO_KBPS = 95


@dataclass(frozen=True)
class Encoding:
    """Size of the film in pixels and bytes. `metadata` goes into the container."""

    width: int = 640
    height: int = 360
    frame_rate: int = 30
    group_frames: int = 60
    audio_kbps: int = 80
    max_bytes: int = 1_890_000
    metadata: dict[str, str] = field(default_factory=dict)

    def video_kbps(self, duration_s: float) -> int:
        """What `max_bytes` leaves for the picture."""
        # [bytes] * 8 [bit/byte] / [s] / 1000 = [kbit/s]
        total_kbps = self.max_bytes * 8 / duration_s / 1000
        return int(min(MAX_VIDEO_KBPS, total_kbps - self.audio_kbps - CONTAINER_KBPS))


def write_video(
    frames: Iterable[Frame], audio: Audio, path: Path, *, sample_rate: int, encoding: Encoding
) -> None:
    """Encode in two passes from a lossless intermediate, so that frames are drawn once.

    Parameters
    ----------
    frames
        (height, width, 3) each, sRGB
    audio
        (n_samples, 2)

    Raises
    ------
    MediaError
        when ffmpeg fails
    """
    with tempfile.TemporaryDirectory() as folder:
        lossless, wav = Path(folder) / "picture.mkv", Path(folder) / "sound.wav"
        soundfile.write(wav, audio, sample_rate, subtype="PCM_16")
        _write_lossless(frames, lossless, encoding)
        rate = ["-b:v", f"{encoding.video_kbps(len(audio) / sample_rate)}k"]
        log = ["-passlogfile", str(Path(folder) / "pass")]
        picture = ["-i", str(lossless), *_h264(encoding), *rate, *log]
        _ffmpeg(*picture, "-pass", "1", "-an", "-f", "null", "-")
        _ffmpeg(*_both(picture, wav, encoding), str(path))


def _h264(encoding: Encoding) -> list[str]:
    group = str(encoding.group_frames)
    return [
        "-c:v", "libx264", "-preset", "slow", "-profile:v", "high", "-pix_fmt", "yuv420p",
        "-g", group, "-tune", "animation", "-aq-mode", "3", "-threads", "2",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
    ]  # fmt: skip


def _both(picture: list[str], wav: Path, encoding: Encoding) -> list[str]:
    tags = [
        part for key, text in encoding.metadata.items() for part in ("-metadata", f"{key}={text}")
    ]
    return [
        *picture[:2], "-i", str(wav), *picture[2:], "-pass", "2", "-c:a", "aac",
        "-b:a", f"{encoding.audio_kbps}k", "-map_metadata", "-1", *tags,
        "-movflags", "+faststart", "-fflags", "+bitexact", "-flags:a", "+bitexact",
    ]  # fmt: skip


def _write_lossless(frames: Iterable[Frame], path: Path, encoding: Encoding) -> None:
    command = [
        ffmpeg_path(), "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24",
        "-s", f"{encoding.width}x{encoding.height}", "-r", str(encoding.frame_rate), "-i", "pipe:",
        "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p",
        "-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", str(path),
    ]  # fmt: skip
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for frame in frames:
            process.stdin.write(frame.tobytes())
        process.stdin.close()
    if process.returncode != 0:
        raise MediaError(f"ffmpeg left {path.name} unfinished (exit {process.returncode})")


def _ffmpeg(*arguments: str) -> None:
    command = [ffmpeg_path(), "-v", "error", "-nostdin", "-y", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    if done.returncode != 0:
        raise MediaError(f"ffmpeg: {done.stderr.strip().splitlines()[-1:]}")
