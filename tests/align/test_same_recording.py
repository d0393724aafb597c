import tracemalloc

import numpy as np
import pytest

from align.audio import SAMPLE_RATE, Audio
from align.refinement import FineRun
from align.same_recording import lock_to_waveform, sample_at
from tests.align.tones import chained, noise

LATE_S = 5.0
REFERENCE_S = 20.0


def fine_run(first_s: float, last_s: float, offset_s: float) -> FineRun:
    """One that is a hundredth of a second off its true place."""
    cover_s = np.arange(first_s, last_s, 0.02)
    flat = np.ones(len(cover_s))
    return FineRun(cover_s, cover_s + offset_s + 0.01, 0.1 * flat, flat)


def silence(length_s: float) -> Audio:
    return Audio(np.zeros(round(length_s * SAMPLE_RATE), np.float32))


def test_windows_over_both_ends_of_the_reference_hear_silence_there() -> None:
    """The first and the last of them lie outside it altogether."""
    reference = noise(REFERENCE_S, seed=1)
    cover = chained(noise(LATE_S, seed=2), reference, noise(LATE_S, seed=3))
    fine = fine_run(0, REFERENCE_S + 2 * LATE_S, -LATE_S)
    lock = lock_to_waveform(reference, cover, fine)
    assert lock.holds
    assert lock.run.reference_s == pytest.approx(lock.run.cover_s - LATE_S, abs=1e-4)
    assert lock.run.reference_s[[0, -1]] == pytest.approx([0, REFERENCE_S], abs=0.03)
    padded = chained(silence(LATE_S), reference, silence(LATE_S))
    within = lock_to_waveform(padded, cover, fine_run(0, REFERENCE_S + 2 * LATE_S, 0))
    assert lock.coherence == pytest.approx(within.coherence, abs=1e-3)


@pytest.mark.parametrize("rate", [0.97, 1.0, -1.3])
@pytest.mark.parametrize("centre", [-300, -40, 0, 0.5, 49, 99.25, 100, 999, 999.5, 1040, 1300])
def test_a_window_is_what_the_whole_recording_has_there(centre: float, rate: float) -> None:
    """Inside, over either end, on the first and the last sample, and outside."""
    sound = noise(1000 / SAMPLE_RATE, seed=4)
    positions = centre + rate * np.arange(-100, 101)
    whole = np.interp(positions, np.arange(1000), sound.samples, left=0, right=0)
    assert np.array_equal(sample_at(sound, positions), whole)


def test_a_long_recording_is_not_copied() -> None:
    sound = noise(300, seed=5)
    tracemalloc.start()
    lock = lock_to_waveform(sound, sound, fine_run(0, 300, 0))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lock.holds
    assert peak_bytes < sound.samples.nbytes
