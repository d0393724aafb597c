import numpy as np
import pytest

from align.rendition.planning import plan_legs
from align.rendition.warping import warp
from catalog.time_map import Segment, TimeMap
from tests.align.rendition.clicks import (
    SAMPLE_RATE,
    ClickCover,
    Sound,
    click_cover,
    click_errors_ms,
)


def rendition_of(cover: ClickCover, *, semitones: float = 0.0) -> Sound:
    rendition = np.zeros((2, round((cover.reference_s[-1] + 1) * SAMPLE_RATE)), np.float32)
    warp(
        plan_legs(cover.time_map),
        cover.sound,
        rendition,
        sample_rate=SAMPLE_RATE,
        semitones=semitones,
    )
    return rendition


def inside(cover: ClickCover) -> slice:
    """Samples of a rendition that are not at its ends."""
    ends_s = cover.reference_s[0] + 0.05, cover.reference_s[-1] - 0.05
    return slice(*(round(each * SAMPLE_RATE) for each in ends_s))


@pytest.mark.parametrize("rate", [0.5, 0.8, 1.0, 1.25, 2.0])
def test_beats_of_a_steady_cover_fall_on_those_of_the_reference(rate: float):
    cover = click_cover([rate] * 12)
    own_ms = np.median(click_errors_ms(cover.sound[0], cover.beats_s))
    errors_ms = click_errors_ms(rendition_of(cover)[0], cover.reference_s[:-1]) - own_ms
    assert np.abs(errors_ms).max() < 2


def test_beats_of_a_swaying_cover_fall_on_those_of_the_reference():
    rng = np.random.default_rng(5)
    cover = click_cover(rng.uniform(0.6, 1.7, 30))
    own_ms = np.median(click_errors_ms(cover.sound[0], cover.beats_s))
    errors_ms = click_errors_ms(rendition_of(cover)[0], cover.reference_s[:-1]) - own_ms
    assert len(plan_legs(cover.time_map)) > 20
    assert np.abs(errors_ms).max() < 5


def test_joints_make_no_clicks_and_no_holes():
    rng = np.random.default_rng(6)
    cover = click_cover(rng.uniform(0.8, 1.25, 30))
    time_s = np.arange(cover.sound.shape[1]) / SAMPLE_RATE
    tone = 0.3 * np.sin(2 * np.pi * 330 * time_s).astype(np.float32)
    pure = ClickCover(cover.beats_s, cover.reference_s, np.stack([tone, tone]))
    heard = rendition_of(pure)[0][inside(pure)]
    # A click is a step between samples; the tone itself has steps of up to 0.3 * 2 pi * 330 / rate.
    assert np.abs(np.diff(heard)).max() < 2 * 0.3 * 2 * np.pi * 330 / SAMPLE_RATE
    windows = heard[: len(heard) // 441 * 441].reshape(-1, 441).std(axis=1)
    assert windows.min() > 0.9 * 0.3 / np.sqrt(2)


def test_loudness_and_the_two_channels_are_kept():
    cover = click_cover([0.9, 1.1] * 10)
    heard = rendition_of(cover)[:, inside(cover)]
    played = cover.sound[:, round(cover.beats_s[0] * SAMPLE_RATE) :]
    gained_db = 20 * np.log10(heard[0].std() / played[0].std())
    assert abs(gained_db) < 1
    assert np.allclose(heard[1], heard[0] / 2, atol=0.01)


def test_what_is_not_mapped_stays_silent():
    cover = click_cover([1.1] * 20)
    gap = TimeMap(
        tuple(
            Segment.of(cover.reference_s[part], cover.beats_s[part])
            for part in (slice(0, 6), slice(10, 21))
        )
    )
    rendition = np.zeros((2, round(14 * SAMPLE_RATE)), np.float32)
    warp(plan_legs(gap), cover.sound, rendition, sample_rate=SAMPLE_RATE)
    silent = slice(*(round(each * SAMPLE_RATE) for each in (3.5, 5.95)))
    assert not rendition[:, silent].any()
    assert rendition[:, round(6.05 * SAMPLE_RATE) :].any()


def test_pitch_moves_without_the_beats():
    cover = click_cover([1.1] * 16)
    heard = rendition_of(cover, semitones=-2)
    middle = heard[0][inside(cover)]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    hz = np.argmax(spectrum[: len(middle) // 40]) * SAMPLE_RATE / len(middle)
    expected_hz = np.array([220.0, 277.2, 329.6, 440.0, 659.3]) * 2 ** (-2 / 12)
    assert np.abs(expected_hz - hz).min() < 1
    errors_ms = click_errors_ms(heard[0], cover.reference_s[1:-1])
    assert np.abs(errors_ms - np.median(errors_ms)).max() < 3
    assert abs(np.median(errors_ms)) < 3


def test_a_map_that_begins_before_the_sound_is_filled_with_silence():
    cover = click_cover([1.0] * 4, start_s=0.0)
    early = ClickCover(cover.beats_s - 0.7, cover.reference_s, cover.sound[:, 30870:])
    assert rendition_of(early)[:, :100].any()
