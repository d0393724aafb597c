"""`covers analyse`, `align` and `screen`: parse, call, write.

Importing this module imports nothing heavy; each command imports what it needs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from catalog.console import print_json, progress_console
from catalog.errors import CoversError

analyse_app = typer.Typer(rich_markup_mode=None)
align_app = typer.Typer(rich_markup_mode=None)
screen_app = typer.Typer(rich_markup_mode=None)

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="JSON file to write; stdout without it.", dir_okay=False),
]
ReferenceFile = Annotated[
    Path, typer.Argument(help="The recording that owns the timeline: any audio or video file.")
]


@analyse_app.command()
def analyse(
    file: Annotated[Path, typer.Argument(help="Any audio or video file.")],
    output: Output = None,
) -> None:
    """Find beats, downbeats, tempo and sections of one recording.

    \b
    Example:
      covers analyse song.mp4 --output song.json

    Writes a `covers.analysis/1` document; times are seconds.
    """
    from align.alignment import Track
    from align.documents import analysis_document
    from align.threads import one_thread

    with one_thread():
        say(f"Analysing {file.name}")
        document = analysis_document(Track.read(file).analyse())
    _deliver(document, output)


@align_app.command()
def align(
    reference: ReferenceFile,
    cover: Annotated[Path, typer.Argument(help="The recording to map onto it.")],
    output: Output = None,
    anchors: Annotated[
        Path | None,
        typer.Option(help="CSV with reference_s,cover_s of moments that the map must pass."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option(help="PNG of the map over the similarity matrix.")
    ] = None,
    sonify: Annotated[
        Path | None, typer.Option(help="WAV of the cover with the reference's beats as clicks.")
    ] = None,
) -> None:
    """Map a cover onto its reference recording, beat by beat.

    \b
    Example:
      covers align original.mp3 cover.mp4 --output map.json --plot map.png --sonify check.wav

    Writes a `covers.alignment/1` document. An unrelated recording is a result too: its relation
    is `unrelated` and it has no segments. In the WAV a high click is a downbeat of the
    reference, a low click another beat; where there is no click, nothing is mapped.

    Anchors correct a map: a table of moments that you know, in seconds, under the header
    `reference_s,cover_s`; one line is enough. The map passes exactly through each and is found
    by ear between them, and the cover counts as one of the song. With a third column `segment`,
    there is no jump between anchors of the same number.
    """
    from align.alignment import Track, align_tracks
    from align.anchor_files import read_anchors
    from align.anchors import NO_ANCHORS
    from align.documents import alignment_document
    from align.threads import one_thread

    fixed = NO_ANCHORS if anchors is None else read_anchors(anchors)
    with one_thread():
        say(f"Reading {reference.name}")
        reference_track = Track.read(reference)
        reference_analysis = reference_track.analyse()
        say(f"Reading {cover.name}")
        cover_track = Track.read(cover)
        cover_analysis = cover_track.analyse()
        say("Aligning")
        alignment = align_tracks(reference_track, cover_track, reference_analysis, anchors=fixed)
    document = alignment_document(alignment, reference_analysis, cover_analysis)
    if plot is not None:
        from align.plotting import plot_alignment

        plot_alignment(plot, alignment, reference_analysis, cover_analysis)
    if sonify is not None:
        from align.sonification import sonify_alignment

        assert cover_track.audio is not None
        sonify_alignment(sonify, cover_track.audio, alignment.time_map, reference_analysis)
    _deliver(document, output)


@screen_app.command()
def screen(
    reference: ReferenceFile,
    files: Annotated[list[Path], typer.Argument(help="Recordings to judge.")],
    output: Output = None,
) -> None:
    """Tell by ear what recordings are to a song: a copy, a cover, or something else.

    \b
    Example:
      covers screen original.mp3 downloads/*.mp4 --output verdicts.json

    Writes a `covers.screening/1` document. A file that cannot be read becomes an entry with its
    `error`; the others are judged all the same, and the exit code is 2.
    """
    from align.alignment import Track
    from align.documents import screening_document
    from align.threads import one_thread

    with one_thread():
        say(f"Reading {reference.name}")
        track = Track.read(reference)
        entries = [_screen_one(track, file) for file in files]
    _deliver(screening_document(entries), output)
    if any(entry["error"] for entry in entries):
        raise typer.Exit(2)


def _screen_one(reference: Any, file: Path) -> dict[str, Any]:
    from align.alignment import Track, screen_cover
    from align.documents import failed_entry, screening_entry

    try:
        say(f"Judging {file.name}")
        return screening_entry(str(file), screen_cover(reference, Track.read(file)))
    except CoversError as error:
        progress_console.print(f"covers: {error}", markup=False, soft_wrap=True)
        return failed_entry(str(file), str(error))


def say(message: str) -> None:
    """Say what goes on, to a person: scripts find nothing on stderr but errors."""
    if progress_console.is_terminal:
        progress_console.print(message, markup=False)


def _deliver(document: dict[str, Any], output: Path | None) -> None:
    from align.writing import write_json

    if output is None:
        print_json(document)
    else:
        write_json(output, document)
        say(f"Wrote {output}")
