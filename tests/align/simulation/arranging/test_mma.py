"""The independent arranger keeps to the grid of beats, and says what is missing."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from align.simulation.arranging import mma
from align.simulation.arranging.mma import GROOVES, MmaError, arrange_with_mma, grooves_for
from align.simulation.arranging.orders import whole_order
from align.simulation.arranging.plan import ArrangementPlan
from align.simulation.arranging.styles import StyleError
from align.simulation.playing.performance import play
from align.simulation.score.leadsheets import read_lead_sheets
from align.simulation.score.meter import written_meter
from align.simulation.score.songform import write_song
from align.simulation.score.tune import TUNES
from tests.materials import needs_material


@cache
def song(name):
    return write_song(read_lead_sheets(TUNES / f"{name}.abc")[0], seed=1)


@pytest.mark.parametrize("name", ["jingle-bells", "clementine", "oh-susanna", "greensleeves"])
def test_it_plays_every_metre_on_the_grid_of_beats(name):
    needs_material("mma")
    one = song(name)
    groove = grooves_for(written_meter(one.beats_per_bar, one.subdivision))[0]
    plan = ArrangementPlan(groove, whole_order(one), arranger="mma", rubato=0.03)
    played = play(one, plan, start_s=1.0, seed=4)
    drums = {i for i, part in enumerate(played.parts) if part.kind == "drums"}
    bass_s = np.array([n.start_s for n in played.notes if n.part not in drums and n.part])
    downbeats_s = played.tempo.beats_s[:-1][:: played.meter.n_beats]
    late_s = np.array([np.abs(bass_s - time_s).min() for time_s in downbeats_s])
    assert np.median(late_s) < 0.02
    assert len(played.notes) > 3 * len(one.bars)


def test_its_kick_drum_falls_on_beats():
    needs_material("mma")
    one = song("jingle-bells")
    plan = ArrangementPlan("8Beat", whole_order(one), arranger="mma")
    played = play(one, replace(plan, rubato=0.0, drift=0.0), start_s=0.5, seed=1)
    beats = np.interp([n.start_s for n in played.notes if n.pitch in (35, 36)
                       and played.parts[n.part].kind == "drums"],
                      played.tempo.beats_s, np.arange(len(played.tempo.beats_s)))  # fmt: skip
    offset = np.abs(beats * 2 - np.round(beats * 2)) / 2
    assert np.median(offset) < 0.04


def test_a_groove_that_does_not_fit_is_refused():
    plan = ArrangementPlan("Waltz", ("verse",), arranger="mma")
    with pytest.raises(StyleError, match="Waltz"):
        arrange_with_mma((), plan, written_meter(4), rng=np.random.default_rng(1))
    assert set(GROOVES) == {3, 4}


@pytest.mark.parametrize(
    ("program", "timeout_s", "message"),
    [("import time; time.sleep(60)", 0.5, "did not finish a score within 0.5 s"),
     ("print('x'); print('ERROR: no groove'); exit(1)", 30, "accept a score: ERROR: no groove")],
)  # fmt: skip
def test_a_program_that_hangs_or_refuses_is_one_sentence(
    tmp_path, monkeypatch, program, timeout_s, message
):
    (tmp_path / "mma").write_text(program)
    monkeypatch.setattr(mma, "fetch_material", lambda name: Path(tmp_path))
    monkeypatch.setattr(mma, "TIMEOUT_S", timeout_s)
    with pytest.raises(MmaError, match=message):
        mma._run_mma(program)
