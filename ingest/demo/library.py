"""Reading the demo's manifest and its data sets, and fetching the one that is not shipped."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.errors import SourceError
from catalog.settings import get_settings
from catalog.songs import Found
from ingest.children import python_environment, python_module
from ingest.sources.description import Description
from ingest.sources.folder import read_recording

BUILD_TIMEOUT_S = 900.0


@dataclass(frozen=True)
class DemoSong:
    """One entry of `library.json`.

    Attributes:
        dataset: a folder beside the manifest, or the name of a data set to be built
        descriptions: by a part of the file's name, what a sidecar would say
    """

    slug: str
    title: str
    composer: str
    dataset: str
    to_be_built: bool = False
    descriptions: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoRecordings:
    """What a song's data set holds."""

    reference: Found
    covers: tuple[Found, ...]


def read_library(folder: Path) -> list[DemoSong]:
    """The demo's songs."""
    manifest = json.loads((folder / "library.json").read_text(encoding="utf-8"))
    return [DemoSong(**entry) for entry in manifest]


def read_recordings(song: DemoSong, folder: Path) -> DemoRecordings:
    """The reference and the covers that a data set's folder names."""
    document = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    entry = document["songs"][0]
    covers = (_read(song, folder, cover["file"]) for cover in entry["covers"])
    return DemoRecordings(_read(song, folder, entry["reference"]), tuple(covers))


def _read(song: DemoSong, folder: Path, file: str) -> Found:
    """A recording under a name that stays the same wherever the program is installed."""
    source_id = f"{song.slug}/{file}"
    for part, fields in song.descriptions.items():
        if part in file:
            description = Description.model_validate(fields)
            location = str((folder / file).resolve())
            return description.as_found(
                source="demo", source_id=source_id, location=location, fallback=file
            )
    found = read_recording(folder / file)
    return dataclasses.replace(found, source="demo", source_id=source_id)


def build_dataset(name: str) -> Path:
    """Have a public data set fetched into the cache, unless it is there.

    Raises:
        SourceError: when it cannot be had now.
    """
    folder = get_settings().cache_folder / "datasets" / name
    if (folder / "dataset.json").is_file():
        return folder
    command = python_module("catalog", "dataset", "build", name)
    try:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            timeout=BUILD_TIMEOUT_S,
            env=python_environment(),
        )
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or [f"exit code {error.returncode}"]
        raise SourceError(said[-1].removeprefix("covers: ")) from error
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"not there after {BUILD_TIMEOUT_S:.0f} s") from error
    if not (folder / "dataset.json").is_file():
        raise SourceError(f"{folder} was not built")
    return folder
