from dataclasses import replace
from pathlib import Path

import pytest

from align.datasets.writing import write_dataset
from align.evaluation.datasets import registry
from align.evaluation.datasets.registry import DATASETS, build_dataset
from catalog.errors import InputError, NotFoundError

BUILT: list[Path] = []


def build_tiny(folder: Path) -> None:
    """A builder as the registry names them."""
    BUILT.append(folder)
    write_dataset(folder, "tiny", "CC0", [])


def build_half(folder: Path) -> None:
    """A builder that somebody interrupts."""
    (folder / "half").write_text("of it")
    raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    BUILT.clear()
    entry = replace(DATASETS["edited-real"], builder=f"{__name__}:build_tiny")
    half = replace(entry, builder=f"{__name__}:build_half")
    monkeypatch.setattr(registry, "DATASETS", {"tiny": entry, "half": half})


def test_a_data_set_is_built_once(tmp_path: Path) -> None:
    for _ in range(2):
        assert build_dataset("tiny", tmp_path / "new") == tmp_path / "new"
    assert len(BUILT) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_an_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        build_dataset("half", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("dear")
    with pytest.raises(InputError, match="exists and is not empty: name a new folder"):
        build_dataset("tiny", tmp_path)
    assert (tmp_path / "letters").read_text() == "dear"


def test_an_unknown_data_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="choose from tiny, half"):
        build_dataset("greatest-hits", tmp_path / "new")


def test_every_entry_names_a_builder_that_is_there() -> None:
    from importlib import import_module

    for entry in DATASETS.values():
        module, function = entry.builder.split(":")
        assert callable(getattr(import_module(module), function))
