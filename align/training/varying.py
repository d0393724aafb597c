"""The same music heard otherwise: another colour, noise, a bass that is missing, another tempo."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from align.network.inputs import HEADROOM

Floats = npt.NDArray[np.float32]
Rng = np.random.Generator

TILT = 0.15
"""Largest change of a level by colour: 9 dB."""
NOISE = 0.35
STRETCH = 0.2
BALANCE, BALANCE_NODES, BALANCE_RANGE = 0.25, 6, (0.3, 1.6)


def vary_colour(view: Floats, rng: Rng) -> Floats:
    """Equalised, over noise, cut off at one end of the spectrum, detuned by a bin; or as it was.

    Parameters
    ----------
    view
        levels, then as many rises, (frames, 2 or 4, bins)
    """
    n_bins, half = view.shape[-1], view.shape[1] // 2
    levels, rises = view[:, :half], view[:, half:]
    if rng.random() < 0.8:
        levels = np.clip(levels + (levels > 0.05) * _curve(n_bins, rng), 0, HEADROOM)
    if rng.random() < 0.35:
        floor = np.float32(rng.uniform(0, NOISE))
        hiss = floor * (1 + 0.1 * rng.standard_normal(levels.shape, dtype=np.float32))
        levels = np.maximum(levels, hiss)
        rises = rises * (levels > hiss)
    if rng.random() < 0.25:
        low, high = _passed(n_bins, rng)
        levels, rises = levels.copy(), rises.copy()
        for each in (levels, rises):
            each[..., :low] = 0
            each[..., high:] = 0
    varied = np.concatenate([levels, rises], axis=1)
    if n_bins > 100 and rng.random() < 0.2:
        varied = np.roll(varied, int(rng.choice([-1, 1])), axis=2)
    return np.asarray(varied, dtype=np.float32)


def vary_balance(levels: Floats, rng: Rng) -> Floats:
    """Some pitches louder and some softer, smoothly, (..., pitches)."""
    n_pitches = levels.shape[-1]
    nodes = np.linspace(0, n_pitches - 1, BALANCE_NODES)
    gains = np.interp(np.arange(n_pitches), nodes, rng.normal(1, BALANCE, BALANCE_NODES))
    return levels * np.clip(gains, *BALANCE_RANGE).astype(np.float32)


def shrink_or_stretch(n_frames: int, limit: int, rng: Rng) -> npt.NDArray[np.int64]:
    """Frames to take, in order, for another tempo: every one, or some left out or doubled."""
    if rng.random() < 0.5:
        return np.arange(n_frames)
    ratio = np.exp(rng.uniform(-STRETCH, STRETCH))
    frames = np.floor(np.arange(0, n_frames, ratio)).astype(np.int64)
    return frames[:limit]


def _curve(n_bins: int, rng: Rng) -> Floats:
    """A smooth curve over the bins."""
    at = np.linspace(0, np.pi, n_bins)
    waves = [rng.normal() / (k + 1) * np.cos(k * at + rng.uniform(0, np.pi)) for k in range(1, 5)]
    return np.asarray(TILT * np.sum(waves, axis=0), dtype=np.float32)


def _passed(n_bins: int, rng: Rng) -> tuple[int, int]:
    if rng.random() < 0.5:
        return int(rng.integers(0, n_bins // 3)), n_bins
    return 0, int(rng.integers(n_bins // 2, n_bins))
