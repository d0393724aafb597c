"""Where recordings come from: a folder of files, or an address on the web.

A source lists what it has as `Found`s, without fetching any of it.
"""

from __future__ import annotations

from pathlib import Path

from catalog.songs import Found
from ingest.sources import folder, web
from ingest.sources.description import is_address

__all__ = ("LOCAL", "find_recordings", "is_address")

DEFAULT_LIMIT = 200
LOCAL = ("folder", "demo")
"""Sources whose locations are files of this machine."""


def find_recordings(location: str, *, limit: int = DEFAULT_LIMIT) -> list[Found]:
    """Everything that a folder, a file, or an address offers.

    Parameters
    ----------
    limit
        most entries taken from a playlist, channel or feed; folders are read whole

    Raises
    ------
    InputError
        when there is no such folder or a sidecar cannot be read
    SourceError
        when the host does not deliver
    """
    if is_address(location):
        return web.find_recordings(location, limit=limit)
    return folder.find_recordings(Path(location))
