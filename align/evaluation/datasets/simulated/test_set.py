"""simulated-test: covers of the test tunes with exact truth, from a recipe that is frozen.

The recipe and a digest of every recording's notes and truth are files here, and beside the digests
the simulator that they were made with. A simulator that plays other notes is refused: figures on
this data set stay comparable. Draw a new one, under a new name, with
``python -m align.evaluation.datasets.simulated.test_set``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from align.parallel import count_cores
from align.simulation.drawing import Wish, draw_recipe
from align.simulation.generator import describe_generator, digest_recording
from align.simulation.recipe import Recipe, RecipeError, read_recipe
from align.simulation.rendering import play_recording, render_recipe
from align.simulation.simulator import truth_of
from align.simulation.songbook import held_out_songbook
from align.simulation.splits import load_split
from align.writing import write_json
from catalog.console import progress_bar

RECIPE = Path(__file__).with_name("simulated-test.json")
DIGESTS = Path(__file__).with_name("simulated-test.digests.json")
WISH = Wish(name="simulated-test", covers_per_song=4, seed=20261122)


def build_simulated_test(folder: Path) -> None:
    """Render the frozen recipe.

    Raises
    ------
    RecipeError
        when this simulator would play something else
    """
    recipe = read_recipe(RECIPE)
    changed = next(find_changed(recipe), None)
    if changed is not None:
        raise RecipeError(
            f"{WISH.name} is frozen, and this simulator plays {changed} otherwise than it did: "
            "use the release that the figures were made with, or draw a new data set"
        )
    n_recordings = sum(len(song.recordings) for song in recipe.songs)
    with progress_bar("Rendering", n_recordings) as done:
        render_recipe(recipe, held_out_songbook(), folder, n_processes=count_cores(), done=done)


def find_changed(recipe: Recipe) -> Iterator[str]:
    """Stems of the recordings whose notes or beats are not those that were frozen."""
    frozen = json.loads(DIGESTS.read_text(encoding="utf-8"))["recordings"]
    return (stem for stem, digest in _digests(recipe) if frozen.get(stem) != digest)


def freeze() -> None:
    """Draw the recipe anew and keep it with its digests."""
    recipe = draw_recipe(held_out_songbook(), load_split("test"), WISH)
    write_json(DIGESTS, {"generator": describe_generator(), "recordings": dict(_digests(recipe))})
    write_json(RECIPE, recipe.to_json())


def _digests(recipe: Recipe) -> Iterator[tuple[str, str]]:
    book = held_out_songbook()
    for song in recipe.songs:
        reference = truth_of(play_recording(song, song.reference, book), song.reference.plan)
        for recording in song.recordings:
            played = play_recording(song, recording, book)
            truth = truth_of(played, recording.plan)
            yield recording.stem, digest_recording(played, truth, reference)


if __name__ == "__main__":
    freeze()
