"""Tones are heard where notes begin, whatever their attack, and are made only once."""

import numpy as np
import pytest

from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.attack import find_attack
from align.simulation.sound.tones import (
    Tone,
    ToneCache,
    lay_notes,
    measured_tone,
    needed_tones,
    tone_key,
)

RATE = 10000


def held_tone(attack_s, seconds=1.5):
    time_s = np.arange(round(seconds * RATE)) / RATE
    mono = np.sin(2 * np.pi * 500 * time_s) * np.minimum(1, time_s / attack_s)
    return np.stack([mono, mono], axis=1).astype(np.float32)


@pytest.mark.parametrize("attack_s", [0.001, 0.02, 0.1])
def test_a_slow_tone_is_heard_when_it_has_risen(attack_s):
    found_s = find_attack(held_tone(attack_s), sample_rate=RATE) / RATE
    assert found_s == pytest.approx(0.45 * attack_s, abs=0.002)
    late = np.pad(held_tone(attack_s), ((500, 0), (0, 0)))
    assert find_attack(late, sample_rate=RATE) / RATE == pytest.approx(0.05 + found_s, abs=0.001)


def test_silence_has_no_attack():
    assert find_attack(np.zeros((100, 2), np.float32), sample_rate=RATE) == 0


def test_slow_and_fast_tones_are_heard_together():
    note = PlayedNote(0.5, 1.0, 60, 0.7, 0)
    for attack_s in (0.001, 0.1):
        tone = measured_tone(held_tone(attack_s), sample_rate=RATE, release_s=0.1)
        laid = lay_notes([note], {tone_key(note): tone}, n_samples=2 * RATE, sample_rate=RATE)
        assert find_attack(laid, sample_rate=RATE) / RATE == pytest.approx(0.5, abs=0.003)
        assert not laid[round(1.15 * RATE) :].any()


def test_a_note_before_the_beginning_or_beyond_the_end_is_cut():
    note = PlayedNote(0.0, 5.0, 60, 0.7, 0)
    tone = measured_tone(held_tone(0.1), sample_rate=RATE, release_s=0.1)
    laid = lay_notes([note], {tone_key(note): tone}, n_samples=RATE, sample_rate=RATE)
    assert laid.shape == (RATE, 2)


def test_tones_are_made_once_and_again_when_longer_ones_are_needed():
    made = []

    def make(wanted):
        made.append(dict(wanted))
        return {key: Tone(held_tone(0.01, held_s + 0.1), 0, 0.1) for key, held_s in wanted.items()}

    cache = ToneCache()
    for end_s in (0.4, 0.3, 0.45, 0.9, 0.2):
        cache.fetch("piano", needed_tones([PlayedNote(0, end_s, 60, 0.7, 0)]), make)
    assert [list(each.values()) for each in made] == [[0.5], [1.0]]


def test_the_cache_gives_up_the_oldest():
    tone = Tone(held_tone(0.01), 0, 0.1)
    cache, made = ToneCache(limit_bytes=2 * tone.sound.nbytes), []

    def make(wanted):
        made.extend(key.pitch for key in wanted)
        return dict.fromkeys(wanted, tone)

    for pitch in (60, 61, 62, 62, 60):
        cache.fetch("piano", needed_tones([PlayedNote(0, 0.4, pitch, 0.7, 0)]), make)
    assert made == [60, 61, 62, 60]
