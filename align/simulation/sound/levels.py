"""Compression, clipping and loudness, all without delay: gains look as far ahead as back."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from align.simulation.sound.mix import master
from align.simulation.sound.plan import LevelPlan
from align.simulation.sound.synthesis import Audio

BLOCK_S = 0.004
WINDOW_S = 0.06
PEAK_DB = -1.0


def set_level(sound: Audio, plan: LevelPlan, *, sample_rate: int) -> Audio:
    """Compress, clip and bring to a loudness. (n, 2) -> (n, 2), peaks below -1 dB."""
    if not np.any(sound):
        return sound
    squeezed = compress(sound, plan.compression, sample_rate=sample_rate)
    clipped = clip(squeezed, plan.clipping, drive_db=plan.drive_db)
    return master(clipped, sample_rate=sample_rate, target_lufs=plan.loudness_lufs, peak_db=PEAK_DB)


def compress(sound: Audio, amount: float, *, sample_rate: int) -> Audio:
    """Raise what is quiet and lower what is loud; `amount` 1 takes most of the dynamics."""
    if amount <= 0:
        return sound
    block = max(1, round(BLOCK_S * sample_rate))
    starts = np.arange(0, len(sound), block)
    power = np.add.reduceat((sound**2).sum(axis=1), starts) / block
    envelope = np.sqrt(uniform_filter1d(power, max(1, round(WINDOW_S / BLOCK_S))))
    typical = np.sqrt(np.mean(envelope**2))
    # Silence is not raised: below -30 dB of the typical level the gain stays what it is there.
    heard = np.maximum(envelope, 0.03 * typical)
    gain = (heard / typical) ** (-0.7 * amount)
    smooth = np.interp(np.arange(len(sound)), starts + block / 2, gain)
    return np.asarray(sound * smooth[:, None], dtype=np.float32)


def clip(sound: Audio, kind: str, *, drive_db: float) -> Audio:
    """Cut the peaks off, softly or hard; at 0 dB only the highest are touched."""
    if kind == "none":
        return sound
    ceiling = np.percentile(np.abs(sound[::7]), 99.9) / 10 ** (drive_db / 20)
    if ceiling <= 0:
        return sound
    scaled = sound / ceiling
    shaped = np.tanh(scaled) if kind == "soft" else np.clip(scaled, -1, 1)
    return np.asarray(shaped * ceiling, dtype=np.float32)
