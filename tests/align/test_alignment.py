from collections.abc import Callable

import numpy as np
import pytest

from align.alignment import CoverAlignment, Track, align_tracks
from align.audio import SAMPLE_RATE, Audio
from catalog.lifecycle import Relation
from catalog.time_map import TimeMap
from tests.align.tones import bars, chained, joined, make_song, noise, perform, steady

N_BARS = 20
NOTES = make_song(N_BARS, seed=7)
REFERENCE_BEAT = steady(0.5)


@pytest.fixture(scope="module")
def align() -> Callable[[Audio], CoverAlignment]:
    reference = Track.of(perform(NOTES, REFERENCE_BEAT))
    analysis = reference.analyse()
    return lambda cover: align_tracks(reference, Track.of(cover), analysis)


def beat_errors_ms(
    time_map: TimeMap, beat_pairs: list[tuple[float, float]], second_of_beat: Callable
) -> np.ndarray:
    """Distance of the map from (reference beat, cover beat) pairs, infinite where unmapped."""
    errors = []
    for reference_beat, cover_beat in beat_pairs:
        found_s = time_map.reference_at(second_of_beat(cover_beat))
        off_s = np.inf if found_s is None else found_s - REFERENCE_BEAT(reference_beat)
        errors.append(1000 * abs(off_s))
    return np.array(errors)


@pytest.mark.parametrize(
    ("beat_s", "transposition"), [(0.5, 0), (0.4, 3), (0.62, -4), (0.3, 2), (0.9, -1)]
)
def test_another_tempo_and_key_are_followed(
    align: Callable, beat_s: float, transposition: int
) -> None:
    tempo = steady(beat_s, start_s=1.0)
    cover = perform(NOTES, tempo, transposition=transposition, brightness=0.3)
    found = align(cover)
    assert found.judgement.relation is Relation.PERFORMANCE
    assert found.transposition_semitones == transposition
    assert abs(found.tuning_cents) < 5
    errors = beat_errors_ms(found.time_map, [(b, b) for b in range(2, 78)], tempo)
    assert np.median(errors) < 30


def test_rubato_is_followed(align: Callable) -> None:
    def tempo(beat: float) -> float:
        return 0.7 + 0.5 * beat + 0.6 * float(np.sin(beat / 6))

    found = align(perform(NOTES, tempo, brightness=0.3))
    errors = beat_errors_ms(found.time_map, [(b, b) for b in range(2, 78)], tempo)
    assert np.median(errors) < 30


def test_a_repeated_part_is_mapped_twice(align: Callable) -> None:
    notes = joined((bars(NOTES, 0, 12), 12), (bars(NOTES, 4, N_BARS), 16))
    tempo = steady(0.45)
    found = align(perform(notes, tempo, brightness=0.3))
    assert len(found.time_map.segments) == 2
    pairs = [(b, b) for b in range(2, 47)] + [(b - 32, b) for b in range(50, 110)]
    assert np.mean(beat_errors_ms(found.time_map, pairs, tempo) < 70) > 0.9


def test_a_left_out_part_is_jumped_over(align: Callable) -> None:
    notes = joined((bars(NOTES, 0, 6), 6), (bars(NOTES, 12, N_BARS), 8))
    tempo = steady(0.5)
    found = align(perform(notes, tempo, brightness=0.3))
    assert len(found.time_map.segments) == 2
    pairs = [(b, b) for b in range(2, 23)] + [(b + 24, b) for b in range(26, 54)]
    assert np.mean(beat_errors_ms(found.time_map, pairs, tempo) < 70) > 0.9


def test_noise_before_and_after_the_song_stays_unmapped(align: Callable) -> None:
    song = perform(NOTES, steady(0.45), brightness=0.3)
    found = align(chained(noise(10), song, noise(8, seed=1)))
    heard = found.time_map.segments
    assert heard[0].start_s == pytest.approx(10.4, abs=1.0)
    assert heard[-1].end_s == pytest.approx(10 + song.duration_s, abs=2.0)
    assert found.time_map.reference_at(5.0) is None


def test_a_copy_is_exact_to_two_milliseconds(align: Callable) -> None:
    original = perform(NOTES, REFERENCE_BEAT)
    quieter = Audio((0.5 * original.samples[round(3.21 * SAMPLE_RATE) :]).astype(np.float32))
    found = align(chained(noise(6), quieter))
    assert found.judgement.relation is Relation.SAME_RECORDING
    for cover_s in (8.0, 20.0, 35.0):
        assert found.time_map.reference_at(cover_s) == pytest.approx(cover_s - 6 + 3.21, abs=0.002)


def test_a_copy_with_more_before_and_after_stays_inside_the_reference(align: Callable) -> None:
    original = perform(NOTES, REFERENCE_BEAT)
    found = align(chained(noise(0.7, seed=3), original, noise(0.7, seed=4)))
    assert found.judgement.relation is Relation.SAME_RECORDING
    for segment in found.time_map.segments:
        assert segment.reference_s[0] >= 0
        assert segment.reference_s[-1] <= original.duration_s


def test_a_copy_that_runs_faster_is_exact_too(align: Callable) -> None:
    original = perform(NOTES, REFERENCE_BEAT)
    positions = np.arange(0, len(original.samples) - 1, 1.02)
    fast = np.interp(positions, np.arange(len(original.samples)), original.samples)
    found = align(Audio(fast.astype(np.float32)))
    assert found.judgement.relation is Relation.SAME_RECORDING
    assert found.time_map.reference_at(20.0) == pytest.approx(20.4, abs=0.004)


@pytest.mark.parametrize(
    "stranger",
    [perform(make_song(N_BARS, seed=99), steady(0.5)), noise(30)],
    ids=["another song", "noise"],
)
def test_unrelated_sound_has_no_map(align: Callable, stranger: Audio) -> None:
    found = align(stranger)
    assert found.judgement.relation is Relation.UNRELATED
    assert found.time_map.segments == ()
    assert found.transposition_semitones == 0


def test_scores_sum_to_one_and_confidence_is_a_share(align: Callable) -> None:
    found = align(perform(NOTES, steady(0.45), brightness=0.3))
    assert sum(found.judgement.scores.values()) == pytest.approx(1)
    assert 0 <= found.confidence <= 1


def test_knots_stand_at_the_mapped_beats_of_the_reference(align: Callable) -> None:
    beats_s = Track.of(perform(NOTES, REFERENCE_BEAT)).analyse().beats_s
    segment = align(perform(NOTES, steady(0.45), brightness=0.3)).time_map.segments[0]
    assert set(segment.reference_s[1:-1]) <= set(beats_s)
    assert len(segment.reference_s) > 0.9 * len(beats_s)
