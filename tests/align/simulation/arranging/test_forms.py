"""Orders lay out the bars they name, and truth knows every cut, repeat and stranger."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from align.simulation.arranging.drawing import (
    KINDS,
    draw_arrangement_plan,
    kinds_for,
    plan_reference,
)
from align.simulation.arranging.form import lay_out
from align.simulation.arranging.genres import load_genres
from align.simulation.arranging.orders import ORDERS, whole_order
from align.simulation.arranging.plan import PlanError, plan_from_json
from align.simulation.score.leadsheets import read_lead_sheets
from align.simulation.score.songform import write_song
from align.simulation.score.tune import TUNES, TuneError

ALL = tuple(load_genres())


@cache
def song(name="jingle-bells", seed=2):
    return write_song(read_lead_sheets(TUNES / f"{name}.abc")[0], seed=seed)


def tune_bars(form):
    return [bar.tune_bar for bar in form]


def jumps(form):
    bars = tune_bars(form)
    return sum(b != a + 1 for a, b in pairwise(bars) if a is not None and b is not None)


def test_the_whole_order_is_every_bar_once():
    assert tune_bars(lay_out(song(), whole_order(song()))) == list(range(len(song().bars)))


def test_slices_name_bars_of_a_section():
    verse = next(s for s in song().sections if len(s.bars) >= 8 and not s.has_pickup)
    first = verse.bars[0].index
    form = lay_out(song(), (f"{verse.name}[:3]", f"{verse.name}[5:]"))
    end = first + len(verse.bars)
    assert tune_bars(form) == [*range(first, first + 3), *range(first + 5, end)]


def test_a_jump_to_a_section_with_a_pickup_goes_through_its_pickup_bar():
    auld = song("auld-lang-syne", 0)
    last, target = auld.sections[-1], next(s for s in auld.sections if s.has_pickup)
    form = lay_out(auld, (last.name, target.name))
    n_last = len(last.bars)
    assert form[n_last - 1].tune_bar == target.bars[0].index - 1
    assert form[n_last].tune_bar == target.bars[0].index


def test_music_that_is_not_the_song_has_no_tune_bar():
    other = song("ode-to-joy")
    name = song().sections[1].name
    order = ("count-in:1", "vamp:2", name, "solo:3", name, "other:2:6")
    form = lay_out(song(), order, other=other, rng=np.random.default_rng(1))
    foreign = [bar.section for bar in form if bar.tune_bar is None]
    assert foreign == ["count-in", "vamp", "vamp", *["solo"] * 3, *["other"] * 4]
    solo = [bar for bar in form if bar.section == "solo"]
    assert any(bar.bar.melody for bar in solo)


def test_another_tune_is_cut_to_the_bars_of_the_song():
    other = song("silent-night")
    form = lay_out(song(), ("other:0:4",), other=other)
    for bar in form:
        assert all(note.start_beat + note.length_beats <= 4 + 1e-6 for note in bar.bar.melody)
        assert sum(span.length_beats for span in bar.bar.chords) == pytest.approx(4)


@pytest.mark.parametrize("seed", range(12))
def test_edited_orders_do_what_they_say(seed):
    rng = np.random.default_rng(seed)
    n_bars = len(song().bars)
    heard = {kind: lay_out(song(), make(song(), rng), other=song("ode-to-joy"))
             for kind, make in ORDERS.items()}  # fmt: skip
    assert jumps(heard["cut"]) >= 1
    assert len(set(tune_bars(heard["cut"]))) < n_bars
    assert len(heard["repeat"]) > n_bars
    assert len(set(tune_bars(heard["repeat"]))) == n_bars
    assert jumps(heard["reordered"]) >= 1
    stopped = tune_bars(heard["early_stop"])
    assert stopped == list(range(len(stopped)))
    assert len(stopped) < n_bars
    assert tune_bars(heard["medley"]).count(None) == 8


def test_bad_orders_are_refused():
    with pytest.raises(TuneError, match="coda"):
        lay_out(song(), ("coda",))
    with pytest.raises(TuneError, match="empty"):
        lay_out(song(), (f"{song().sections[0].name}[3:2]",))
    with pytest.raises(TuneError, match="other"):
        lay_out(song(), ("other:0:4",))
    with pytest.raises(TuneError, match="no section"):
        lay_out(song(), ())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["jingle-bells", "greensleeves", "clementine", "oh-susanna"])
def test_every_kind_is_drawn_and_survives_json(kind, name):
    one = song(name)
    if kind not in kinds_for(one, ALL):
        pytest.skip(f"{name} cannot be {kind}")
    for seed in range(3):
        plan = draw_arrangement_plan(one, np.random.default_rng(seed), styles=ALL, kind=kind)
        assert plan_from_json(plan.to_json()) == plan
        again = draw_arrangement_plan(one, np.random.default_rng(seed), styles=ALL, kind=kind)
        assert plan == again
        assert 0.5 <= plan.tempo_ratio <= 2
        assert -6 <= plan.transposition_semitones <= 6


def test_kinds_are_what_they_are_called():
    def draw(kind, seed=3):
        return draw_arrangement_plan(song(), np.random.default_rng(seed), styles=ALL, kind=kind)

    assert draw("metal").style == "metal"
    assert draw("a_cappella").style in ("choir", "a-cappella")
    assert draw("changed_meter").meter != "written"
    assert draw("changed_harmony").harmony != "as_written"
    assert draw("absent_melody").melody == "absent"
    assert abs(draw("key_extreme").transposition_semitones) >= 5
    assert not 0.66 < draw("tempo_extreme").tempo_ratio < 1.49
    assert draw("rubato").rubato >= 0.05


def test_the_reference_is_the_song_as_it_is():
    plan = plan_reference(song(), np.random.default_rng(1), styles=ALL)
    assert plan.order == whole_order(song())
    assert (plan.transposition_semitones, plan.tempo_ratio, plan.melody) == (0, 1, "as_written")


def test_bad_plans_are_refused():
    rng = np.random.default_rng(1)
    with pytest.raises(PlanError, match="polka"):
        draw_arrangement_plan(song(), rng, styles=ALL, kind="polka")
    with pytest.raises(PlanError, match="metal"):
        draw_arrangement_plan(song(), rng, styles=("bossa",), kind="metal")
    with pytest.raises(PlanError, match="colour"):
        plan_from_json('{"style": "rock", "order": [], "colour": 1}')
