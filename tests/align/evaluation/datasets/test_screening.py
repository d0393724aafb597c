"""The screening data set: what it lists and what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from align.datasets.reading import read_dataset
from align.evaluation.datasets.simulated.screening import Screening, write_screening
from align.simulation.songbook import held_out_songbook
from align.simulation.splits import limit_sources, load_split
from catalog.errors import InputError

OWN_SOUNDS = ("own-additive", "own-models", "own-drums", "own-singer")
BOOK = {name: held_out_songbook()[name] for name in ("ode-to-joy", "clementine")}
SMALL = Screening("small", BOOK, limit_sources(load_split("train"), OWN_SOUNDS), 3, ("copy",))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screening")
    write_screening(folder, SMALL, n_processes=1)
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
