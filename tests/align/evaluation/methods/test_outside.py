"""Maps of another program beside the methods of this one, on two covers of 32 marks."""

import json
from pathlib import Path

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.choosing import choose_methods
from align.evaluation.evaluating import iterate_evaluations
from align.evaluation.methods.outside import outside_method
from align.evaluation.results import Document
from catalog.errors import InputError
from tests.align.evaluation.small_dataset import COVER_BEAT_S, REFERENCE_BEAT_S, write_dataset

TRUE = [{"reference_s": [0.0, 40.0], "cover_s": [0.1, 0.1 + 40 * COVER_BEAT_S / REFERENCE_BEAT_S]}]
"""Beats begin at 0.5 s in both recordings."""


def ignore(message: str) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One song with one cover."""
    return write_dataset(tmp_path_factory.mktemp("small"))


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "cover.json").write_text(json.dumps(TRUE))
    return tmp_path / "mine"


def measure(folder: Path, maps: Path, jobs: int = 1) -> Document:
    method = outside_method(f"mine={maps}", read_dataset(folder), maps.parent / "out")
    (found,) = iterate_evaluations(folder, [method], report=ignore, jobs=jobs)
    return found.document


@pytest.mark.parametrize("jobs", [1, 2])
def test_maps_are_measured_like_those_of_any_method(folder: Path, maps: Path, jobs: int) -> None:
    document = measure(folder, maps, jobs)
    assert (document["method"], document["model"]) == ("mine", None)
    assert document["source"] == "maps of another program (mine)"
    (row,) = document["covers"]
    assert row["within_25"] == 1 and row["median_ms"] < 1
    assert document["screening"] == document["beats"] == document["sections"] == []


def test_what_they_took_is_unknown(folder: Path, maps: Path) -> None:
    document = measure(folder, maps)
    assert document["covers"][0]["seconds"] is None
    for name in ("seconds_per_cover", "peak_mib", "cold_seconds"):
        assert document["summary"][name] is None


def test_confidence_and_model_of_alignments_are_kept(folder: Path, maps: Path) -> None:
    alignment = {"model": "mine/2", "confidence": 0.5, "segments": TRUE}
    (maps / "cover.json").write_text(json.dumps(alignment))
    document = measure(folder, maps)
    assert document["model"] == "mine/2"
    assert document["covers"][0]["confidence"] == 0.5


def test_a_cover_without_a_map_counts_as_all_wrong(folder: Path, maps: Path) -> None:
    (maps / "cover.json").write_text(json.dumps({"segments": None}))
    (row,) = measure(folder, maps)["covers"]
    assert row["error"] == "cover.json says that no map was found"
    assert row["within_200"] == 0


def test_a_map_that_is_missing_is_said(folder: Path, maps: Path) -> None:
    method = outside_method(f"mine={maps}", read_dataset(folder), maps)
    (maps / "cover.json").unlink()
    (found,) = iterate_evaluations(folder, [method], report=ignore)
    assert found.document["covers"][0]["error"] == "there is no cover.json"


def test_they_come_last_unless_they_are_named(folder: Path, maps: Path) -> None:
    dataset = read_dataset(folder)
    mine = outside_method(f"mine={maps}", dataset, maps)

    def names(*given: str) -> list[str]:
        return [each.name for each in choose_methods(given, dataset, [mine])]

    assert names("linear", "offset") == ["linear", "offset", "mine"]
    assert names("mine", "linear") == ["mine", "linear"]
    assert names() == ["mine"]
    assert names("all")[-1] == "mine"
    with pytest.raises(InputError, match="two of --maps have one name"):
        choose_methods([], dataset, [mine, mine])


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("mine", "'mine' is not NAME=FOLDER"),
        ("../mine=x", "is not NAME=FOLDER"),
        ("mine=", "is not NAME=FOLDER"),
        ("dtw=x", "'dtw' is a method of this program"),
        ("mine=nowhere", "nowhere has no map of a cover of small: .* such as cover.json"),
        ("mine=out/maps/mine", "is where the run writes maps"),
    ],
)
def test_what_cannot_be_used_is_said(folder: Path, given: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        outside_method(given, read_dataset(folder), Path("out"))


def test_a_broken_file_is_refused_before_anything_is_measured(folder: Path, maps: Path) -> None:
    (maps / "cover.json").write_text("[{}]")
    with pytest.raises(InputError, match=r"cover\.json"):
        outside_method(f"mine={maps}", read_dataset(folder), maps)
