import numpy as np
import pytest

from align.audio import SAMPLE_RATE, Audio
from align.descriptors import describe
from align.features import FRAME_RATE, compute_features, magnitudes
from align.tuning import estimate_tuning
from tests.align.tones import make_song, perform, steady


def sine(hz: float, seconds: float = 4.0) -> Audio:
    samples = 0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    return Audio(samples.astype(np.float32))


@pytest.mark.parametrize("cents", [-40, -15, 0, 20, 45])
def test_tuning_is_measured_to_two_cents(cents: float) -> None:
    assert estimate_tuning(sine(440 * 2 ** (cents / 1200))) == pytest.approx(cents, abs=2)


def test_frames_are_centred_on_their_time() -> None:
    samples = np.zeros(4 * SAMPLE_RATE, np.float32)
    samples[2 * SAMPLE_RATE :] = sine(880, 2.0).samples
    level = magnitudes(compute_features(Audio(samples)).attack).sum(axis=1)
    rises = level[2:] - level[:-2]
    assert (np.argmax(rises) + 1) / FRAME_RATE == pytest.approx(2.0, abs=0.021)


def test_loudness_does_not_change_the_features() -> None:
    loud = sine(440)
    quiet = Audio(loud.samples * 0.01)
    assert np.array_equal(compute_features(loud).pitch, compute_features(quiet).pitch)


def test_a_tone_sounds_in_its_own_pitch_class() -> None:
    song = perform(make_song(4, seed=1), steady(0.5))
    features = compute_features(song)
    assert magnitudes(features.pitch).max() == pytest.approx(1.0)
    assert features.pitch.dtype == np.uint8
    assert len(features.pitch) == len(features.attack)


def test_transposing_moves_every_descriptor_up() -> None:
    music = describe(compute_features(perform(make_song(4, seed=1), steady(0.5))))
    higher = music.transposed(2)
    assert np.array_equal(higher.harmony[:, 2:], music.harmony[:, :-2])
    assert np.array_equal(higher.attack[:, 2:], music.attack[:, :-2])
    assert np.array_equal(higher.pitch[:, 2:], music.pitch[:, :-2])
