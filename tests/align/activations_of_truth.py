"""Activations as a network gives them, made from beats that are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Activation = npt.NDArray[np.float64]

FRAME_RATE = 50.0


@dataclass(frozen=True)
class Flaws:
    """What a network does wrong.

    Attributes:
        missed: share of beats, and of downbeats, that it hardly sees
        ghost: height of peaks midway between beats
        noise: spread of the floor
        seed: of all that is drawn
    """

    missed: float = 0.0
    ghost: float = 0.0
    noise: float = 0.01
    seed: int = 0


def bars_of(meters: list[int], beat_s: float, *, start_s: float = 0.5) -> tuple[Seconds, Positions]:
    """Beats of a steady tempo, bar after bar: times and 1-based places, (beats,) each."""
    positions = np.concatenate([np.arange(1, meter + 1) for meter in meters])
    return start_s + beat_s * np.arange(len(positions)), positions


def activation_of(
    times_s: Seconds,
    duration_s: float,
    *,
    flaws: Flaws | None = None,
    frame_rate: float = FRAME_RATE,
) -> Activation:
    """A Gaussian peak at each time, (frames,)."""
    flaws = flaws or Flaws()
    rng = np.random.default_rng(flaws.seed)
    heights = np.where(rng.random(len(times_s)) < flaws.missed, 0.05, rng.uniform(0.6, 0.95))
    frames = np.arange(round(duration_s * frame_rate))
    floor = np.abs(rng.normal(0, flaws.noise, len(frames)))
    ghosts_s = (times_s[1:] + times_s[:-1]) / 2
    peaks = _peaks(frames, times_s * frame_rate, heights)
    ghosts = _peaks(frames, ghosts_s * frame_rate, np.full(len(ghosts_s), flaws.ghost))
    return np.clip(np.maximum(peaks, ghosts) + floor, 1e-4, 1 - 1e-4)


def _peaks(frames: Positions, centres: Seconds, heights: Seconds) -> Activation:
    shapes = np.exp(-0.5 * (frames[:, None] - centres) ** 2)
    return np.asarray((shapes * heights).max(axis=1))
