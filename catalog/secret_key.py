"""The key that signs cookies: set by the owner, or made once and kept in the data folder."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from catalog.errors import SettingsError, StorageError
from catalog.settings import get_settings

SHORTEST = 32


def read_secret_key() -> str:
    """`COVERS_SECRET_KEY`, or the data folder's own, which is made where there is none.

    Raises:
        SettingsError: when the key that was set is too short to be secret.
        StorageError: when the data folder cannot be written.
    """
    given = get_settings().secret_key
    if given:
        if len(given) < SHORTEST:
            raise SettingsError(
                f"COVERS_SECRET_KEY has {len(given)} characters: take {SHORTEST} or more at "
                "random, or leave it out and one is made in the data folder"
            )
        return given
    return _kept_key(get_settings().data_folder / "secret-key")


def _kept_key(path: Path) -> str:
    """Of several processes that begin at once, all read what the first one wrote."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write_whole(path, secrets.token_hex(32))
        key = path.read_text().strip()
    except OSError as error:
        raise StorageError(f"cannot keep the secret key in {path}: {error.strerror}") from error
    if len(key) < SHORTEST:
        raise SettingsError(f"{path} holds no key: remove it, and a new one is made")
    return key


def _write_whole(path: Path, key: str) -> None:
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as opened:
        opened.write(key)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first, and its key is the one
    finally:
        draft.unlink()


def setup_code() -> str:
    """What proves that somebody reads this machine's terminal: good for making the first admin."""
    key = read_secret_key().encode()
    return hmac.new(key, b"first admin", hashlib.sha256).hexdigest()[:24]
