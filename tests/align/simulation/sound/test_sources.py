"""Every source plays every instrument, in tune, when the note says so."""

from pathlib import Path

import numpy as np
import pytest

from align.simulation.arranging.styles import Instrument, load_instruments
from align.simulation.playing.performance import PlayedNote
from align.simulation.sound import sources
from align.simulation.sound.samples import load_kits
from align.simulation.sound.soundfont import SoundFontError, SoundFontSource
from align.simulation.sound.sources import (
    SoundSourceError,
    SourceInfo,
    find_source_file,
    open_source,
    source_names,
    source_role,
)
from catalog.errors import SourceError

RATE = 22050
PLUCKED = [load_instruments()[name] for name in ("piano", "nylon_guitar", "electric_bass")]
GENERAL_MIDI_DRUMS = (35, 36, 37, 38, 39, 40, 41, 42, 44, 45, 46, 48, 49, 51, 54, 56, 70, 76)


def open_or_skip(name):
    try:
        return open_source(name, sample_rate=RATE)
    except SourceError as error:
        pytest.skip(str(error))


def render(source, notes, instrument, seconds=2.0):
    rng = np.random.default_rng(2)
    return source.render(notes, instrument, n_samples=round(seconds * RATE), rng=rng)


def cents_off(sound, pitch):
    """How far the harmonics of a tone lie from those of `pitch`."""
    n_fft = 1 << 17
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), n_fft))
    cents = np.arange(-80, 81)
    candidates_hz = 440 * 2 ** ((pitch - 69 + cents / 100) / 12)
    bins = [np.round(k * candidates_hz / RATE * n_fft).astype(int) for k in (1, 2, 3, 4)]
    return int(cents[np.argmax(sum(np.sqrt(spectrum[each]) for each in bins))])


def heard_s(sound, start_s):
    """When the level within 50 ms of `start_s` first passes a third of its highest."""
    first = round((start_s - 0.05) * RATE)
    level = np.abs(sound[first : first + round(0.1 * RATE)]).max(axis=1)
    return (first + int(np.argmax(level > 0.33 * level.max()))) / RATE


@pytest.mark.parametrize("name", source_names())
def test_a_source_plays_every_instrument_of_its_kind(name):
    source = open_or_skip(name)
    kind = sources.load_sources()[name].kind
    for instrument in load_instruments().values():
        if source_role(instrument) != kind:
            continue
        pitch = 38 if instrument.is_drums else 60
        sound = render(source, [PlayedNote(0.3, 0.8, pitch, 0.8, 0)], instrument, 1.0)
        assert sound.shape == (RATE, 2)
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() > 0.01, instrument.name


@pytest.mark.parametrize("name", source_names("drums"))
def test_a_kit_has_a_sound_for_every_drum_that_styles_use(name):
    source = open_or_skip(name)
    for pitch in GENERAL_MIDI_DRUMS:
        sound = render(
            source, [PlayedNote(0.1, 0.2, pitch, 0.9, 0)], load_instruments()["drums"], 0.5
        )
        assert np.abs(sound).max() > 0.01, pitch


@pytest.mark.parametrize("name", source_names("instruments"))
def test_plucked_notes_are_in_tune_and_begin_when_they_should(name):
    source = open_or_skip(name)
    for instrument in PLUCKED:
        starts_s = (0.2, 0.7134, 1.3)
        notes = [
            PlayedNote(start_s, start_s + 0.4, pitch, 0.8, 0)
            for start_s, pitch in zip(starts_s, (52, 57, 64), strict=True)
        ]
        sound = render(source, notes, instrument)
        for note in notes:
            assert abs(heard_s(sound, note.start_s) - note.start_s) < 0.008
            first = round((note.start_s + 0.06) * RATE)
            body = sound[first : first + round(0.3 * RATE)].mean(axis=1)
            assert abs(cents_off(body, note.pitch)) <= 12


def test_the_same_notes_give_the_same_samples():
    notes = [PlayedNote(0.1, 0.6, pitch, 0.7, 0) for pitch in (50, 57, 62)]
    for name, instrument in (("own-models", "distorted_guitar"), ("own-singer", "voice_choir")):
        source = open_source(name, sample_rate=RATE)
        first, again = (
            render(source, notes, load_instruments()[instrument]).tobytes() for _ in range(2)
        )
        assert first == again


def test_a_distorted_chord_has_tones_that_nobody_plays():
    source = open_source("own-models", sample_rate=RATE)
    notes = [PlayedNote(0.1, 1.9, pitch, 0.9, 0) for pitch in (52, 59)]
    clean, driven = (
        np.abs(np.fft.rfft(render(source, notes, load_instruments()[name])[8000:40000, 0]))
        for name in ("steel_guitar", "distorted_guitar")
    )
    # A fifth (3:2) has its difference tone an octave below the lower note.
    ghost = round(440 * 2 ** ((40 - 69) / 12) * 32000 / RATE)
    around = slice(ghost - 4, ghost + 5)
    assert driven[around].max() / driven.max() > 10 * clean[around].max() / clean.max()


def test_every_kit_has_kick_snare_and_hat():
    assert all({36, 38, 42} <= set(kit) for kit in load_kits().values())


def test_roles_follow_from_instruments():
    assert source_role(Instrument("drums", is_drums=True)) == "drums"
    assert source_role(Instrument("voice_lead")) == "voice"
    assert source_role(Instrument("piano")) == "instruments"


def test_an_unknown_source_is_named():
    with pytest.raises(SoundSourceError, match="kazoo"):
        open_source("kazoo", sample_rate=RATE)


def test_a_material_without_the_file_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(sources, "fetch_material", lambda name: Path(tmp_path))
    info = SourceInfo("gone", "drums", "soundfont", "MIT", "gone-material", "gone.sf2")
    with pytest.raises(SourceError, match=r"'gone' needs gone\.sf2"):
        find_source_file(info)


def test_a_file_that_is_no_soundfont_is_one_sentence(tmp_path):
    broken = tmp_path / "broken.sf2"
    broken.write_bytes(b"RIFF nothing")
    with pytest.raises(SoundFontError, match=r"broken\.sf2 cannot be read"):
        SoundFontSource(broken, sample_rate=RATE)
