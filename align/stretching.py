"""Changing tempo and pitch of samples, each by itself, with attacks staying where they belong.

Signalsmith Stretch (python-stretch, MIT) does both; `tests/benchmarks/edited_truth.py` measures how
far it moves an attack. A tape, which changes both together, is a resampler.
"""

from __future__ import annotations

import math

import numpy as np

from align.audio import Samples


def stretch(
    samples: Samples, rate: float, semitones: float, *, sample_rate: int, on_tape: bool = False
) -> Samples:
    """Play samples `rate` times as fast and `semitones` higher.

    Parameters
    ----------
    samples
        (n,)
    on_tape
        let the rate change the pitch too; `semitones` is then added to what it does

    Returns
    -------
    (about n / rate,), attack for attack at its time divided by `rate`
    """
    if on_tape and rate != 1:
        import soxr

        samples, rate = soxr.resample(samples, sample_rate * rate, sample_rate), 1.0
    (stretched,) = stretch_channels(samples[None], rate, semitones, sample_rate=sample_rate)
    return np.asarray(stretched, dtype=np.float32)


def stretch_channels(
    channels: Samples, rate: float, semitones: float, *, sample_rate: int
) -> Samples:
    """The same for one or two channels that stay together, (channels, n).

    Each call begins anew: the library's Python side keeps nothing between two.
    """
    if rate == 1 and semitones == 0:
        return channels
    import python_stretch

    stretcher = python_stretch.Signalsmith.Stretch(0)
    stretcher.preset(len(channels), sample_rate)
    stretcher.setTimeFactor(rate)
    stretcher.setTransposeSemitones(semitones)
    stretched = stretcher.process(np.ascontiguousarray(channels, dtype=np.float32))
    return np.asarray(stretched, dtype=np.float32)


def tape_semitones(rate: float) -> float:
    """By how much a tape at this speed sounds higher."""
    return 12 * math.log2(rate)
