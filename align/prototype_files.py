"""What was learned of a song, kept in the data folder: one file for each reference and model.

A judgement against the prototypes is kept too, so that it is known how many covers were asked. A
file that is damaged, or that other networks made, is as good as none.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from align.alignment import MODEL, Track
from align.network.hearing import Places
from align.sharpening import Prototypes, Sharpening
from align.writing import write_atomically
from catalog.errors import StorageError
from catalog.settings import get_settings

SAME_EMBEDDING = 0.02
"""Another machine hears the same recording within this; other weights do not."""


@dataclass(frozen=True)
class StoredPrototypes:
    """Prototypes, and whether they measured better than the Reference's own embeddings."""

    prototypes: Prototypes
    kept: bool


def sharpened(track: Track, sha256: str) -> Track:
    """A reference with the song's kept prototypes in the place of its own places.

    Parameters
    ----------
    sha256
        of the reference's media, in hexadecimal
    """
    stored = load_prototypes(sha256, track.heard.places)
    if stored is None or not stored.kept:
        return track
    places = stored.prototypes.instead_of(track.heard.places)
    return replace(track, heard=replace(track.heard, places=places))


def prototypes_path(sha256: str) -> Path:
    """Where a song's prototypes are kept."""
    return get_settings().data_folder / "prototypes" / f"{sha256}-{MODEL}.npz"


def save_prototypes(sha256: str, heard: Places, sharpening: Sharpening) -> None:
    """Write prototypes atomically, beside what the Reference alone sounded like.

    Raises
    ------
    StorageError
        when the folder cannot be written to
    """

    def write(temporary: Path) -> None:
        try:
            with temporary.open("wb") as target:
                np.savez_compressed(
                    target,
                    model=MODEL,
                    reference=sha256,
                    heard=heard.embedding,
                    embedding=sharpening.prototypes.embedding,
                    n_covers=sharpening.prototypes.n_covers,
                    kept=sharpening.kept,
                )
        except OSError as error:
            raise StorageError(f"cannot write {temporary}: {error.strerror}") from error

    write_atomically(prototypes_path(sha256), write)


def load_prototypes(sha256: str, heard: Places) -> StoredPrototypes | None:
    """Read prototypes; `None` where there are none for this reference as it is heard now."""
    try:
        with np.load(prototypes_path(sha256), allow_pickle=False) as stored:
            if (str(stored["model"]), str(stored["reference"])) != (MODEL, sha256):
                return None
            if not _alike(stored["heard"], heard.embedding):
                return None
            embedding = stored["embedding"]
            if embedding.shape != heard.embedding.shape or not np.isfinite(embedding).all():
                return None
            prototypes = Prototypes(embedding.astype(np.float32), int(stored["n_covers"]))
            return StoredPrototypes(prototypes, bool(stored["kept"]))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None


def _alike(stored: np.ndarray, heard: np.ndarray) -> bool:
    return stored.shape == heard.shape and bool(np.allclose(stored, heard, atol=SAME_EMBEDDING))
