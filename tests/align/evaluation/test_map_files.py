import json
from pathlib import Path
from typing import Any

import pytest

from align.evaluation.map_files import read_map_file
from catalog.errors import InputError
from catalog.time_map import TimeMap

COVER = "cover.wav"
SEGMENT = {"reference_s": [0.0, 10.0], "cover_s": [1.0, 12.0]}


def written(folder: Path, document: Any) -> Path:
    path = folder / "cover.json"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    "document",
    [
        [SEGMENT],
        {"segments": [SEGMENT]},
        {"schema": "covers.map/1", "file": COVER, "segments": [SEGMENT | {"confidence": [1, 1]}]},
    ],
)
def test_segments_are_read_with_whatever_is_around_them(tmp_path: Path, document: Any) -> None:
    found = read_map_file(written(tmp_path, document), COVER)
    assert found.time_map is not None
    assert found.time_map.to_json() == [SEGMENT | {"confidence": [1.0, 1.0]}]
    assert found.confidence is found.model is None


def test_an_alignment_says_how_sure_it_is_and_what_found_it(tmp_path: Path) -> None:
    document = {"schema": "covers.alignment/1", "model": "mine/2", "confidence": 0.25,
                "relation": "unrelated", "segments": []}  # fmt: skip
    found = read_map_file(written(tmp_path, document), COVER)
    assert (found.time_map, found.confidence, found.model) == (TimeMap(), 0.25, "mine/2")


def test_a_failure_is_no_empty_map(tmp_path: Path) -> None:
    assert read_map_file(written(tmp_path, {"segments": None}), COVER).time_map is None


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({"beats_s": []}, "cover.json has no segments"),
        (3, "has no segments"),
        ({"segments": 3}, "cover.json: "),
        ({"segments": [3]}, "something else than numbers"),
        ({"segments": [{"cover_s": [1, 2]}]}, "without 'reference_s'"),
        ({"segments": [SEGMENT, SEGMENT]}, "overlap in cover time"),
        ({"segments": [{"reference_s": [1, 0], "cover_s": [0, 1]}]}, "strictly increasing"),
        ({"segments": [], "file": "other.wav"}, "is the map of other.wav, not of cover.wav"),
        ({"segments": [], "confidence": 7}, "confidence 7 is no number from 0 to 1"),
        ({"segments": [], "model": 2}, "model 2 is no text"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, document: Any, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        read_map_file(written(tmp_path, document), COVER)


def test_what_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cover.json"
    path.write_text("{")
    with pytest.raises(InputError, match=r"cover\.json cannot be read as JSON"):
        read_map_file(path, COVER)
