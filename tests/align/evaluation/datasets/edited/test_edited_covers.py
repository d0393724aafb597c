import json

import numpy as np
import pytest

from align.evaluation.datasets.edited.drawing import KINDS, EditKindError, Source, draw_plan
from align.evaluation.datasets.edited.marks import find_annotation, find_foreign, find_pitch
from align.evaluation.datasets.edited.plan import EditPlan, EditPlanError, Frame, Overlay, Play
from align.evaluation.datasets.edited.rendering import render_edit
from align.simulation.sound.plan import SoundPlan
from tests.align.evaluation.datasets.edited.clicks import (
    SAMPLE_RATE,
    click_errors_ms,
    click_track,
)

DURATION_S = 32.0
MARKS_S = np.arange(0.37, DURATION_S - 0.3, 0.45)
SOURCE = Source(MARKS_S, DURATION_S, ("backing", "guitar"))
STEMS = {
    "backing": click_track(DURATION_S, MARKS_S),
    "guitar": click_track(DURATION_S, MARKS_S),
}


def quiet_foreign(kind: str, duration_s: float, seed: int) -> np.ndarray:
    """A hum, which has no attacks that could be taken for clicks."""
    time_s = np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    loudness = 1e-4 if kind == "silence" else 1.0
    return (loudness * np.sin(2 * np.pi * 150 * time_s)).astype(np.float32)


def plan_of(*blocks: Play | Frame, **options) -> EditPlan:
    fields = {"kind": "test", "relation": "performance", "gains_db": {"backing": 0.0}}
    return EditPlan(blocks=blocks, sound=SoundPlan(), seed=1, **fields | options)


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_is_heard_where_the_truth_says(kind: str) -> None:
    plan = draw_plan(kind, SOURCE, seed=5)
    samples = render_edit(plan, STEMS, quiet_foreign, sample_rate=SAMPLE_RATE)
    annotation = find_annotation(plan, MARKS_S)
    assert len(annotation.cover_s) > 20
    inside = annotation.cover_s < plan.duration_s - 0.1
    errors_ms = click_errors_ms(samples, annotation.cover_s[inside])
    own_ms = np.median(click_errors_ms(STEMS["backing"], MARKS_S))
    assert abs(np.median(errors_ms) - own_ms) < 2
    if kind not in ("phone", "everything"):  # where crowd and room hide single clicks
        assert np.percentile(np.abs(errors_ms - own_ms), 98) < 5


@pytest.mark.parametrize("kind", KINDS)
def test_a_plan_follows_from_its_seed_and_survives_json(kind: str) -> None:
    plan = draw_plan(kind, SOURCE, seed=9)
    assert draw_plan(kind, SOURCE, seed=9) == plan
    assert EditPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_drawn_can_be_played(kind: str) -> None:
    for seed in range(30):
        check_plan(draw_plan(kind, SOURCE, seed=seed))


def check_plan(plan: EditPlan) -> None:
    annotation = find_annotation(plan, MARKS_S)
    assert np.all(np.diff(annotation.cover_s) > 0)
    for segment in np.unique(annotation.segment):
        assert np.all(np.diff(annotation.reference_s[annotation.segment == segment]) > 0)
        assert np.sum(annotation.segment == segment) > 1
    for overlay in plan.overlays:
        assert 0 <= overlay.start_s < plan.duration_s
    assert all(block.end_s <= DURATION_S for block in plan.blocks if isinstance(block, Play))


def test_the_same_plan_gives_the_same_samples() -> None:
    plan = draw_plan("everything", SOURCE, seed=2)
    first, second = (
        render_edit(plan, STEMS, quiet_foreign, sample_rate=SAMPLE_RATE) for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    assert len(first) == round(plan.duration_s * SAMPLE_RATE)
    assert np.abs(first).max() <= 1


def test_a_jump_and_a_frame_open_segments_and_a_change_of_tempo_does_not() -> None:
    plan = plan_of(Play(0, 10), Play(10, 20, 1.25), Frame("talk", 5.0), Play(20, 22), Play(25, 32))
    annotation = find_annotation(plan, np.arange(0.0, 32.0))
    assert annotation.cover_s[:11].tolist() == pytest.approx(list(range(11)))
    assert annotation.cover_s[11] == pytest.approx(10 + 1 / 1.25)
    assert annotation.segment.tolist() == [0] * 20 + [1] * 2 + [2] * 7
    assert annotation.foreign_s.tolist() == [[18.0, 23.0]]


def test_a_plan_that_begins_with_talk_counts_segments_from_zero() -> None:
    plan = plan_of(Frame("talk", 4.0), Frame("silence", 1.0), Play(0, 10))
    assert set(find_annotation(plan, np.arange(0.0, 10.0)).segment) == {0}
    assert find_foreign(plan) == [(0.0, 5.0)]


def test_foreign_sound_is_where_the_truth_says() -> None:
    plan = plan_of(Frame("talk", 3.0), Play(0, 5), Frame("silence", 2.0), gains_db={"mute": 0.0})
    stems = {"mute": np.zeros(round(DURATION_S * SAMPLE_RATE), np.float32)}
    samples = render_edit(plan, stems, quiet_foreign, sample_rate=SAMPLE_RATE)
    heard = np.flatnonzero(np.abs(samples) > 0.01) / SAMPLE_RATE
    assert heard[0] < 0.02
    assert heard[-1] == pytest.approx(3.0, abs=0.02)


def test_an_overlay_leaves_the_song_where_it_is() -> None:
    plan = plan_of(Play(0, 20), overlays=(Overlay("talk", 5.0, 4.0, 6.0),))
    over = render_edit(plan, STEMS, quiet_foreign, sample_rate=SAMPLE_RATE)
    assert find_foreign(plan) == []
    power = np.square(over).reshape(-1, SAMPLE_RATE).mean(axis=1)
    assert power[5:9].min() > 2 * np.delete(power, range(5, 9)).max()


@pytest.mark.parametrize(
    ("options", "rate", "expected"),
    [
        ({"semitones": -3.2}, 1.0, (-3, -20.0)),
        ({"on_tape": True}, 2 ** (1 / 12), (1, 0.0)),
        ({}, 1.5, (0, 0.0)),
    ],
)
def test_the_key_follows_from_the_plan(options, rate: float, expected) -> None:
    assert find_pitch(plan_of(Play(0, 10, rate), **options)) == pytest.approx(expected)


@pytest.mark.parametrize("options", [{"semitones": 3.0}, {"on_tape": True}])
def test_the_key_is_heard(options) -> None:
    rate = 2 ** (3 / 12) if options.get("on_tape") else 0.8
    time_s = np.arange(round(10 * SAMPLE_RATE)) / SAMPLE_RATE
    tone = {"backing": np.sin(2 * np.pi * 440 * time_s).astype(np.float32)}
    plan = plan_of(Play(0, 10, rate), **options)
    heard = render_edit(plan, tone, quiet_foreign, sample_rate=SAMPLE_RATE)
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    loudest_hz = np.argmax(spectrum) * SAMPLE_RATE / len(heard)
    assert loudest_hz == pytest.approx(440 * 2 ** (3 / 12), rel=0.004)


def test_what_cannot_be_played_is_refused() -> None:
    with pytest.raises(EditPlanError, match=r"rate=2\.5 must lie in 0\.5\.\.2\.0"):
        plan_of(Play(0, 10, 2.5))
    with pytest.raises(EditPlanError, match="must last longer"):
        plan_of(Play(5, 5))
    with pytest.raises(EditPlanError, match="not an edit plan"):
        EditPlan.from_json({"kind": "cut"})
    with pytest.raises(EditKindError, match="kind='polka' is none of stretch"):
        draw_plan("polka", SOURCE, seed=0)
    with pytest.raises(EditKindError, match="needs the stem guitar"):
        draw_plan("stem_guitar", Source(MARKS_S, DURATION_S, ("mix",)), seed=0)
