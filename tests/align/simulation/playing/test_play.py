"""A plan and a seed give one performance; truth is exact in every form, metre and tempo."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from align.simulation.arranging.drawing import draw_arrangement_plan, kinds_for
from align.simulation.arranging.genres import load_genres
from align.simulation.arranging.orders import whole_order
from align.simulation.arranging.plan import ArrangementPlan, PlanError
from align.simulation.arranging.ranges import ANY_RANGE, RANGES
from align.simulation.playing.performance import play
from align.simulation.score.leadsheets import read_lead_sheets
from align.simulation.score.songform import write_song
from align.simulation.score.tune import TUNES
from align.simulation.truth import annotate, find_truth

SONGS = ("jingle-bells", "clementine", "oh-susanna", "greensleeves")


@cache
def song(name, seed=1):
    return write_song(read_lead_sheets(TUNES / f"{name}.abc")[0], seed=seed)


def truth_of(played):
    return find_truth(played, duration_s=played.end_s + 2)


@cache
def reference(name):
    plan = ArrangementPlan("piano", whole_order(song(name)), rubato=0.0, ritardando=1.0)
    return play(song(name), plan, start_s=0.5, seed=1)


@pytest.mark.parametrize("genre", load_genres())
@pytest.mark.parametrize("name", SONGS)
def test_every_genre_plays_every_metre_inside_its_ranges(genre, name):
    order = whole_order(song(name))[:3]
    played = play(song(name), ArrangementPlan(genre, order), start_s=0.5, seed=3)
    assert len(played.notes) > len(played.form)
    for note in played.notes:
        part = played.parts[note.part]
        low, high = (0, 127) if part.kind == "drums" else RANGES.get(part.instrument, ANY_RANGE)
        assert low <= note.pitch <= high, part.name
        assert 0 <= note.start_s < note.end_s < played.end_s + 4
        assert 0 < note.velocity <= 1


@pytest.mark.parametrize("name", SONGS)
def test_truth_is_exact_for_every_kind(name):
    one, other = song(name), song("ode-to-joy")
    expected = truth_of(reference(name))
    reference_s = {mark.tune_beat: mark.time_s for mark in expected.marks}
    for k, kind in enumerate(kinds_for(one, tuple(load_genres()))):
        rng = np.random.default_rng(k)
        plan = draw_arrangement_plan(one, rng, styles=tuple(load_genres()), kind=kind)
        played = play(one, plan, start_s=0.7, seed=k, other=other)
        truth = truth_of(played)
        assert set(np.round([m.time_s for m in truth.marks], 6)) <= set(
            np.round(truth.beats_s, 6)
        ), kind
        bars = [bar.tune_bar for bar in played.form if bar.tune_bar is not None]
        assert len(truth.marks) == len(bars) * len(played.meter.marks)
        assert [m.tune_beat // played.meter.tune_beats for m in truth.marks][
            :: len(played.meter.marks)
        ] == bars
        rows = annotate(truth, expected)
        assert [row.reference_s for row in rows] == [reference_s[m.tune_beat] for m in truth.marks]
        assert rows[-1].segment == len(truth.jumps_s)
        foreign_s = sum(span.end_s - span.start_s for span in truth.foreign)
        n_foreign = sum(bar.tune_bar is None for bar in played.form)
        assert (foreign_s > 0) == (n_foreign > 0)


def test_the_same_seed_gives_the_same_notes():
    plan = ArrangementPlan("funk", whole_order(song("jingle-bells")), melody="ornamented")
    first, again, other = (
        play(song("jingle-bells"), plan, start_s=0.5, seed=seed) for seed in (1, 1, 2)
    )
    assert first.notes == again.notes
    assert first.notes != other.notes


def test_two_covers_in_one_genre_differ_in_their_instruments():
    plan = ArrangementPlan("orchestral", whole_order(song("clementine")))
    bands = {
        tuple(part.instrument for part in play(song("clementine"), plan, start_s=0, seed=s).parts)
        for s in range(6)
    }
    assert len(bands) >= 4


@pytest.mark.parametrize("melody", ["ornamented", "simplified", "late", "absent"])
def test_treatments_leave_truth_alone(melody):
    plan = ArrangementPlan("folk", whole_order(song("greensleeves")), rubato=0.02)
    plain, treated = (
        play(song("greensleeves"), each, start_s=0.5, seed=5)
        for each in (plan, replace(plan, melody=melody))
    )
    assert truth_of(plain) == truth_of(treated)
    assert plain.notes != treated.notes


@pytest.mark.parametrize("ratio", [0.5, 1.0, 2.0])
def test_tempo_ratio_is_beside_the_song(ratio):
    one = song("oh-susanna")
    plan = ArrangementPlan("march", whole_order(one), tempo_ratio=ratio, rubato=0, ritardando=1)
    played = play(one, plan, start_s=0.5, seed=1)
    own_s = 60 / one.tempo_bpm * one.beats_per_bar * len(one.bars)
    assert played.end_s - 0.5 == pytest.approx(own_s / ratio)


def test_a_waltz_of_a_march_keeps_the_length_of_its_bars():
    one = song("jingle-bells")
    plan = ArrangementPlan("waltz", whole_order(one), meter="waltz", rubato=0, ritardando=1)
    played = play(one, plan, start_s=0.5, seed=1)
    assert set(truth_of(played).positions) == {1, 2, 3}
    own_s = 60 / one.tempo_bpm * one.beats_per_bar * len(one.bars)
    assert played.end_s - 0.5 == pytest.approx(own_s)


def test_fermatas_and_drift_are_in_the_beats():
    one = song("clementine")
    plan = ArrangementPlan("waltz", whole_order(one), rubato=0, ritardando=1)
    drifting = play(one, replace(plan, drift=0.1), start_s=0, seed=1)
    periods_s = np.diff(drifting.tempo.beats_s)
    assert periods_s[-1] / periods_s[0] == pytest.approx(1.1)
    held = np.diff(play(one, replace(plan, fermatas=2), start_s=0, seed=1).tempo.beats_s)
    assert (held > 1.5 * np.median(held)).sum() == 2


def test_notes_scatter_closely_and_centred_around_the_beats():
    one = song("jingle-bells")
    plan = ArrangementPlan("rock", whole_order(one), rubato=0.02)
    played = play(one, plan, start_s=0.5, seed=2)
    drums = {i for i, part in enumerate(played.parts) if part.kind == "drums"}
    starts_s = np.array([n.start_s for n in played.notes if n.part in drums and n.pitch == 38])
    beats_s = played.tempo.beats_s
    nearest = np.abs(starts_s[:, None] - beats_s[None]).argmin(axis=1)
    errors_s = starts_s - beats_s[nearest]
    on_beat = errors_s[np.abs(errors_s) < 0.04]
    assert len(on_beat) > 30
    assert abs(on_beat.mean()) < 0.002
    assert on_beat.std() < 0.008


def test_choruses_are_louder_than_intros():
    one = song("jingle-bells")
    played = play(one, ArrangementPlan("piano", whole_order(one)), start_s=0, seed=1)
    downbeats_s = played.tempo.beats_s[:: played.meter.n_beats]
    bars = np.searchsorted(downbeats_s, [n.start_s + 0.05 for n in played.notes]) - 1
    loud = {label: [n.velocity for n, bar in zip(played.notes, bars, strict=True)
                    if played.form[min(bar, len(played.form) - 1)].label == label]
            for label in ("intro", "chorus")}  # fmt: skip
    assert np.mean(loud["chorus"]) > np.mean(loud["intro"]) + 0.05


@pytest.mark.parametrize("name", SONGS)
@pytest.mark.parametrize("style", ["warm-ensemble", "rock-band", "brass-band", "lofi-beats"])
def test_written_styles_play_any_tune_by_its_labels(style, name):
    one = song(name)
    played = play(one, ArrangementPlan(style, whole_order(one)), start_s=0, seed=1)
    heard = {note.part for note in played.notes}
    assert any(played.parts[i].kind == "melody" for i in heard)
    assert len(heard) >= 3


def test_a_count_in_is_sticks_alone():
    one = song("jingle-bells")
    played = play(
        one, ArrangementPlan("rock", ("count-in:1", *whole_order(one))), start_s=0, seed=1
    )
    first_s = played.tempo.beats_s[4] - 0.1
    before = [note for note in played.notes if note.start_s < first_s]
    assert [note.pitch for note in before] == [37] * 4
    assert truth_of(played).foreign[0].end_s == pytest.approx(played.tempo.beats_s[4])


def test_transposition_moves_the_melody_by_its_semitones():
    one = song("oh-susanna")
    plan = ArrangementPlan("singer-guitar", whole_order(one))
    classes = []
    for by in (0, 5):
        played = play(one, replace(plan, transposition_semitones=by), start_s=0, seed=1)
        classes.append([n.pitch % 12 for n in played.notes if n.part == 0])
    assert [(p + 5) % 12 for p in classes[0]] == classes[1]


def test_unknown_arrangers_are_refused():
    plan = ArrangementPlan("rock", ("verse",), arranger="nobody")
    with pytest.raises(PlanError, match="nobody"):
        play(song("jingle-bells"), replace(plan, order=whole_order(song("jingle-bells"))),
             start_s=0, seed=1)  # fmt: skip
