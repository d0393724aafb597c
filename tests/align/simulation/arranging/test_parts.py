"""Genres fit any metre, treatments and harmonies change what is heard and nothing else."""

import numpy as np
import pytest

from align.simulation.arranging.fitting import Groove, fit_grid
from align.simulation.arranging.form import FormBar
from align.simulation.arranging.genres import find_genre, load_genres
from align.simulation.arranging.harmony import HARMONIES, reharmonise
from align.simulation.arranging.plan import PlanError
from align.simulation.arranging.ranges import ANY_RANGE, RANGES
from align.simulation.arranging.styles import StyleError, load_instruments, load_styles
from align.simulation.arranging.treatment import TREATMENTS, treat_melody
from align.simulation.score.chords import parse_chord
from align.simulation.score.meter import written_meter
from align.simulation.score.tune import Bar, ChordSpan, TuneNote

FOUR, THREE, TWO = (Groove(n, 2, 1.0) for n in (4, 3, 2))


def bar(symbol="C", pitches=(60, 64, 67, 72)):
    notes = tuple(TuneNote(float(i), 1.0, pitch) for i, pitch in enumerate(pitches))
    return FormBar(
        Bar(0, notes, (ChordSpan(0.0, 4.0, parse_chord(symbol)),)), 0, "a", "verse", True
    )


def test_there_are_enough_genres_and_all_their_instruments_exist():
    assert len(load_genres()) >= 20
    assert not set(load_genres()) & set(load_styles())
    known = set(load_instruments())
    for genre in load_genres().values():
        assert set(genre.melody) <= known


def test_ranges_are_of_instruments_that_may_play_them():
    low, high = np.array([*RANGES.values(), ANY_RANGE]).T
    assert (high - low >= 20).all()
    assert set(RANGES) <= set(load_instruments())


def test_a_bar_of_four_becomes_three_or_two_pairs():
    drums = {"kick": "x...x...", "snare": "..x...x."}
    assert fit_grid(drums, FOUR, written_meter(4)) == (drums,)
    assert fit_grid(drums, FOUR, written_meter(3)) == ({"kick": "x.....", "snare": "..x.x."},)
    halves = fit_grid({"kick": "x...xx.."}, FOUR, written_meter(2))
    assert halves == ({"kick": "x..."}, {"kick": "xx.."})


def test_eighths_become_the_first_and_last_of_three():
    (grid,) = fit_grid({"hat": "xxxx"}, TWO, written_meter(2, 3))
    assert grid == {"hat": "x.xx.x"}
    (chords,) = fit_grid("b 1 b 1", TWO, written_meter(2, 3))
    assert chords == "b - 1 b - 1"


def test_feel_halves_and_doubles_the_groove_and_keeps_the_bar():
    slow = fit_grid({"kick": "x.x.x.x."}, Groove(4, 2, 0.5), written_meter(4))
    assert slow == ({"kick": "xxxx"},) * 2 or len(slow) == 2
    (fast,) = fit_grid({"snare": "..x...x."}, Groove(4, 2, 2.0), written_meter(4))
    assert fast == {"snare": "..x...x...x...x."}


def test_grids_of_several_bars_follow_each_other():
    assert fit_grid("b - - -|. b . b", FOUR, written_meter(4)) == ("b - - -", ". b . b")


@pytest.mark.parametrize("treatment", [*TREATMENTS, "sections"])
def test_treatments_change_the_melody_and_leave_the_bars(treatment):
    form = tuple(bar() for _ in range(8))
    rng = np.random.default_rng(4)
    treated = treat_melody(form, treatment, beats_per_bar=4, rng=rng)
    assert [b.tune_bar for b in treated] == [b.tune_bar for b in form]
    assert [b.bar.chords for b in treated] == [b.bar.chords for b in form]
    for each in treated:
        for note in each.bar.melody:
            assert 0 <= note.start_beat < 4
            assert note.length_beats > 0
    changed = [b.bar.melody for b in treated] != [b.bar.melody for b in form]
    assert changed == (treatment != "as_written")


@pytest.mark.parametrize("harmony", HARMONIES)
def test_harmonies_fill_the_bar_and_leave_the_melody(harmony):
    form = tuple(bar(symbol) for symbol in ("C", "Am", "F", "G7") * 3)
    changed = reharmonise(form, harmony, key="C", rng=np.random.default_rng(2))
    assert [b.bar.melody for b in changed] == [b.bar.melody for b in form]
    for each in changed:
        assert sum(c.length_beats for c in each.bar.chords) == pytest.approx(4)
    differs = [b.bar.chords for b in changed] != [b.bar.chords for b in form]
    assert differs == (harmony != "as_written")


def test_unknown_words_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(PlanError, match="yodelled"):
        treat_melody((bar(),), "yodelled", beats_per_bar=4, rng=rng)
    with pytest.raises(PlanError, match="atonal"):
        reharmonise((bar(),), "atonal", key="C", rng=rng)
    with pytest.raises(StyleError, match="polka"):
        find_genre("polka")
