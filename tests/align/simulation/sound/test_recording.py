"""From notes to a recording: repeatable, honest in time and tuning, silent where nothing plays."""

import numpy as np
import pytest

from align.simulation.arranging.styles import PartStyle, load_instruments
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound.plan import (
    CodecPlan,
    LevelPlan,
    NoisePlan,
    RoomPlan,
    SoundPlan,
    SourcePlan,
)
from align.simulation.sound.recording import choose_source, mix_parts, record_sound
from align.simulation.sound.sources import SoundSourceError

RATE = 22050
OWN = SourcePlan(("own-additive", "own-models"), "own-drums", "own-singer")
PARTS = (
    PartStyle("lead", "voice_lead", "melody"),
    PartStyle("guitar", "steel_guitar", "grid", pan=-0.5),
    PartStyle("drums", "drums", "drums"),
)
NOTES = [
    PlayedNote(0.5 * i + 0.3, 0.5 * i + 0.7, pitch, 0.8, part)
    for i, (pitch, part) in enumerate([(36, 2), (55, 1), (60, 0), (38, 2), (62, 0), (59, 1)])
]
PLAN = SoundPlan(
    OWN, 15.0, 2.0, RoomPlan(1.0, 10, 0.4), noise=NoisePlan(-40), codec=CodecPlan("vorbis", 64)
)


def record(plan=PLAN, notes=NOTES, seed=1, seconds=4.0):
    return record_sound(notes, PARTS, plan, duration_s=seconds, sample_rate=RATE, seed=seed)


def test_a_recording_has_the_length_asked_for_and_repeats():
    first, again, other = record(), record(), record(seed=2)
    assert first.shape == (4 * RATE, 2)
    assert first.dtype == np.float32
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()
    assert np.isfinite(first).all()
    assert 0.05 < np.abs(first).max() <= 1


def test_no_notes_are_silence():
    assert not record(notes=[]).any()


@pytest.mark.parametrize("cents", [-50.0, 0.0, 37.0])
def test_tuning_moves_pitch_and_nothing_else(cents):
    notes = [PlayedNote(start_s, start_s + 0.7, 57, 0.8, 1) for start_s in (0.5, 8.25)]
    mixed = mix_parts(notes, PARTS, SoundPlan(OWN, cents), duration_s=10, sample_rate=RATE, seed=1)
    assert len(mixed) == 10 * RATE
    for note in notes:
        first = round((note.start_s - 0.1) * RATE)
        heard = np.abs(mixed[first : first + round(0.3 * RATE)]).max(axis=1)
        onset_s = (first + np.argmax(heard > 0.3 * heard.max())) / RATE
        assert onset_s == pytest.approx(note.start_s, abs=0.005)
        piece = mixed[round((note.start_s + 0.1) * RATE) :][: round(0.5 * RATE)].mean(axis=1)
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 18))
        near_hz = 220 * 2 ** (np.linspace(-100, 100, 401) / 1200)
        best = np.argmax(spectrum[np.round(near_hz / RATE * (1 << 18)).astype(int)])
        assert -100 + best / 2 == pytest.approx(cents, abs=4)


def test_loudness_is_what_the_plan_says():
    loud, quiet = (
        np.sqrt((record(SoundPlan(OWN, level=LevelPlan(lufs))) ** 2).mean()) for lufs in (-18, -30)
    )
    assert 20 * np.log10(loud / quiet) == pytest.approx(12, abs=1)


def test_sources_are_chosen_by_role_and_turn():
    instruments = load_instruments()
    assert choose_source(instruments["drums"], 0, OWN) == "own-drums"
    assert choose_source(instruments["voice_choir"], 0, OWN) == "own-singer"
    assert choose_source(instruments["piano"], 2, OWN) == "own-additive"
    assert choose_source(instruments["piano"], 3, OWN) == "own-models"
    with pytest.raises(SoundSourceError, match="names no source"):
        choose_source(instruments["piano"], 0, SourcePlan(()))


def test_notes_beyond_the_end_are_cut_off():
    notes = [PlayedNote(0.5, 9.0, 57, 0.8, 1), PlayedNote(7.0, 8.0, 60, 0.8, 0)]
    assert record(notes=notes, seconds=1.0).shape == (RATE, 2)
