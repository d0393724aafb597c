"""Any audio or video file -> mono samples at one rate.

libsndfile reads what it can; everything else goes through ffmpeg with its formats and protocols
allowed by name, and so do MP3s: libsndfile 1.2 takes the length of one without a header for it
from its first frames, and reads no further. Length is judged before anything is decoded, so that
a small file which claims or holds hours of sound costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import numpy as np
import numpy.typing as npt

from catalog.errors import MediaError
from catalog.ffmpeg import SAFE_INPUT, probe_media, run_ffmpeg
from catalog.settings import get_settings

Samples = npt.NDArray[np.float32]

SAMPLE_RATE = 22050
MIN_DURATION_S = 1.0
SILENCE_PEAK = 1e-3
"""Samples that never exceed -60 dB of full scale are taken for silence."""
CUT_OFF_SHARE = 0.9
"""A file that decodes to less than this share of its claimed length was cut off."""
ALL_CHANNELS, FIRST_CHANNEL = "anull", "pan=mono|c0=c0"
"""Channels that cancel each other out, as where a voice was removed, leave silence together."""
BLOCK_FRAMES = 1 << 18
UNKNOWN_FRAMES = 1 << 48
"""What libsndfile says of a stream without a length is far above this."""
LIBSNDFILE_STARTS = (b"RIFF", b"RF64", b"fLaC", b"OggS", b"FORM", b".snd", b"caff")


@dataclass(frozen=True)
class Audio:
    """Mono sound.

    Attributes:
        samples: float32, full scale 1.0, (samples,)
    """

    samples: Samples
    sample_rate: int = SAMPLE_RATE

    @property
    def duration_s(self) -> float:
        """Length."""
        return len(self.samples) / self.sample_rate


def load_audio(path: Path, *, max_duration_s: float | None = None) -> Audio:
    """Decode a file to mono float32 at 22.05 kHz.

    Parameters
    ----------
    max_duration_s
        longest recording that is accepted; the setting of that name where `None`

    Raises
    ------
    MediaError
        when the file is absent, empty, no audio or video, cut off, too long, too short or silent
    """
    limit_s = get_settings().max_duration_s if max_duration_s is None else max_duration_s
    _check_file(path)
    samples = _read_with_libsndfile(path, limit_s)
    if samples is None:
        samples = _read_with_ffmpeg(path, limit_s)
    if _is_silent(samples):
        samples = _read_with_ffmpeg(path, limit_s, mix=FIRST_CHANNEL)
    _check_sound(path, samples)
    return Audio(samples)


def _check_file(path: Path) -> None:
    if not path.exists():
        raise MediaError(f"{path} does not exist: check the path")
    if not path.is_file():
        raise MediaError(f"{path} is not a file: give the path of one audio or video file")
    if path.stat().st_size == 0:
        raise MediaError(f"{path.name} is empty: fetch it again")


def _check_duration(path: Path, duration_s: float, limit_s: float) -> None:
    if duration_s > limit_s:
        raise MediaError(
            f"{path.name} lasts {duration_s:.0f} s, longer than the {limit_s:.0f} s accepted: "
            "cut it, or raise COVERS_MAX_DURATION_S"
        )


def _check_sound(path: Path, samples: Samples) -> None:
    if len(samples) == 0:
        raise MediaError(f"{path.name} holds no sound: use a file with an audio track")
    if len(samples) < MIN_DURATION_S * SAMPLE_RATE:
        raise MediaError(
            f"{path.name} lasts {len(samples) / SAMPLE_RATE:.2f} s: "
            f"at least {MIN_DURATION_S:.0f} s of sound is needed"
        )
    if _is_silent(samples):
        raise MediaError(f"{path.name} holds no sound, only silence: use another file")


def _is_silent(samples: Samples) -> bool:
    return float(np.abs(samples).max(initial=0.0)) < SILENCE_PEAK


def _read_with_libsndfile(path: Path, limit_s: float) -> Samples | None:
    """Decode with libsndfile; `None` for a format that it does not know."""
    import soundfile
    import soxr

    if not _starts_like_sound(path):
        return None
    try:
        with soundfile.SoundFile(path) as source:
            rate = source.samplerate
            claimed_s = source.frames / rate if source.frames < UNKNOWN_FRAMES else None
            _check_duration(path, claimed_s or 0.0, limit_s)
            stream = soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
            pieces, n_frames = [], 0
            while len(block := source.read(BLOCK_FRAMES, dtype="float32", always_2d=True)):
                n_frames += len(block)
                _check_duration(path, n_frames / rate, limit_s)
                pieces.append(stream.resample_chunk(_finite_mono(block)))
            pieces.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    except soundfile.LibsndfileError:
        return None
    _check_complete(path, n_frames / rate, claimed_s)
    return np.concatenate(pieces)


def _finite_mono(block: Samples) -> Samples:
    mono = block.mean(axis=1)
    finite = np.nan_to_num(mono, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray(finite, dtype=np.float32)


def _starts_like_sound(path: Path) -> bool:
    """Whether the first bytes are those of a sound file: libsndfile searches anything for MP3s."""
    with path.open("rb") as file:
        return file.read(4).startswith(LIBSNDFILE_STARTS)


def _read_with_ffmpeg(path: Path, limit_s: float, *, mix: str = ALL_CHANNELS) -> Samples:
    try:
        probe = probe_media(path)
    except MediaError as error:
        raise MediaError(
            f"{path.name} is not a complete audio or video file of a known format: "
            "fetch it again, or convert it to wav or mp4"
        ) from error
    if not probe.has_audio:
        raise MediaError(f"{path.name} holds no sound: use a file with an audio track")
    if probe.duration_s is not None:
        _check_duration(path, probe.duration_s, limit_s)
    decoded = _decode_with_ffmpeg(path, limit_s, mix)
    whole = len(decoded.stdout) // 4 * 4
    samples = np.frombuffer(decoded.stdout[:whole], dtype="<f4")
    _check_duration(path, len(samples) / SAMPLE_RATE, limit_s)
    # A sound track that is merely shorter than the pictures raises no error.
    if decoded.stderr or not probe.has_video:
        _check_complete(path, len(samples) / SAMPLE_RATE, probe.duration_s)
    finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    return np.asarray(finite, dtype=np.float32)


def _decode_with_ffmpeg(
    path: Path, limit_s: float, mix: str = ALL_CHANNELS
) -> CompletedProcess[bytes]:
    # first_pts=0 keeps the container's clock, which is the clock that players show: a sound
    # track that starts late is padded instead of being moved to the start.
    decoded = run_ffmpeg(
        "-v", "error", *SAFE_INPUT, "-i", f"file:{path}",
        "-map", "0:a:0", "-vn", "-t", f"{limit_s + 1:.3f}",
        "-af", f"aresample=first_pts=0,{mix}", "-ac", "1", "-ar", str(SAMPLE_RATE),
        "-f", "f32le", "pipe:1",
    )  # fmt: skip
    if decoded.returncode != 0 and not decoded.stdout:
        raise MediaError(f"{path.name} cannot be decoded: fetch it again, or convert it to wav")
    return decoded


def _check_complete(path: Path, decoded_s: float, claimed_s: float | None) -> None:
    if claimed_s and decoded_s < CUT_OFF_SHARE * claimed_s:
        raise MediaError(
            f"{path.name} is cut off: {decoded_s:.1f} of its {claimed_s:.1f} s can be decoded; "
            "fetch it again"
        )
