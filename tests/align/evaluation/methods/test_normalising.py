import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from align.evaluation.methods.normalising import Normalisation, estimate_normalisation, resample

FRAME_RATE = 50


def progression(duration_s: float, seed: int = 0) -> np.ndarray:
    """Chroma of a chord every 1.2 s, no two neighbours alike, (12, frames)."""
    random = np.random.default_rng(seed)
    length = round(1.2 * FRAME_RATE)
    chords = []
    for _ in range(int(duration_s / 1.2)):
        chord = np.full(12, 0.05)
        chord[(random.integers(12) + np.array([0, random.choice([3, 4]), 7])) % 12] = 1.0
        chords.append(np.repeat(chord[:, None], length, axis=1))
    return np.concatenate(chords, axis=1)


REFERENCE = progression(150)


@given(st.floats(0.51, 1.95), st.integers(-6, 5), st.integers(0, 99))
@settings(derandomize=True, max_examples=12)
def test_key_and_tempo_are_found_together(ratio: float, semitones: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    cover = np.roll(resample(REFERENCE, 1 / ratio), semitones, axis=0)
    cover = cover + 0.2 * random.random(cover.shape)
    found = estimate_normalisation(REFERENCE, cover, FRAME_RATE)
    assert found.semitones == semitones
    assert found.tempo_ratio == pytest.approx(ratio, rel=0.02)


def test_cuts_repeats_and_foreign_material_do_not_spoil_it() -> None:
    song = np.roll(resample(REFERENCE, 0.8), 4, axis=0)
    second = FRAME_RATE
    cover = np.concatenate(
        [progression(20, seed=9), song[:, 60 * second : 100 * second], song[:, : 40 * second]],
        axis=1,
    )
    found = estimate_normalisation(REFERENCE, cover, FRAME_RATE)
    assert found.semitones == 4
    assert found.tempo_ratio == pytest.approx(1.25, rel=0.02)


@pytest.mark.parametrize(("ratio", "stretch"), [(1.05, 1.0), (0.95, 1.0), (1.2, 1.2), (0.6, 0.6)])
def test_ratios_near_one_are_left_alone(ratio: float, stretch: float) -> None:
    normalisation = Normalisation(semitones=0, tempo_ratio=ratio, likeness=1.0)
    assert normalisation.stretch == stretch
    scaled = normalisation.scaled(REFERENCE)
    assert scaled.shape[1] == pytest.approx(REFERENCE.shape[1] * stretch, abs=2)


def test_a_cover_is_brought_to_the_references_key() -> None:
    normalisation = Normalisation(semitones=2, tempo_ratio=1.0, likeness=1.0)
    assert np.array_equal(normalisation.in_key(np.roll(REFERENCE, 2, axis=0)), REFERENCE)
