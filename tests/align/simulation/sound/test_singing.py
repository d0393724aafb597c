"""The singer sings the notes, with formants that do not move along with them."""

import numpy as np
import pytest

from align.simulation.arranging.styles import load_instruments
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.singers import BODIES, CONSONANTS, Syllable
from align.simulation.sound.singing import SingerSource, glottal_pulses, shape_voice
from align.simulation.sound.sungline import (
    CONTROL_RATE,
    one_at_a_time,
    sing_line,
    split_lanes,
)

RATE = 22050
LEAD, CHOIR = (load_instruments()[name] for name in ("voice_lead", "voice_choir"))


def sing(notes, instrument=LEAD, seconds=4.0, seed=3):
    rng = np.random.default_rng(seed)
    return SingerSource(RATE).render(notes, instrument, n_samples=round(seconds * RATE), rng=rng)


def spectrum_of(sound):
    return np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 16))


def test_the_lead_is_in_tune():
    for pitch in (50, 57, 64, 71):
        sound = sing([PlayedNote(0.5, 3.0, pitch, 0.8, 0)])[: round(2.9 * RATE), 0]
        spectrum = spectrum_of(sound[round(0.6 * RATE) :])
        near_hz = 440 * 2 ** ((pitch - 69 + np.linspace(-1, 1, 201)) / 12)
        bins = [np.round(k * near_hz / RATE * (1 << 16)).astype(int) for k in (1, 2, 3)]
        best = np.argmax(sum(np.sqrt(spectrum[each]) for each in bins))
        assert abs(best - 100) <= 35  # vibrato is up to 50 cents either way


def test_pulses_have_exactly_the_pitch_asked_for():
    for pitch in (45.0, 57.3, 69.0):
        pulses = glottal_pulses(np.full(round(2 * CONTROL_RATE), pitch), 2 * RATE, RATE)
        cycles = np.flatnonzero((pulses[:-1] > 0) & (pulses[1:] <= 0))
        frequency_hz = (len(cycles) - 1) * RATE / (cycles[-1] - cycles[0])
        assert 1200 * np.log2(frequency_hz / 440) == pytest.approx(100 * (pitch - 69), abs=1.5)


def test_formants_stay_while_harmonics_move():
    vowel_hz = np.array([700.0, 1150.0, 2500.0])
    syllable = Syllable(vowel_hz, vowel_hz, CONSONANTS[0])
    peaks_hz = []
    for pitch in (40, 45, 50):
        rng = np.random.default_rng(1)
        note = PlayedNote(0.2, 1.8, pitch, 0.8, 0)
        sung = sing_line([note], [syllable], BODIES[1], duration_s=2.0, rng=rng)
        pulses = glottal_pulses(sung.pitch, 2 * RATE, RATE)
        sound = shape_voice(pulses, sung, BODIES[1], sample_rate=RATE, rng=rng)
        envelope = np.convolve(spectrum_of(sound), np.hanning(700), mode="same")
        low, high = (round(hz / RATE * (1 << 16)) for hz in (450, 1000))
        peaks_hz.append((low + np.argmax(envelope[low:high])) * RATE / (1 << 16))
    assert np.ptp(peaks_hz) < 130
    assert np.mean(peaks_hz) == pytest.approx(700 * BODIES[1].formant_ratio, abs=110)


def test_a_sung_note_begins_at_its_start():
    late_ms = []
    for seed in range(12):
        sound = np.abs(sing([PlayedNote(1.0, 1.9, 60, 0.8, 0)], seed=seed)).max(axis=1)
        level = np.convolve(sound, np.ones(220) / 220, mode="same")[: round(1.3 * RATE)]
        late_ms.append(1000 * (np.argmax(level > 0.5 * level.max()) / RATE - 1.0))
    assert abs(np.median(late_ms)) < 15


def test_a_choir_sings_chords_in_two_places():
    chord = [PlayedNote(0.5, 3.0, pitch, 0.8, 0) for pitch in (55, 60, 64)]
    sound = sing(chord, CHOIR)[round(1.0 * RATE) : round(2.5 * RATE)]
    assert np.corrcoef(sound.T)[0, 1] < 0.9
    spectrum = spectrum_of(sound.sum(axis=1))
    for pitch in (55, 60, 64):
        at = round(440 * 2 ** ((pitch - 69) / 12) / RATE * (1 << 16))
        assert spectrum[at - 30 : at + 31].max() > 5 * np.median(spectrum[at - 500 : at + 500])


def test_nothing_to_sing_is_silence():
    assert not sing([]).any()


def test_a_line_has_one_note_at_a_time_and_lanes_hold_all():
    chords = [PlayedNote(t, t + 0.6, p, 0.8, 0) for t in (0.0, 0.5) for p in (60, 64, 67)]
    line = one_at_a_time(chords)
    assert [note.pitch for note in line] == [67, 67]
    assert line[0].end_s == 0.5
    lanes = split_lanes([note for note in chords if note.start_s == 0] + chords[3:])
    assert sum(map(len, lanes)) == len(chords)


def test_pitch_glides_between_touching_notes():
    notes = [PlayedNote(0.2, 1.0, 60, 0.8, 0), PlayedNote(1.0, 1.8, 67, 0.8, 0)]
    vowel = np.array([700.0, 1150.0, 2500.0])
    syllables = [Syllable(vowel, vowel, CONSONANTS[0])] * 2
    rng = np.random.default_rng(0)
    pitch = sing_line(notes, syllables, BODIES[1], duration_s=2.0, rng=rng).pitch
    between = pitch[round(0.97 * CONTROL_RATE) : round(1.03 * CONTROL_RATE)]
    assert np.abs(np.diff(pitch)).max() < 2
    assert between.min() < 62
    assert between.max() > 65
