"""The simulated data sets: what is frozen stays, and liars are what they claim to be."""

import json
from dataclasses import replace

import numpy as np
import pytest

from align.evaluation.datasets.simulated import test_set as frozen
from align.evaluation.datasets.simulated.beats import _programme
from align.evaluation.datasets.simulated.foreign import (
    copied_truth,
    copy_reference,
    play_in_background,
    run_at_speed,
    sing_over_backing,
    speak_alone,
)
from align.evaluation.datasets.simulated.impostor import write_impostor
from align.simulation.arranging.drawing import plan_reference
from align.simulation.plan import CoverPlan
from align.simulation.recipe import RecipeError, read_recipe
from align.simulation.score.identity import SAME_TUNE, melodic_likeness
from align.simulation.score.songform import write_song
from align.simulation.simulator import SAMPLE_RATE, simulate
from align.simulation.songbook import held_out_songbook
from align.simulation.sound.plan import SoundPlan
from align.simulation.sound.sources import load_sources
from tests.materials import needs_material

RECIPE = read_recipe(frozen.RECIPE)
RECORDINGS = [each for song in RECIPE.songs for each in song.recordings]
BOOK = held_out_songbook()


@pytest.fixture(scope="module")
def reference():
    song = write_song(BOOK["ode-to-joy"], seed=1)
    rng = np.random.default_rng(1)
    arrangement = plan_reference(song, rng, styles=["rock"])
    arrangement = replace(arrangement, order=arrangement.order[:2])
    return simulate(song, CoverPlan(arrangement, SoundPlan(), 5))


def test_the_frozen_set_is_as_large_as_promised():
    assert len(RECIPE.songs) >= 20
    assert sum(len(song.covers) for song in RECIPE.songs) >= 60
    assert len({cover.kind for song in RECIPE.songs for cover in song.covers}) >= 15


def test_everything_heard_in_the_frozen_set_is_held_out():
    known = load_sources()
    for recording in RECORDINGS:
        sources = recording.plan.sound.sources
        names = (*sources.instruments, sources.drums, sources.voice)
        assert all(known[name].held_out for name in names), recording.stem
    assert {each.plan.arrangement.arranger for each in RECORDINGS} == {"own", "mma"}


def test_the_simulator_still_plays_what_was_frozen():
    needs_material("mma")
    some = replace(RECIPE, songs=RECIPE.songs[3::8])
    assert list(frozen.find_changed(some)) == []


def test_a_simulator_that_plays_otherwise_is_refused(tmp_path, monkeypatch):
    digests = json.loads(frozen.DIGESTS.read_text())
    digests["recordings"][RECORDINGS[0].stem] = "0" * 64
    (tmp_path / "digests.json").write_text(json.dumps(digests))
    monkeypatch.setattr(frozen, "DIGESTS", tmp_path / "digests.json")
    with pytest.raises(RecipeError, match="amazing-grace-reference otherwise than it did"):
        frozen.build_simulated_test(tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_impostor_keeps_chords_and_bars_and_has_another_melody():
    song, other = (write_song(BOOK[name], seed=2) for name in ("clementine", "silent-night"))
    impostor = write_impostor(song, other)
    assert [bar.chords for bar in impostor.bars] == [bar.chords for bar in song.bars]
    assert [bar.index for bar in impostor.bars] == [bar.index for bar in song.bars]
    assert melodic_likeness(song, impostor) < SAME_TUNE < melodic_likeness(song, song)
    strong = [
        note.pitch % 12 in bar.chords[0].chord.pitch_classes
        for bar in impostor.bars
        for note in bar.melody
        if note.start_beat == 0
    ]
    assert strong
    assert all(strong)


@pytest.mark.parametrize("speed", [0.94, 1.0, 1.06])
def test_a_copy_is_where_its_truth_says(reference, speed):
    audio = run_at_speed(reference.audio, speed)
    truth = copied_truth(reference.truth, speed=speed, later_s=0.0)
    assert truth.relation == "same_recording"
    assert truth.duration_s == pytest.approx(len(audio) / SAMPLE_RATE, abs=1e-3)
    for mark, original in list(zip(truth.marks, reference.truth.marks, strict=True))[8:40:8]:
        here, there = (
            loudness(sound, time_s)
            for sound, time_s in ((audio, mark.time_s), (reference.audio, original.time_s))
        )
        assert here == pytest.approx(there, rel=0.25)


def loudness(audio, time_s):
    first = round(time_s * SAMPLE_RATE)
    return float(np.sqrt(np.mean(audio[first : first + 2205] ** 2)))


def test_talk_before_a_copy_is_foreign_and_moves_every_mark(reference):
    copies = [
        copy_reference(reference, 1.0, SoundPlan(), np.random.default_rng(seed))
        for seed in range(3)
    ]
    later_s = [copy.truth.marks[0].time_s - reference.truth.marks[0].time_s for copy in copies]
    assert max(later_s) > 3
    for copy, moved_s in zip(copies, later_s, strict=True):
        assert len(copy.audio) == round(copy.truth.duration_s * SAMPLE_RATE)
        foreign_s = sum(span.end_s - span.start_s for span in copy.truth.foreign)
        own_s = sum(span.end_s - span.start_s for span in reference.truth.foreign)
        assert foreign_s - own_s == pytest.approx(moved_s, abs=1e-6)


def test_backing_background_and_speech_have_their_relations(reference):
    rng = np.random.default_rng(4)
    plan = CoverPlan(reference.played.plan, SoundPlan(), 5)
    backing = sing_over_backing(reference.played, plan, SoundPlan(), rng)
    background = play_in_background(reference, SoundPlan(), rng)
    speech = speak_alone(5.0, SoundPlan(), rng)
    found = [each.truth.relation for each in (backing, background, speech)]
    assert found == ["backing_track", "background", "unrelated"]
    assert all(np.isfinite(each.audio).all() for each in (backing, background, speech))
    assert speech.truth.foreign[0].end_s == pytest.approx(5.0, abs=0.01)


def test_metre_changes_lead_from_one_metre_to_another():
    pairs = [tunes for tunes in _programme() if len(tunes) == 2]
    assert len(pairs) >= 10
    for first, second in pairs:
        one, other = BOOK[first], BOOK[second]
        assert (one.beats_per_bar, one.subdivision) != (other.beats_per_bar, other.subdivision)
