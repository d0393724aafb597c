"""Sound plans are plain data, and severity means what it says."""

import json

import numpy as np
import pytest

from align.simulation.sound.plan import SoundPlan, SoundPlanError, draw_sound_plan
from align.simulation.sound.sources import load_sources, source_names


def draw(seed, severity, sources=None):
    rng = np.random.default_rng(seed)
    return draw_sound_plan(rng, sources=sources or source_names(), severity=severity)


@pytest.mark.parametrize("severity", [0.0, 0.4, 1.0])
def test_a_plan_survives_json(severity):
    for seed in range(20):
        plan = draw(seed, severity)
        assert SoundPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_the_same_seed_draws_the_same_plan():
    assert draw(1, 0.7) == draw(1, 0.7)
    assert draw(1, 0.7) != draw(2, 0.7)


def test_only_the_named_sources_are_drawn():
    allowed = ("own-models", "own-additive", "own-drums", "own-singer")
    for seed in range(10):
        sources = draw(seed, 0.5, allowed).sources
        assert {*sources.instruments, sources.drums, sources.voice} <= set(allowed)


def test_no_severity_is_a_clean_recording():
    for seed in range(10):
        plan = draw(seed, 0.0)
        assert plan.microphone.name == "studio"
        assert plan.noise.hiss_db is plan.noise.crowd_db is None
        assert plan.level.clipping == "none"
        assert plan.tuning_cents == plan.level.compression == plan.room.distance == 0


def test_tuning_stays_within_half_a_semitone():
    cents = [draw(seed, 1.0).tuning_cents for seed in range(300)]
    assert 40 < max(np.abs(cents)) <= 50


def test_each_kind_has_a_source_that_is_held_out_and_three_that_are_not():
    for kind in ("instruments", "drums", "voice"):
        assert source_names(kind, held_out=True)
        assert len(source_names(kind, held_out=False)) >= 3
    assert all(info.licence for info in load_sources().values())


def test_held_out_files_are_in_no_source_for_training():
    files = {held: {load_sources()[name].file for name in source_names(held_out=held)} - {""}
             for held in (True, False)}  # fmt: skip
    assert not files[True] & files[False]


def test_bad_requests_name_the_value():
    with pytest.raises(SoundPlanError, match=r"severity=1\.5"):
        draw(1, 1.5)
    with pytest.raises(SoundPlanError, match="none of kind voice"):
        draw(1, 0.5, ("own-models", "own-drums"))
    with pytest.raises(SoundPlanError, match="room"):
        SoundPlan.from_json({key: {} for key in SoundPlan().to_json() if key != "room"})
