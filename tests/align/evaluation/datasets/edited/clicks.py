"""A recording of clicks on its marks, and where clicks are heard in what was made of it."""

import numpy as np
from scipy.signal import butter, sosfiltfilt

SAMPLE_RATE = 22050


def click_track(duration_s: float, marks_s: np.ndarray) -> np.ndarray:
    """Bursts of noise over a held chord."""
    rng = np.random.default_rng(0)
    time_s = np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    sound = sum(0.02 * np.sin(2 * np.pi * hz * time_s) for hz in (220.0, 277.2, 329.6))
    decay = np.exp(-np.arange(round(0.05 * SAMPLE_RATE)) / (0.008 * SAMPLE_RATE))
    for mark_s in marks_s:
        at = round(mark_s * SAMPLE_RATE)
        burst = 0.3 * rng.standard_normal(len(decay)) * decay
        sound[at : at + len(decay)] += burst[: len(sound) - at]
    return sound.astype(np.float32)


def click_errors_ms(
    samples: np.ndarray,
    expected_s: np.ndarray,
    *,
    sample_rate: int = SAMPLE_RATE,
    above_hz: float = 2000,
) -> np.ndarray:
    """How much later than expected each click begins, to a quarter of its power above a pitch."""
    window = np.hanning(round(0.003 * sample_rate))
    highs = butter(4, above_hz, "high", fs=sample_rate, output="sos")
    power = np.convolve(sosfiltfilt(highs, samples) ** 2, window / window.sum(), "same")
    near = round(0.06 * sample_rate)
    errors_ms = []
    for expected in expected_s:
        first = max(0, round(expected * sample_rate) - near)
        around = power[first : first + 2 * near]
        begins = first + int(np.argmax(around > around.max() / 4))
        errors_ms.append(1000 * (begins / sample_rate - expected))
    return np.array(errors_ms)
