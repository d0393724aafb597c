"""`covers simulate`: parse, call, write; imports nothing heavy itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalog.console import progress_bar, progress_console
from catalog.errors import InputError

simulate_app = typer.Typer(rich_markup_mode=None)

SHOWN_REASONS = 5


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
        list[str] | None,
        typer.Option(help="A kind of cover, again for more; else all."),
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option(help="Sound sources to use; else all of the split.")
    ] = None,
    name: Annotated[str, typer.Option(help="Of the data set; else the folder's.")] = "",
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; else one a core.")] = None,
    screening: Annotated[
        bool,
        typer.Option(
            "--screening", help="Beside each song what is to be judged: copies, covers, liars."
        ),
    ] = False,
    list_: Annotated[bool, typer.Option("--list", help="Only say what would be rendered.")] = False,
) -> None:
    """Play covers of tunes by program, with exact truth for every beat, section, cut and repeat.

    \b
    Example:
      covers simulate folk-tunes.abc --songs 20 --covers 6 --seed 7 --output simulated

    Kinds: full_band, acoustic_solo, instrumental, metal, a_cappella, electronic,
    changed_harmony, changed_meter, cut, repeat, reordered, medley, early_stop, tempo_extreme,
    key_extreme, rubato, absent_melody. With `--screening` there are eleven
    recordings beside each song instead, as in the data set of that name.

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
    _tell_left_out(refused)
    if not book:
        raise InputError(f"{tunes} holds no tune that can be used")
    book = choose_tunes(book, songs, seed=seed)
    if screening:
        from align.evaluation.datasets.simulated.screening import Screening, write_screening

        asked = Screening(name or output.name, book, chosen_split, seed, tuple(kind or ()))
        if list_:
            typer.echo("\n".join(asked.stems))
            return
        write_screening(output, asked, n_processes=jobs or count_cores())
        typer.echo(output)
        return
    wish = Wish(name or output.name, covers, seed, tuple(kind or ()))
    recipe = draw_recipe(book, chosen_split, wish)
    stems = [each.stem for song in recipe.songs for each in song.recordings]
    if list_:
        typer.echo("\n".join(stems))
        return
    rendered: list[str] = []
    try:
        with progress_bar("Rendering", len(stems)) as show:

            def done(stem: str) -> None:
                rendered.append(stem)
                show(stem)

            render_recipe(recipe, book, output, n_processes=jobs or count_cores(), done=done)
    except KeyboardInterrupt:
        progress_console.print(
            f"covers: {len(rendered)} of {len(stems)} are rendered, the same command goes on"
        )
        raise
    typer.echo(output)


def _tell_left_out(reasons: list[str]) -> None:
    """The first reasons, and how many there are."""
    for reason in reasons[:SHOWN_REASONS]:
        progress_console.print(f"left out: {reason}", markup=False, soft_wrap=True)
    if len(reasons) > SHOWN_REASONS:
        progress_console.print(f"left out: {len(reasons) - SHOWN_REASONS} more")
