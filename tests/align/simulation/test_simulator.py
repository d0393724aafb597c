"""The simulator's truth is exact, its output repeatable, and its forms map as players play them."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from align.simulation.arranging.arrangement import arrange
from align.simulation.arranging.form import lay_out
from align.simulation.arranging.styles import StyleError, load_style, load_styles
from align.simulation.demo.copies import CopyPlan, copy_recording
from align.simulation.demo.rendering import SAMPLE_RATE, CoverPlan, simulate
from align.simulation.playing.performance import swing_beats
from align.simulation.score.chords import ChordError, bass_pitch, chord_tone_below, parse_chord
from align.simulation.score.tune import TuneError, load_tune, parse_tune
from align.simulation.sound.mix import loudness_lufs
from align.simulation.sound.soundfont import SoundFont, SoundFontError
from align.simulation.sound.speech import babble
from align.simulation.truth import annotate

SHORT = """
title: Short
key: C
beats_per_bar: 4
[intro intro]
C | r C4 D4 E4
[verse_a verse]
C   | C5:4
G7  | r G4 A4 B4
[verse_b verse]
F   | C5:2 A4:2
C   | r E4 F4 G4
[chorus_a chorus]
G7  | G4:4
C   | C5:4
"""
INTRO, A, B, C = ALL = ("intro", "verse_a", "verse_b", "chorus_a")


@pytest.fixture(scope="module")
def tune():
    return parse_tune(SHORT)


@cache
def render(tune, style="click-track", order=ALL, seed=3, tempo_bpm=None):
    return simulate(tune, CoverPlan(style, order, tempo_bpm), seed=seed)


def onsets_s(audio, sample_rate=SAMPLE_RATE):
    """Rises of a click track: first samples above a tenth of the peak after 50 ms of quiet."""
    loud = np.flatnonzero(np.abs(audio[:, 0]) > 0.1 * np.abs(audio).max())
    return loud[np.diff(loud, prepend=-SAMPLE_RATE) > 0.05 * sample_rate] / sample_rate


def test_clicks_are_where_the_truth_says(tune):
    rendition = render(tune)
    found = onsets_s(rendition.audio)
    assert len(found) == len(rendition.truth.beats_s)
    assert np.abs(found - rendition.truth.beats_s).max() < 0.002


def test_truth_follows_a_breathing_tempo(tune):
    piano = render(tune, "solo-piano")
    periods_s = np.diff(piano.truth.beats_s)
    assert periods_s.max() > 1.3 * periods_s.min()
    starts_s = np.array([note.start_s for note in piano.notes])
    nearest_s = [np.abs(starts_s - beat_s).min() for beat_s in piano.truth.beats_s]
    assert np.median(nearest_s) < 0.01


def test_same_seed_same_samples_other_seed_other_samples(tune):
    plan = CoverPlan("cafe-waltz", (C,))
    first, again, other = (simulate(tune, plan, seed=seed).audio for seed in (5, 5, 6))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


@pytest.mark.parametrize("style", sorted(load_styles()))
def test_every_style_sounds_without_a_soundfont(tune, style):
    rendition = render(tune, style, order=(C,))
    assert np.isfinite(rendition.audio).all()
    assert np.abs(rendition.audio).max() < 1
    if style != "click-track":
        assert loudness_lufs(rendition.audio, sample_rate=SAMPLE_RATE) == pytest.approx(-16, abs=1)


def test_a_straight_form_is_one_segment_over_all_beats(tune):
    rows = annotate(render(tune, tempo_bpm=140).truth, render(tune).truth)
    assert len(rows) == 7 * 4
    assert {row.segment for row in rows} == {0}


def test_a_repeat_opens_a_segment_at_its_pickup(tune):
    bars = [bar.tune_bar for bar in lay_out(tune, (A, B, C, B, C))]
    # Pick-up bar, a, b, c, then c's last bar gives way to the pick-up bar of b.
    assert bars == [0, 1, 2, 3, 4, 5, 2, 3, 4, 5, 6]
    rows = annotate(render(tune, order=(A, B, C, B, C)).truth, render(tune).truth)
    assert [row.segment for row in rows] == [0] * 24 + [1] * 20
    assert rows[24].reference_s == rows[8].reference_s


def test_a_cut_jumps_forward_and_leaves_beats_unheard(tune):
    rows = annotate(render(tune, order=(INTRO, A, C)).truth, render(tune).truth)
    reference = render(tune).truth
    assert [row.segment for row in rows] == [0] * 8 + [1] * 12
    assert rows[8].reference_s == pytest.approx(reference.beats_s[16])
    cover_s = [row.cover_s for row in rows]
    assert cover_s == sorted(cover_s)


def test_a_vamp_is_foreign_and_unmapped(tune):
    truth = render(tune, order=("vamp:3", A)).truth
    assert len(truth.foreign) == 1
    span = truth.foreign[0]
    # The third bar of the vamp is the pick-up to a.
    assert (span.start_s, span.end_s) == (truth.beats_s[0], truth.beats_s[8])
    assert truth.marks[0].time_s == span.end_s


def test_a_waltz_marks_half_bars_on_its_downbeats(tune):
    truth = render(tune, "cafe-waltz").truth
    assert truth.beats_per_mark == 3
    assert tuple(mark.time_s for mark in truth.marks) == pytest.approx(truth.downbeats_s)
    assert [mark.tune_beat for mark in truth.marks] == list(range(0, 28, 2))
    assert {row.segment for row in annotate(truth, render(tune).truth)} == {0}


def test_sections_cover_the_music_without_gaps(tune):
    truth = render(tune, order=(INTRO, A, A, C)).truth
    assert [section.label for section in truth.sections] == ["intro", "verse", "verse", "chorus"]
    for before, after in pairwise(truth.sections):
        assert before.end_s == after.start_s
    assert truth.sections[0].start_s == truth.beats_s[0]


def test_transposition_moves_every_pitch_but_no_drum(tune):
    style, form = load_style("lofi-beats"), lay_out(tune, ALL)
    drums = next(i for i, part in enumerate(style.parts) if part.kind == "drums")
    for part in range(len(style.parts)):
        plain, high = (
            [note.pitch for note in arrange(form, style, transposition=by) if note.part == part]
            for by in (0, 3)
        )
        assert plain
        assert np.subtract(high, plain) == pytest.approx(0 if part == drums else 3)


def test_talk_comes_first_and_is_foreign(tune):
    talk = np.full((SAMPLE_RATE, 2), 0.1, dtype=np.float32)
    plan = CoverPlan("click-track", (C,), opening=talk)
    truth = simulate(tune, plan, seed=1).truth
    assert (truth.foreign[0].start_s, truth.foreign[0].end_s) == (0.0, 1.0)
    assert truth.beats_s[0] == pytest.approx(1.5)
    assert len(babble(1.0, sample_rate=SAMPLE_RATE, rng=np.random.default_rng(1))) > SAMPLE_RATE


def test_a_copy_is_the_same_recording_later(tune):
    original = render(tune)
    copy = copy_recording(original, CopyPlan(lead_in_s=2.0))
    assert copy.truth.relation == "same_recording"
    shifts_s = np.subtract(copy.truth.beats_s, original.truth.beats_s)
    assert shifts_s == pytest.approx(np.full(28, 2.0))
    heard = copy.audio[2 * SAMPLE_RATE :].mean(axis=1)
    lags = np.correlate(heard[:60000], original.audio[:50000].mean(axis=1), mode="valid")
    assert abs(int(np.argmax(np.abs(lags)))) < 0.002 * SAMPLE_RATE


def test_swing_moves_the_middle_of_the_beat_only():
    assert swing_beats([1.0, 1.5, 2.0], 0.6) == pytest.approx([1.0, 1.6, 2.0])


def test_chords_are_read_and_voiced():
    chord = parse_chord("F7/A")
    assert chord.pitch_classes == (5, 9, 0, 3)
    assert bass_pitch(chord, 36) == 45
    assert chord_tone_below(chord, 72) == 69
    with pytest.raises(ChordError, match="Hm7"):
        parse_chord("Hm7")


def test_the_air_has_thirty_eight_full_bars():
    air = load_tune("londonderry-air")
    assert len(air.bars) == 38
    assert [section.label for section in air.sections] == [
        "intro", "verse", "verse", "chorus", "chorus", "ending",
    ]  # fmt: skip


def test_bad_input_names_the_value(tune, tmp_path):
    with pytest.raises(TuneError, match="5 beats, not 4"):
        parse_tune(SHORT.replace("C5:4\nG7", "C5:5\nG7"))
    with pytest.raises(TuneError, match="coda"):
        lay_out(tune, ("coda",))
    with pytest.raises(StyleError, match="polka"):
        load_style("polka")
    with pytest.raises(SoundFontError, match=r"none\.sf2"):
        SoundFont(tmp_path / "none.sf2", sample_rate=SAMPLE_RATE)
