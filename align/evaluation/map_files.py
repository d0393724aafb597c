"""The file with the map of one cover: `STEM.json` as a run writes it, or as another program does.

Both say where the cover's moments are in the Reference:

    segments       [{"reference_s": [...], "cover_s": [...], "confidence": [...]}], ordered by cover
                   time, both times rising; `null` where the method failed. `confidence` may be left
                   out, and so may all that is around the list
    confidence     of the whole map, 0..1, as in `covers.alignment/1`
    model          what found it, as there
    file           the cover's name, as in `covers.map/1`
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.evaluation.results import EvaluatedCover
from catalog.errors import InputError, TimeMapError
from catalog.time_map import TimeMap


@dataclass(frozen=True)
class MapFile:
    """What a file says, `None` where it says nothing.

    Attributes:
        time_map: `None` where the method failed on the cover
        confidence: that at least 80 % of the beats lie within 50 ms
        model: what found the map
    """

    time_map: TimeMap | None
    confidence: float | None
    model: str | None


def map_document(method: str, cover: EvaluatedCover) -> dict[str, Any]:
    """What a run writes of one cover."""
    return {
        "schema": "covers.map/1",
        "method": method,
        "song": cover.entry.song,
        "file": cover.entry.file.name,
        "segments": None if cover.estimate is None else cover.estimate.to_json(),
    }


def read_map_file(path: Path, cover: str) -> MapFile:
    """The map of a cover, given the name of its recording.

    Raises:
        InputError: when it cannot be read, breaks the contract, or is of another cover.
    """
    document = _read(path)
    if "segments" not in document:
        raise InputError(f"{path} has no segments: write them as in covers.alignment/1")
    if document.get("file", cover) != cover:
        raise InputError(f"{path} is the map of {document['file']}, not of {cover}")
    return MapFile(
        time_map=_time_map(document["segments"], path),
        confidence=_confidence(document.get("confidence"), path),
        model=_model(document.get("model"), path),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: write a map's segments") from error
    if isinstance(document, list):
        return {"segments": document}
    return document if isinstance(document, dict) else {}


def _time_map(segments: Any, path: Path) -> TimeMap | None:
    if segments is None:
        return None
    try:
        return TimeMap.from_json([_certain(each) for each in segments])
    except (TimeMapError, TypeError) as error:
        raise InputError(f"{path}: {error}") from error


def _certain(segment: Any) -> Any:
    """A segment that says nothing of confidence is certain."""
    if not isinstance(segment, dict) or "cover_s" not in segment:
        return segment
    return {"confidence": [1.0] * len(segment["cover_s"])} | segment


def _confidence(value: Any, path: Path) -> float | None:
    if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        raise InputError(f"{path}: confidence {value!r} is no number from 0 to 1")
    return None if value is None else float(value)


def _model(value: Any, path: Path) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InputError(f"{path}: model {value!r} is no text")
    return value
