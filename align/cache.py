"""Features kept on disk, so that nothing is computed twice.

A file is named by the media's SHA-256 and the feature version; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np

from align.audio import load_audio
from align.features import FEATURE_VERSION, Features, compute_features
from align.writing import write_atomically
from catalog.errors import MediaError, StorageError
from catalog.settings import get_settings

CHUNK_BYTES = 1 << 20


def features_of(media: Path, sha256: str | None = None) -> Features:
    """Features of a media file, from the cache or computed and put there.

    Parameters
    ----------
    sha256
        of the file, in hexadecimal; measured where unknown

    Raises
    ------
    MediaError
        when the file holds no usable sound
    """
    path = cache_path(sha256 or media_sha256(media))
    found = load_features(path)
    if found is None:
        found = compute_features(load_audio(media))
        save_features(path, found)
    return found


def cache_path(sha256: str) -> Path:
    """Where the features of a media file are kept."""
    folder = get_settings().cache_folder / "features"
    return folder / f"{sha256}-{FEATURE_VERSION}.npz"


def save_features(path: Path, features: Features) -> None:
    """Write features atomically.

    Raises:
        StorageError: when the folder cannot be written to.
    """
    write_atomically(path, lambda temporary: _write(temporary, features))


def load_features(path: Path) -> Features | None:
    """Read features; `None` where there are none, or where the file is damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return Features(
                pitch=stored["pitch"],
                attack=stored["attack"],
                tuning_cents=float(stored["tuning_cents"]),
                duration_s=float(stored["duration_s"]),
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def media_sha256(media: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal.

    Raises:
        MediaError: when it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with media.open("rb") as source:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        raise MediaError(f"{media} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def _write(path: Path, features: Features) -> None:
    try:
        with path.open("wb") as target:
            np.savez_compressed(
                target,
                pitch=features.pitch,
                attack=features.attack,
                tuning_cents=features.tuning_cents,
                duration_s=features.duration_s,
            )
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from error
