"""The contract of the time map, as the player keeps it too: `tests/data/timemap_cases.json`."""

import json
from pathlib import Path
from typing import Any

import pytest

from catalog.errors import TimeMapError
from catalog.time_map import TimeMap
from webapp.rows_to_json import compact_segment

CONTRACT = json.loads((Path(__file__).parent.parent / "data" / "timemap_cases.json").read_text())
QUESTIONS = (
    "reference_at",
    "confidence_at",
    "rate_at",
    "covers_at",
    "first_cover_at",
    "nearest_cover_at",
)


def named(cases: list[dict[str, Any]]) -> Any:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case["name"])


@pytest.mark.parametrize("question", QUESTIONS)
@named(CONTRACT["cases"])
def test_time_map_answers_as_the_contract_says(case: dict[str, Any], question: str) -> None:
    time_map = TimeMap.from_json(case["segments"])
    for *arguments, expected in case[question]:
        answer = getattr(time_map, question)(*arguments)
        assert answer == (expected if expected is None else pytest.approx(expected)), arguments


@named(CONTRACT["refused"])
def test_time_map_refuses_what_breaks_the_contract(case: dict[str, Any]) -> None:
    with pytest.raises(TimeMapError, match=case["message"]):
        TimeMap.from_json(case["segments"])


@named(CONTRACT["compact"])
def test_compact_form_is_the_one_the_player_expands(case: dict[str, Any]) -> None:
    segments = TimeMap.from_json(case["expanded"]).segments
    assert [compact_segment(each) for each in segments] == case["segments"]
