"""Filters without delay: a gain for each frequency, no phase. And the microphones made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from align.simulation.sound.plan import MicrophonePlan
from align.simulation.sound.synthesis import Audio

Frequencies = NDArray[np.floating[Any]]
Response = Callable[[Frequencies], Frequencies]
PADDING_S = 0.25


def apply_response(sound: Audio, response: Response, *, sample_rate: int) -> Audio:
    """Multiply the spectrum by a real gain. (n, channels) -> (n, channels).

    Parameters
    ----------
    response
        gain at each of (bins,) frequencies in Hz
    """
    n_padded = next_fast_len(len(sound) + round(PADDING_S * sample_rate), real=True)
    spectrum = rfft(sound, n_padded, axis=0)
    gain = response(np.fft.rfftfreq(n_padded, 1 / sample_rate)).astype(np.float32)
    return np.asarray(irfft(spectrum * gain[:, None], n_padded, axis=0)[: len(sound)], np.float32)


def apply_microphone(sound: Audio, plan: MicrophonePlan, *, sample_rate: int) -> Audio:
    """Band limits, tilt and resonances of a microphone, and its width. (n, 2) -> (n, 2)."""
    middle = sound.mean(axis=1, keepdims=True)
    narrowed = middle + plan.width * (sound - middle)

    def response(frequency_hz: Frequencies) -> Frequencies:
        return microphone_response(plan, frequency_hz)

    return apply_response(narrowed, response, sample_rate=sample_rate)


def microphone_response(plan: MicrophonePlan, frequency_hz: Frequencies) -> Frequencies:
    """Gain at each frequency: 12 dB per octave below and 18 above the limits."""
    audible_hz = np.maximum(frequency_hz, 1.0)
    octaves = np.log2(audible_hz / 1000)
    gain_db = plan.tilt_db * np.clip(octaves, -4, 4)
    for peak_hz, peak_db in plan.peaks:
        gain_db = gain_db + peak_db * np.exp(-(((octaves - np.log2(peak_hz / 1000)) / 0.5) ** 2))
    low = 1 / np.sqrt(1 + (plan.low_cut_hz / audible_hz) ** 4)
    high = 1 / np.sqrt(1 + (audible_hz / plan.high_cut_hz) ** 6)
    return np.asarray(10 ** (gain_db / 20) * low * high)
