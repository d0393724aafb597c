"""Lossy codecs by ffmpeg, with the delay that each adds measured once and taken away."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
import soxr
from scipy.signal import correlate

from align.simulation.sound.plan import CodecPlan
from align.simulation.sound.synthesis import Audio
from catalog.errors import InputError
from catalog.ffmpeg import run_ffmpeg

# name -> (encoder, container, sample rate it runs at)
ENCODERS = {
    "mp3": ("libmp3lame", "mp3", None),
    "aac": ("aac", "m4a", None),
    "opus": ("libopus", "ogg", 48000),
    "vorbis": ("libvorbis", "ogg", None),
}
PROBE_S = 1.5
PADDING_S = 0.3


class CodecError(InputError):
    """A codec that there is not, or that refused the sound."""


def apply_codec(sound: Audio, plan: CodecPlan, *, sample_rate: int) -> Audio:
    """Encode and decode without delay. (n, 2) -> (n, 2).

    Raises
    ------
    CodecError
        when the codec is unknown or refuses
    """
    if plan.name == "none":
        return sound
    if plan.name not in ENCODERS:
        raise CodecError(f"codec={plan.name!r} is none of {sorted(ENCODERS)}")
    padding = round(PADDING_S * sample_rate)
    decoded = _encode_and_decode(np.pad(sound, ((0, padding), (0, 0))), plan, sample_rate)
    delay = codec_delay(plan.name, plan.kbps, sample_rate)
    aligned = decoded[max(0, delay) :]
    if delay < 0:
        aligned = np.pad(decoded, ((-delay, 0), (0, 0)))
    missing = max(0, len(sound) - len(aligned))
    return np.asarray(np.pad(aligned, ((0, missing), (0, 0)))[: len(sound)], dtype=np.float32)


@cache
def codec_delay(name: str, kbps: int, sample_rate: int) -> int:
    """Samples by which the decoded sound comes late, found by correlation with noise."""
    rng = np.random.default_rng(0)
    steps = rng.standard_normal((round(PROBE_S * sample_rate), 1)).cumsum(axis=0)
    coloured = steps - 0.99 * np.roll(steps, 1, axis=0)
    probe = np.repeat(0.1 * coloured / np.abs(coloured).max(), 2, axis=1).astype(np.float32)
    decoded = _encode_and_decode(probe, CodecPlan(name, kbps), sample_rate)
    likeness = correlate(decoded[:, 0], probe[:, 0], mode="full")
    return int(np.argmax(likeness)) - (len(probe) - 1)


def _encode_and_decode(sound: Audio, plan: CodecPlan, sample_rate: int) -> Audio:
    encoder, container, own_rate = ENCODERS[plan.name]
    with tempfile.TemporaryDirectory() as folder:
        clean, coded = Path(folder) / "clean.wav", Path(folder) / f"coded.{container}"
        decoded = Path(folder) / "decoded.wav"
        soundfile.write(clean, np.clip(sound, -1, 1), sample_rate, subtype="PCM_16")
        rate = ("-ar", str(own_rate)) if own_rate else ()
        for arguments in (
            ("-i", str(clean), "-c:a", encoder, "-b:a", f"{plan.kbps}k", *rate, str(coded)),
            ("-i", str(coded), "-c:a", "pcm_f32le", str(decoded)),
        ):
            done = run_ffmpeg("-v", "error", "-y", *arguments, timeout_s=120)
            if done.returncode:
                why = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
                raise CodecError(f"codec={plan.name!r} at {plan.kbps} kbit/s refused: {why}")
        samples, rate_found = soundfile.read(decoded, dtype="float32", always_2d=True)
    if rate_found != sample_rate:
        samples = soxr.resample(samples, rate_found, sample_rate)
    if samples.shape[1] == 1:
        samples = np.repeat(samples, 2, axis=1)
    return np.asarray(samples, dtype=np.float32)
