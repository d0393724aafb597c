"""No stage of the recording chain moves sound in time."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.signal import correlate

from align.simulation.sound import codecs
from align.simulation.sound.codecs import ENCODERS, CodecError, apply_codec
from align.simulation.sound.levels import clip, compress
from align.simulation.sound.plan import (
    CodecPlan,
    LevelPlan,
    MicrophonePlan,
    NoisePlan,
    RoomPlan,
    SoundPlan,
    draw_sound_plan,
)
from align.simulation.sound.recording import record_mix
from align.simulation.sound.sources import source_names

RATE = 22050
STAGES = {
    "phone": SoundPlan(microphone=MicrophonePlan("phone", 300, 3400, 2.0, ((900, 8),), 0.0)),
    "dull": SoundPlan(microphone=MicrophonePlan("radio", 30, 1500)),
    "church": SoundPlan(room=RoomPlan(4.0, 30, 1.0)),
    "booth": SoundPlan(room=RoomPlan(0.2, 2, 0.8)),
    "squeezed": SoundPlan(level=LevelPlan(-10, 1.0, "hard", 12)),
    "noisy": SoundPlan(noise=NoisePlan(-12, -20, -12, -12)),
}


def music(seconds=3.0, rate=RATE):
    """Plucked tones and bursts of noise at random times, quiet between them."""
    rng = np.random.default_rng(4)
    time_s = np.arange(round(seconds * rate)) / rate
    mono = np.zeros(len(time_s))
    for start_s in rng.uniform(0.1, seconds - 0.5, 12):
        after_s = np.maximum(0, time_s - start_s)
        tone = np.sin(2 * np.pi * rng.uniform(150, 1500) * after_s) + 0.5 * rng.normal(
            size=len(time_s)
        ) * np.exp(-after_s / 0.01)
        mono += (time_s >= start_s) * tone * np.exp(-after_s / 0.15)
    return np.stack([mono, 0.8 * mono], axis=1).astype(np.float32) * 0.1


def lag_ms(heard, played, rate=RATE):
    likeness = correlate(heard.mean(axis=1), played.mean(axis=1), mode="full")
    return 1000 * (int(np.argmax(np.abs(likeness))) - (len(played) - 1)) / rate


def record(plan, sound=None, rate=RATE):
    sound = music(rate=rate) if sound is None else sound
    return record_mix(sound, plan, sample_rate=rate, rng=np.random.default_rng(1))


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_adds_no_delay(stage):
    heard = record(STAGES[stage])
    assert heard.shape == music().shape
    assert abs(lag_ms(heard, music())) < 1


@pytest.mark.parametrize("name", sorted(ENCODERS))
@pytest.mark.parametrize("rate", [22050, 44100])
def test_a_codec_adds_no_delay(name, rate):
    for kbps in (48, 128):
        heard = apply_codec(music(rate=rate), CodecPlan(name, kbps), sample_rate=rate)
        assert heard.shape == music(rate=rate).shape
        assert abs(lag_ms(heard, music(rate=rate), rate)) < 0.3


@pytest.mark.parametrize("late", [57, -31])
def test_a_codec_that_delays_is_put_right(monkeypatch, late):
    """ffmpeg takes its codecs' delays away itself, so here is one that does not."""
    codecs.codec_delay.cache_clear()
    monkeypatch.setattr(
        codecs, "_encode_and_decode", lambda sound, plan, rate: np.roll(sound, late, axis=0)
    )
    heard = apply_codec(music(), CodecPlan("mp3", 64), sample_rate=RATE)
    codecs.codec_delay.cache_clear()
    assert lag_ms(heard, music()) == 0


def test_whole_chains_add_no_delay():
    rng = np.random.default_rng(11)
    for _ in range(6):
        plan = draw_sound_plan(rng, sources=source_names(), severity=0.8)
        assert abs(lag_ms(record(plan), music())) < 1, plan


def test_a_delayed_chain_would_be_seen():
    late = np.roll(record(STAGES["phone"]), 30, axis=0)
    assert lag_ms(late, music()) > 1


@pytest.mark.parametrize("severity", [0.0, 0.5, 1.0])
def test_nothing_clips_unless_asked(severity):
    rng = np.random.default_rng(3)
    for _ in range(3):
        plan = replace(
            draw_sound_plan(rng, sources=source_names(), severity=severity), codec=CodecPlan()
        )
        heard = record(plan, 5 * music())
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() <= 10 ** (-1 / 20) + 1e-3


def test_hard_clipping_flattens_the_peaks():
    sound = music()
    clipped = clip(sound, "hard", drive_db=12)
    ceiling = np.abs(clipped).max()
    assert (np.abs(clipped) > 0.999 * ceiling).mean() > 20 * (
        np.abs(sound) > 0.999 * np.abs(sound).max()
    ).mean()
    assert clip(sound, "none", drive_db=12) is sound


def test_compression_brings_loud_and_quiet_together():
    sound = np.concatenate([music(), 0.1 * music()])
    squeezed = compress(sound, 0.9, sample_rate=RATE)
    loud, quiet = (np.sqrt((half**2).mean()) for half in np.split(squeezed, 2))
    assert loud / quiet < 4


def test_an_unknown_codec_is_named():
    with pytest.raises(CodecError, match="wma"):
        apply_codec(music(), CodecPlan("wma"), sample_rate=RATE)
