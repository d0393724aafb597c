from typing import Any

import numpy as np
import pytest

from align.network.hearing import Places
from align.network.inputs import place_times
from align.sharpening import VerifiedCover, learn_prototypes, log_posterior, sharpen
from catalog.time_map import Segment, TimeMap

N_PLACES, SIZE = 60, 64
TRUE = np.random.default_rng(1).standard_normal((N_PLACES, SIZE))
TIMES_S = place_times(N_PLACES)
WHOLE = TimeMap((Segment.of([0.0, 9.6], [0.0, 9.6]),))


def places(seed: int, *, noise: float = 1.0, of: np.ndarray = TRUE) -> Places:
    """The song's true embeddings, disguised by one recording's own noise."""
    random = np.random.default_rng(seed)
    rows = of + noise * random.standard_normal(of.shape)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return Places(rows.astype(np.float32), np.zeros(len(of), np.float32), 12.0)


def cover(seed: int, **options: Any) -> VerifiedCover:
    return VerifiedCover.of(f"cover {seed}", places(seed, **options), WHOLE)


def likeness_to_truth(embedding: np.ndarray) -> np.ndarray:
    return (embedding * TRUE).sum(axis=1) / np.linalg.norm(TRUE, axis=1)


def test_a_map_tells_where_each_frame_lies() -> None:
    half_tempo = TimeMap((Segment.of([1.0, 3.0], [2.0, 6.0]),))
    found = VerifiedCover.of("half", places(1), half_tempo).reference_frame
    inside = (TIMES_S >= 2) & (TIMES_S <= 6)
    assert np.array_equal(np.isfinite(found), inside)
    assert TIMES_S[0] + found[inside] * 0.16 == pytest.approx(TIMES_S[inside] / 2)


def test_covers_bring_prototypes_nearer_to_the_song() -> None:
    reference = places(0)
    found = learn_prototypes(reference, [cover(seed) for seed in (1, 2, 3, 4)])
    assert found.n_covers == 4
    assert np.linalg.norm(found.embedding, axis=1) == pytest.approx(1, abs=1e-5)
    nearer = likeness_to_truth(found.embedding) - likeness_to_truth(reference.embedding)
    assert nearer.mean() > 0.05
    few = learn_prototypes(reference, [cover(1)]).embedding
    moved = [np.linalg.norm(each - reference.embedding) for each in (few, found.embedding)]
    assert moved[0] < moved[1]


def test_however_many_covers_the_reference_keeps_its_word() -> None:
    reference, strange = places(0), cover(3, of=-TRUE)
    found = learn_prototypes(reference, [strange] * 50).embedding
    assert (found * reference.embedding).sum(axis=1).min() > 0.5


def test_only_places_that_a_cover_plays_are_moved() -> None:
    reference = places(0)
    part = TimeMap((Segment.of([0.0, 3.0], [0.0, 3.0]),))
    found = learn_prototypes(reference, [VerifiedCover.of("part", places(1), part)]).embedding
    moved = np.linalg.norm(found - reference.embedding, axis=1) > 1e-4
    assert moved[:18].all()
    assert not moved[24:].any()


def test_prototypes_take_the_place_of_the_references_embeddings() -> None:
    reference = places(0)
    prototypes = learn_prototypes(reference, [cover(1)])
    stead = prototypes.instead_of(reference)
    assert stead.embedding is prototypes.embedding
    assert stead.scale == reference.scale


def test_the_posterior_is_a_share_of_all_places_and_none() -> None:
    nothing_known = Places(np.zeros((N_PLACES, SIZE)), np.zeros(N_PLACES), 1.0)
    asked = VerifiedCover("one", nothing_known, np.full(N_PLACES, 30.0))
    assert log_posterior(nothing_known, asked) == pytest.approx(np.log(3 / (2 * N_PLACES)))
    nowhere = VerifiedCover("none", nothing_known, np.full(N_PLACES, np.nan))
    assert log_posterior(nothing_known, nowhere) == 0


def test_covers_of_the_song_are_kept() -> None:
    found = sharpen(places(0), [cover(seed) for seed in (1, 2, 3, 4)])
    assert found.kept
    assert [each.cover for each in found.gains] == [f"cover {seed}" for seed in (1, 2, 3, 4)]
    assert all(each.nats > 0.02 for each in found.gains)


def test_covers_that_share_nothing_are_not_kept() -> None:
    found = sharpen(places(0, noise=0.3), [cover(seed, noise=30.0) for seed in (1, 2, 3)])
    assert not found.kept


def test_no_cover_judges_what_it_taught_itself() -> None:
    shared = [cover(seed) for seed in (1, 2)]
    strange = cover(3, of=-TRUE)
    alone = sharpen(places(0), [*shared, strange]).gains[2]
    by_others = learn_prototypes(places(0), shared).instead_of(places(0))
    assert alone.after == pytest.approx(log_posterior(by_others, strange))
    assert alone.before == pytest.approx(log_posterior(places(0), strange))


def test_one_large_gain_does_not_outweigh_a_majority_that_loses() -> None:
    from align.sharpening import Gain, Prototypes, Sharpening

    gains = [Gain("a", -3, -1), Gain("b", -3, -3.1), Gain("c", -3, -3.1)]
    prototypes = Prototypes(np.zeros((1, SIZE), np.float32), 3)
    assert not Sharpening(prototypes, tuple(gains)).kept
    assert Sharpening(prototypes, tuple(gains[:1])).kept
    hardly = (Gain("a", -3, -2.99), Gain("b", -3, -2.99))
    assert not Sharpening(prototypes, hardly).kept
