"""A simulated data set as data: which songs, which covers of each, and the plan of every one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.simulation.plan import CoverPlan
from catalog.errors import InputError


class RecipeError(InputError):
    """A recipe that cannot be read, or does not belong to what it is used with."""


@dataclass(frozen=True)
class RecordingRecipe:
    """One recording.

    Attributes
    ----------
    stem
        of its files, unique in the data set
    other
        name of the tune of a medley, empty where there is none
    """

    stem: str
    kind: str
    plan: CoverPlan
    other: str = ""


@dataclass(frozen=True)
class SongRecipe:
    """A song: its tune's name in the songbook, the seed of its form, its recordings."""

    id: str
    tune: str
    form_seed: int
    reference: RecordingRecipe
    covers: tuple[RecordingRecipe, ...]

    @property
    def recordings(self) -> tuple[RecordingRecipe, ...]:
        """The reference and its covers."""
        return (self.reference, *self.covers)


@dataclass(frozen=True)
class Recipe:
    """A whole data set. `split` says what its tunes, styles and sounds are for: train or test."""

    name: str
    split: str
    songs: tuple[SongRecipe, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain lists, numbers and strings; `from_json` gives the same recipe back."""
        return {
            "schema": "covers.recipe/1",
            "name": self.name,
            "split": self.split,
            "songs": [_song_to_json(song) for song in self.songs],
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Recipe:
        """Read what `to_json` wrote; RecipeError says what does not belong."""
        try:
            songs = tuple(_song_from_json(song) for song in document["songs"])
            return cls(document["name"], document["split"], songs)
        except (KeyError, TypeError) as error:
            raise RecipeError(f"not a recipe of covers simulate: {error!r}") from error


def read_recipe(path: Path) -> Recipe:
    """Read a recipe file; RecipeError when it is none."""
    try:
        return Recipe.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path} is not a recipe of covers simulate: {error}") from error


def _song_to_json(song: SongRecipe) -> dict[str, Any]:
    return {
        "id": song.id,
        "tune": song.tune,
        "form_seed": song.form_seed,
        "reference": _recording_to_json(song.reference),
        "covers": [_recording_to_json(cover) for cover in song.covers],
    }


def _song_from_json(table: Mapping[str, Any]) -> SongRecipe:
    return SongRecipe(
        id=table["id"],
        tune=table["tune"],
        form_seed=table["form_seed"],
        reference=_recording_from_json(table["reference"]),
        covers=tuple(_recording_from_json(cover) for cover in table["covers"]),
    )


def _recording_to_json(recording: RecordingRecipe) -> dict[str, Any]:
    return {
        "stem": recording.stem,
        "kind": recording.kind,
        "other": recording.other,
        "plan": recording.plan.to_json(),
    }


def _recording_from_json(table: Mapping[str, Any]) -> RecordingRecipe:
    plan = CoverPlan.from_json(table["plan"])
    return RecordingRecipe(table["stem"], table["kind"], plan, table["other"])
