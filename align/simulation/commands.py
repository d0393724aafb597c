"""`covers simulate`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalog.console import progress_bar, progress_console
from catalog.errors import InputError

simulate_app = typer.Typer(rich_markup_mode=None)


@simulate_app.command()
def simulate(
    tunes: Annotated[
        Path, typer.Argument(help="Lead sheets: an ABC, MusicXML or .txt file, or a folder.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder of the data set; a new one, or resumed.")
    ],
    songs: Annotated[int | None, typer.Option(min=1, help="How many tunes, drawn by seed.")] = None,
    covers: Annotated[int, typer.Option(min=0, help="Covers of each song.")] = 4,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data set.")] = 0,
    split: Annotated[
        str, typer.Option(help="train, without what is kept for tests, or test.")
    ] = "train",
    kind: Annotated[
        list[str] | None, typer.Option(help="Kinds of covers, such as metal or cut; else all.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Sound sources to use; else all of the split.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one a core.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Only say what would be rendered.")] = False,
) -> None:
    """Play covers of tunes by program, with exact truth for every beat, section, cut and repeat.

    \b
    Example:
      covers simulate folk-tunes.abc --songs 20 --covers 6 --seed 7 --output simulated

    Writes a data set that `covers evaluate` reads: mono FLAC files, and beside
    each its annotation, beats, sections and foreign spans. A run that was interrupted goes on
    where it stopped. Soundfonts and drum kits are fetched on first use; with
    `--source own-additive --source own-models --source own-drums --source own-singer` nothing is.
    """
    from align.parallel import count_cores
    from align.simulation.drawing import Wish, draw_recipe
    from align.simulation.rendering import render_recipe
    from align.simulation.songbook import choose_tunes, read_songbook
    from align.simulation.splits import limit_sources, load_split

    chosen_split = limit_sources(load_split(split), source or [])
    book, refused = read_songbook(tunes, split=split)
    for reason in refused if progress_console.is_terminal else ():
        progress_console.print(f"left out: {reason}", markup=False)
    book = choose_tunes(book, songs, seed=seed)
    wish = Wish(output.name, covers, seed, tuple(kind or ()))
    recipe = draw_recipe(book, chosen_split, wish)
    stems = [each.stem for song in recipe.songs for each in song.recordings]
    if not stems:
        first = f": {len(refused)} were left out, first {refused[0]}" if refused else ""
        raise InputError(f"{tunes} holds no tune that can be used{first}")
    if list_:
        for stem in stems:
            typer.echo(stem)
        return
    with progress_bar("Rendering", len(stems)) as done:
        render_recipe(recipe, book, output, n_processes=jobs or count_cores(), done=done)
    typer.echo(output)
