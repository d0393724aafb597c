"""Parts -> one stereo recording: level, place, room, loudness, no clipping."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, lfilter, oaconvolve, sosfilt

from align.simulation.arranging.styles import PartStyle, Room
from align.simulation.sound.synthesis import Audio

PART_RMS_DB = -24.0
TARGET_LUFS = -16.0
PEAK_DB = -3.0


def place_part(sound: Audio, part: PartStyle) -> Audio:
    """Bring a part to the common level, then to its own, and to its place. (n, 2) -> (n, 2)."""
    rms = _active_rms(sound)
    if rms == 0:
        return sound
    gain = 10 ** ((PART_RMS_DB + part.level_db) / 20) / rms
    angle = (part.pan + 1) * np.pi / 4
    balance = np.sqrt(2) * np.array([np.cos(angle), np.sin(angle)])
    return np.asarray(sound * (gain * balance).astype(np.float32), dtype=np.float32)


def add_room(dry: Audio, room: Room, *, sample_rate: int, rng: np.random.Generator) -> Audio:
    """Convolve with decaying noise, different in the two channels. Same length as `dry`."""
    if room.wet <= 0:
        return dry
    time_s = np.arange(round(room.seconds * sample_rate)) / sample_rate
    # -60 dB after room.seconds: exp(-6.9 t / T60)
    noise = rng.normal(size=(len(time_s), 2)) * np.exp(-6.9 * time_s / room.seconds)[:, None]
    noise = lfilter(*butter(1, 4500, fs=sample_rate), noise, axis=0)
    noise = lfilter(*butter(1, 180, "high", fs=sample_rate), noise, axis=0)
    noise = np.concatenate([np.zeros((round(0.012 * sample_rate), 2)), noise])
    noise /= np.sqrt((noise**2).sum(axis=0))
    wet = oaconvolve(dry, noise, axes=0)[: len(dry)]
    return np.asarray(dry * (1 - room.wet / 2) + wet * room.wet * 1.6, dtype=np.float32)


def master(
    sound: Audio, *, sample_rate: int, target_lufs: float = TARGET_LUFS, peak_db: float = PEAK_DB
) -> Audio:
    """Bring to a loudness and limit the peaks (look-ahead 5 ms)."""
    gain_db = target_lufs - loudness_lufs(sound, sample_rate=sample_rate)
    louder = sound * 10 ** (gain_db / 20)
    ceiling = 10 ** (peak_db / 20)
    peak = np.abs(louder).max(axis=1)
    wanted = np.minimum(1.0, ceiling / np.maximum(peak, 1e-9))
    window = 2 * round(0.005 * sample_rate) + 1
    gain = uniform_filter1d(minimum_filter1d(wanted, 2 * window), window)
    return np.asarray(louder * gain[:, None], dtype=np.float32)


def loudness_lufs(sound: Audio, *, sample_rate: int) -> float:
    """Integrated loudness after ITU-R BS.1770-4, its K-weighting approximated with scipy filters.

    Parameters
    ----------
    sound
        (n, 2)
    """
    shelf = butter(2, 1500, "high", fs=sample_rate, output="sos")
    rumble = butter(2, 38, "high", fs=sample_rate, output="sos")
    weighted = sosfilt(rumble, sound + 0.58 * sosfilt(shelf, sound, axis=0), axis=0)
    block = round(0.4 * sample_rate)
    n_blocks = max(1, len(weighted) // block)
    power = np.array(
        [np.mean(weighted[i * block : (i + 1) * block] ** 2, axis=0).sum() for i in range(n_blocks)]
    )
    audible = power[-0.691 + 10 * np.log10(power + 1e-12) > -70]
    if not len(audible):
        return -70.0
    relative_gate = audible.mean() / 10
    return float(-0.691 + 10 * np.log10(audible[audible >= relative_gate].mean()))


def _active_rms(sound: Audio, block: int = 4096) -> float:
    """RMS of the blocks that sound at all."""
    starts = np.arange(0, max(1, len(sound) - block + 1), block)
    flat = np.ascontiguousarray(sound).reshape(len(sound), -1)
    power = np.add.reduceat(np.einsum("ij,ij->i", flat, flat), starts) / (block * flat.shape[1])
    active = power[power > power.max() / 1000]
    return float(np.sqrt(active.mean())) if power.max() > 0 else 0.0
