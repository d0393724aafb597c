from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from align import prototype_files
from align.alignment import Track
from align.likeness import Heard
from align.prototype_files import load_prototypes, prototypes_path, save_prototypes, sharpened
from align.sharpening import Gain, Prototypes, Sharpening
from tests.align.test_sharpening import N_PLACES, SIZE, places

SHA256 = "ab" * 32
HEARD = places(0)
LEARNED = places(1)


@pytest.fixture(autouse=True)
def in_library(library: Path) -> None:
    """A data folder of its own."""


def save(*, gain: float = 1.0) -> None:
    gains = tuple(Gain(name, -3.0, gain - 3.0) for name in "abcd")
    save_prototypes(SHA256, HEARD, Sharpening(Prototypes(LEARNED.embedding, 4), gains))


def track() -> Track:
    silence = np.zeros((0, 12), np.float32)
    return Track(None, None, Heard(None, silence, silence, HEARD, None))


def test_kept_prototypes_stand_in_for_the_references_places() -> None:
    assert sharpened(track(), SHA256).heard.places is HEARD
    save()
    found = sharpened(track(), SHA256).heard
    assert np.array_equal(found.places.embedding, LEARNED.embedding)
    assert found.places.outside is HEARD.outside
    stored = load_prototypes(SHA256, HEARD)
    assert stored is not None
    assert stored.prototypes.n_covers == 4


def test_a_verdict_against_prototypes_is_known_and_changes_nothing() -> None:
    save(gain=-1.0)
    stored = load_prototypes(SHA256, HEARD)
    assert stored is not None
    assert not stored.kept
    assert sharpened(track(), SHA256).heard.places is HEARD


def test_what_other_weights_heard_is_not_used() -> None:
    save()
    nearly = replace(HEARD, embedding=HEARD.embedding + np.float32(0.001))
    assert load_prototypes(SHA256, nearly) is not None
    assert load_prototypes(SHA256, LEARNED) is None
    shorter = replace(HEARD, embedding=HEARD.embedding[1:])
    assert load_prototypes(SHA256, shorter) is None


def test_another_model_or_reference_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    save()
    path = prototypes_path(SHA256)
    path.with_name(path.name.replace("ab", "cd")).write_bytes(path.read_bytes())
    assert load_prototypes("cd" * 32, HEARD) is None
    monkeypatch.setattr(prototype_files, "MODEL", "another")
    assert load_prototypes(SHA256, HEARD) is None
    prototypes_path(SHA256).write_bytes(path.read_bytes())
    assert load_prototypes(SHA256, HEARD) is None


@pytest.mark.parametrize("embedding", [np.zeros((3, SIZE)), np.full((N_PLACES, SIZE), np.nan)])
def test_embeddings_that_cannot_be_are_not_used(embedding: np.ndarray) -> None:
    gains = (Gain("a", -3.0, -2.0),)
    save_prototypes(SHA256, HEARD, Sharpening(Prototypes(embedding, 4), gains))
    assert load_prototypes(SHA256, HEARD) is None


def test_a_damaged_file_counts_as_none() -> None:
    save()
    path = prototypes_path(SHA256)
    whole = path.read_bytes()
    for damaged in (b"", b"damaged", whole[: len(whole) // 2], pickled(path)):
        path.write_bytes(damaged)
        assert load_prototypes(SHA256, HEARD) is None
    path.write_bytes(whole)
    assert load_prototypes(SHA256, HEARD) is not None


def pickled(path: Path) -> bytes:
    other = path.with_name("pickled.npz")
    np.savez(other, model=np.array([object()], dtype=object))
    return other.read_bytes()
