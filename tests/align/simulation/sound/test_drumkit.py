"""Modelled drums sound like their kind: low, high, short, long."""

import numpy as np
import pytest

from align.simulation.sound.drumkit import find_drum, strike

RATE = 44100


def hit(number):
    return strike(find_drum(number), sample_rate=RATE, rng=np.random.default_rng(number))


def centre_hz(sound):
    power = np.abs(np.fft.rfft(sound)) ** 2
    return float((np.fft.rfftfreq(len(sound), 1 / RATE) * power).sum() / power.sum())


def lasting_s(sound):
    energy = np.cumsum(sound**2)
    return float(np.argmax(energy > 0.95 * energy[-1]) / RATE)


def test_drums_rise_from_kick_to_hat():
    heights = [centre_hz(hit(number)) for number in (36, 45, 38, 42)]
    assert heights == sorted(heights)
    assert heights[0] < 200
    assert heights[-1] > 4000


def test_cymbals_ring_and_hats_close():
    assert lasting_s(hit(49)) > 0.4
    assert lasting_s(hit(42)) < 0.1 < lasting_s(hit(46))


@pytest.mark.parametrize("number", range(35, 83))
def test_every_number_strikes_at_once_and_fades(number):
    sound = hit(number)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(1)
    assert np.argmax(np.abs(sound) > 0.1) < 0.003 * RATE
    assert abs(sound[-1]) < 0.02
