"""The screening data set: what it lists, what it refuses, and that it goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.datasets.simulated import screening
from align.evaluation.datasets.simulated.screening import Screening, SongJob, write_screening
from align.simulation.recipe import RecipeError
from align.simulation.songbook import held_out_songbook
from align.simulation.splits import limit_sources, load_split
from catalog.errors import InputError

OWN_SOUNDS = ("own-additive", "own-models", "own-drums", "own-singer")
BOOK = {name: held_out_songbook()[name] for name in ("ode-to-joy", "clementine")}
SMALL = Screening("small", BOOK, limit_sources(load_split("train"), OWN_SOUNDS), 3, ("copy",))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screening")
    write_screening(folder, SMALL, n_processes=2)
    return folder


def test_fewer_than_two_tunes_are_refused() -> None:
    one = {"ode-to-joy": BOOK["ode-to-joy"]}
    with pytest.raises(InputError, match="1 tune is too few for screening: give at least 2"):
        replace(SMALL, songbook=one)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="'medley' is no kind of screening: choose from copy, "):
        replace(SMALL, kinds=("medley",))


def test_every_kind_stands_beside_a_song() -> None:
    stems = replace(SMALL, kinds=()).stems
    assert stems[:2] == ["ode-to-joy-reference", "ode-to-joy-01-copy"]
    assert len(stems) == len(set(stems)) == 2 * 12


def test_what_is_listed_is_rendered_and_described(rendered: Path) -> None:
    dataset = read_dataset(rendered)
    files = {each.file.stem for each in (*dataset.recordings, *dataset.negatives)}
    assert files == set(SMALL.stems) == {each.stem for each in rendered.glob("*.flac")}
    for cover in dataset.covers:
        truth = json.loads((rendered / f"{cover.file.stem}.truth.json").read_text())
        assert cover.relation == truth["relation"] == "same_recording"
        assert cover.annotation is not None


def test_a_broken_off_run_goes_on_and_renders_only_what_is_missing(rendered: Path) -> None:
    lost = rendered / "ode-to-joy-01-copy.flac"
    truth = lost.with_name("ode-to-joy-01-copy.truth.json").read_text()
    stamps = {each: each.stat().st_mtime_ns for each in rendered.glob("*.flac") if each != lost}
    lost.unlink()
    (rendered / "dataset.json").unlink()
    write_screening(rendered, SMALL, n_processes=2)
    assert lost.exists()
    assert lost.with_name("ode-to-joy-01-copy.truth.json").read_text() == truth
    assert {each: each.stat().st_mtime_ns for each in stamps} == stamps
    assert (rendered / "dataset.json").exists()


def test_a_finished_song_is_not_played_again(
    rendered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played: list[SongJob] = []
    monkeypatch.setattr(screening, "_prepare", played.append)
    write_screening(rendered, SMALL, n_processes=1)
    assert played == []


@pytest.mark.parametrize(
    "other",
    [
        replace(SMALL, seed=4),
        replace(SMALL, kinds=("copy", "interview")),
        replace(SMALL, songbook=MappingProxyType({**BOOK, "clementine": BOOK["ode-to-joy"]})),
    ],
)
def test_a_folder_keeps_to_what_it_was_begun_with(rendered: Path, other: Screening) -> None:
    stamps = {each: each.stat().st_mtime_ns for each in rendered.iterdir()}
    with pytest.raises(RecipeError, match=r"another recipe \(2 songs, 2 covers, asked for"):
        write_screening(rendered, other, n_processes=1)
    assert {each: each.stat().st_mtime_ns for each in rendered.iterdir()} == stamps


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text('{"schema": "covers.recipe/1", "songs": []}')
    with pytest.raises(RecipeError, match="another kind of data set: choose a new folder"):
        write_screening(tmp_path, SMALL, n_processes=1)
    (tmp_path / "recipe.json").rename(tmp_path / "letter.txt")
    with pytest.raises(RecipeError, match=r"is not empty and holds no recipe\.json"):
        write_screening(tmp_path, SMALL, n_processes=1)
