"""What happens to sound on its way, worse than the simulator's recordings: never a delay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

DRIVE = (2.0, 30.0)
NOISE_DB = (-45.0, -18.0)
NOISE_SHARE = 0.5


def spoil(samples: Samples, rng: np.random.Generator) -> Samples:
    """Overdriven softly or hard, with coloured noise or without: dense as metal, poor as phones."""
    peak = float(np.abs(samples).max()) + 1e-9
    drive = np.exp(rng.uniform(*np.log(DRIVE)))
    driven = samples / peak * drive
    spoiled = np.tanh(driven) if rng.random() < 0.7 else np.clip(driven, -1, 1)
    dry = rng.uniform(0, 0.5)
    mixed = (1 - dry) * spoiled + dry * samples / peak
    if rng.random() < NOISE_SHARE:
        mixed = mixed + _noise(len(samples), rng)
    return np.asarray(0.5 * mixed, dtype=np.float32)


def _noise(n_samples: int, rng: np.random.Generator) -> Samples:
    """White or, smoothed, brownish."""
    white = rng.standard_normal(n_samples).astype(np.float32)
    darkness = rng.uniform(0, 0.95)
    if darkness > 0.3:
        spectrum = np.fft.rfft(white)
        spectrum /= (1 + np.arange(len(spectrum)) / len(spectrum) * 40) ** darkness
        white = np.fft.irfft(spectrum, n_samples).astype(np.float32)
        white /= white.std() + 1e-9
    return np.asarray(10 ** (rng.uniform(*NOISE_DB) / 20) * white, dtype=np.float32)
