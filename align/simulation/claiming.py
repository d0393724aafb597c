"""A folder keeps to the recipe that it was begun with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from align.datasets.beside import read_document
from align.simulation.recipe import RecipeError
from align.writing import write_json

RECIPE_FILE = "recipe.json"


def claim_folder(folder: Path, recipe: Mapping[str, Any]) -> None:
    """Take a new folder, or go on in one of the same recipe, whatever it is called.

    Parameters
    ----------
    recipe
        what the recordings follow from as JSON, with `schema`, `name`, and `songs` with `covers`

    Raises
    ------
    RecipeError
        when the folder holds another recipe, or something else
    """
    path = folder / RECIPE_FILE
    if path.exists():
        _require_same(folder, read_document(path), json.loads(json.dumps(recipe)))
    elif folder.exists() and any(folder.iterdir()):
        raise RecipeError(f"{folder} is not empty and holds no {RECIPE_FILE}: choose a new folder")
    else:
        write_json(path, recipe)


def _require_same(folder: Path, found: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    if found.get("schema") != asked["schema"]:
        raise RecipeError(f"{folder} holds another kind of data set: choose a new folder")
    if {**found, "name": asked["name"]} != asked:
        raise RecipeError(
            f"{folder} holds another recipe ({_size(found)}, asked for {_size(asked)}, drawn "
            "anew from other tunes, seed or options): choose a new folder"
        )


def _size(recipe: Mapping[str, Any]) -> str:
    songs = recipe["songs"]
    return f"{len(songs)} songs, {sum(len(song['covers']) for song in songs)} covers"
