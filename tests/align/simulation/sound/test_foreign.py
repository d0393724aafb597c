"""Sounds that are not the song: repeatable, of the length asked for, like what they are named."""

import shutil

import numpy as np
import pytest

from align.simulation.sound import talk
from align.simulation.sound.foreign import KINDS, ForeignSoundError, make_foreign
from catalog.errors import SourceError

RATE = 22050


def make(kind, seconds=3.0, seed=1):
    return make_foreign(kind, seconds, sample_rate=RATE, seed=seed)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_foreign_sound_has_its_length_and_repeats(kind):
    sound = make(kind)
    assert sound.shape == (3 * RATE, 2)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all()
    assert 0 < np.abs(sound).max() <= 1
    assert sound.tobytes() == make(kind).tobytes()
    assert sound.tobytes() != make(kind, seed=2).tobytes()
    assert make(kind, 0.0).shape == (0, 2)


def test_silence_is_next_to_nothing():
    assert np.sqrt((make("silence") ** 2).mean()) < 0.001


def test_applause_is_made_of_claps_and_dies_away():
    level = np.abs(make("applause", 8.0)).max(axis=1).reshape(-1, 441).max(axis=1)
    assert level[-20:].mean() < 0.3 * level[100:200].mean()


def test_talk_has_pauses():
    level = np.sqrt((make("talk", 12.0) ** 2).mean(axis=1).reshape(-1, 441).mean(axis=1))
    assert (level < 0.1 * level.max()).mean() > 0.1


def test_recorded_talk_stands_in_for_espeak(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    try:
        speech = talk.talking(RATE, sample_rate=RATE, rng=np.random.default_rng(0))
    except SourceError as error:
        pytest.skip(str(error))
    assert np.abs(speech).max() == pytest.approx(1)


def test_no_talk_at_all_names_the_remedy(monkeypatch):
    def refuse(name):
        raise SourceError("speech.wav is missing")

    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(talk, "fetch_material", refuse)
    talk._announcements.cache_clear()
    with pytest.raises(SourceError, match="install espeak-ng"):
        talk.talking(RATE, sample_rate=RATE, rng=np.random.default_rng(0))


def test_an_unknown_kind_is_named():
    with pytest.raises(ForeignSoundError, match="opera"):
        make("opera")
