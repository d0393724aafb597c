"""Test tunes are sound, songs have countable bars, chords fit, disguises are found."""

from dataclasses import replace
from functools import cache

import pytest

from align.simulation.score.harmonising import harmonise
from align.simulation.score.identity import SAME_TUNE, melodic_likeness
from align.simulation.score.leadsheets import read_lead_sheets
from align.simulation.score.meter import MeterError, find_meter, meter_changes
from align.simulation.score.songform import MAX_S, MIN_S, write_song
from align.simulation.score.tune import TUNES


@cache
def tunes():
    return read_lead_sheets(TUNES)


def consonance(tune):
    """Share of melody time on tones of the chord."""
    fitting = total = 0.0
    for bar in tune.bars:
        for note in bar.melody:
            begun = [c.chord for c in bar.chords if c.start_beat <= note.start_beat + 1e-6]
            total += note.length_beats
            fitting += note.length_beats * (note.pitch % 12 in begun[-1].pitch_classes)
    return fitting / total


def bare(tune):
    sections = tuple(
        replace(s, bars=tuple(replace(b, chords=()) for b in s.bars)) for s in tune.sections
    )
    return replace(tune, sections=sections)


def test_all_test_tunes_are_read_and_say_where_they_come_from():
    skipped = []
    found = read_lead_sheets(TUNES, on_skip=skipped.append)
    assert len(found) >= 24
    assert not skipped
    for path in TUNES.glob("*.abc"):
        text = path.read_text(encoding="utf-8")
        assert "\nO:" in text
        assert "public domain" in text


def test_test_tunes_have_many_metres_and_modes():
    metres = [(tune.beats_per_bar, tune.subdivision) for tune in tunes()]
    assert metres.count((3, 2)) >= 5
    assert metres.count((2, 3)) >= 4
    assert metres.count((2, 2)) >= 2
    assert sum(tune.key.endswith("m") for tune in tunes()) >= 5


@pytest.mark.parametrize("tune", tunes(), ids=lambda tune: tune.title)
def test_a_test_tune_is_singable_and_its_chords_fit(tune):
    pitches = [note.pitch for bar in tune.bars for note in bar.melody]
    assert min(pitches) >= 53
    assert max(pitches) <= 84
    assert max(pitches) - min(pitches) <= 24
    assert consonance(tune) > 0.65


@pytest.mark.parametrize("tune", tunes(), ids=lambda tune: tune.title)
@pytest.mark.parametrize("seed", [0, 3])
def test_a_song_has_unique_names_own_indices_and_a_fitting_length(tune, seed):
    song = write_song(tune, seed=seed)
    names = [section.name for section in song.sections]
    assert len(set(names)) == len(names) >= 3
    assert [bar.index for bar in song.bars] == list(range(len(song.bars)))
    length_s = 60 / song.tempo_bpm * song.beats_per_bar * len(song.bars)
    assert MIN_S <= length_s <= MAX_S + 1e-6
    assert song == write_song(tune, seed=seed)
    for bar in song.bars:
        assert bar.chords


def test_songs_take_several_forms():
    forms = {
        tuple(section.label for section in write_song(tune, seed=seed).sections)
        for tune in tunes()
        for seed in range(4)
    }
    assert len(forms) >= 10
    assert any(form.count("verse") >= 3 for form in forms)
    assert all(form[0] == "intro" and form[-1] == "ending" for form in forms)


def test_a_pickup_stands_in_the_bar_before_its_section():
    tune = next(t for t in tunes() if t.title == "Auld Lang Syne")
    song = write_song(tune, seed=0)
    verse = next(s for s in song.sections if s.label == "verse")
    before = song.bars[verse.bars[0].index - 1]
    assert verse.has_pickup
    assert (before.melody[-1].start_beat, before.melody[-1].pitch) == (3.0, 60)


def test_missing_chords_are_found_and_fit_the_melody():
    shares = [consonance(harmonise(bare(tune))) for tune in tunes()]
    assert sum(shares) / len(shares) > 0.8
    keys = [harmonise(bare(tune)).key == tune.key for tune in tunes()]
    assert sum(keys) / len(keys) > 0.8


def test_written_chords_stay():
    assert harmonise(tunes()[0]) is tunes()[0]


def transposed(tune, semitones):
    def moved(bar):
        return replace(bar, melody=tuple(replace(n, pitch=n.pitch + semitones) for n in bar.melody))

    sections = tuple(replace(s, bars=tuple(map(moved, s.bars))) for s in tune.sections)
    return replace(tune, sections=sections)


def test_a_tune_in_disguise_is_found_and_others_are_not():
    for tune in tunes():
        assert melodic_likeness(tune, transposed(tune, 5)) == 1
        assert melodic_likeness(write_song(tune, seed=1), tune) > SAME_TUNE
    pairs = [melodic_likeness(a, b) for i, a in enumerate(tunes()) for b in tunes()[:i]]
    assert sum(likeness > SAME_TUNE for likeness in pairs) <= 0.01 * len(pairs)


def test_metres_change_where_they_can():
    assert meter_changes(4, 2) == ("written", "waltz", "jig")
    waltz = find_meter("waltz", 2, 3)
    assert waltz.to_heard([0, 1 / 3, 1, 2]) == pytest.approx([0, 1, 3, 6])
    assert find_meter("jig", 4).to_heard([0.5, 1, 3.5]) == pytest.approx([2 / 3, 1, 11 / 3])
    assert find_meter("four", 3).to_heard([0, 1, 2, 3, 4.5]) == pytest.approx([0, 2, 3, 4, 6])
    with pytest.raises(MeterError, match="four"):
        find_meter("four", 4)
