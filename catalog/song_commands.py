"""The commands that the catalog brings itself: songs, publishing, settings, tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalog import database
from catalog.audit import COMMAND
from catalog.console import print_json, print_table, progress_console, result_console
from catalog.errors import InputError, NotFoundError
from catalog.lifecycle import Role, Status
from catalog.listener_models import SyncReport
from catalog.models import Song
from catalog.settings import get_settings, shown_settings
from catalog.songs import (
    Found,
    add_recording,
    add_song,
    count_by_status,
    get_song,
    list_songs,
    publish,
)
from catalog.sync_reports import open_reports, resolve_report

song_app = typer.Typer(no_args_is_help=True, help="Add and show songs.")


@song_app.command("add")
def add_song_command(
    slug: Annotated[str, typer.Argument(help="Short name in addresses: london-bridge")],
    reference: Annotated[
        Path, typer.Option(help="The recording that owns the timeline: an audio or video file.")
    ],
    title: Annotated[str | None, typer.Option(help="Title of the song.")] = None,
    composer: Annotated[str | None, typer.Option(help="Who wrote it.")] = None,
    performer: Annotated[str | None, typer.Option(help="Who plays the reference.")] = None,
    licence: Annotated[str | None, typer.Option(help="Terms of the reference recording.")] = None,
    hosted: Annotated[
        bool, typer.Option("--hosted", help="You may serve this file to listeners.")
    ] = False,
) -> None:
    """Add a song and its reference recording; `covers worker` then analyses it."""
    path = _existing_file(reference)
    database.upgrade()
    with database.session() as session:
        song = add_song(session, slug, title=title, composer=composer)
        found = Found(
            source="folder",
            source_id=str(path),
            location=str(path),
            title=song.title,
            performer=performer,
            licence=licence,
        )
        add_recording(session, song, found, role=Role.REFERENCE, hosted=hosted)
    progress_console.print(
        f"Added {slug}. Next: covers ingest add {slug} FOLDER_OR_URL", markup=False
    )


def _existing_file(path: Path) -> Path:
    if not path.is_file():
        raise InputError(f"there is no file {str(path)!r}: give the reference recording's path")
    return path.resolve()


@song_app.command("reference")
def reference_command(
    slug: Annotated[str, typer.Argument(help="The song.")],
    cover_id: Annotated[int, typer.Argument(help="Number of the cover that takes the place.")],
) -> None:
    """Let one of a song's covers be its reference from now on; nothing is lost.

    The maps of all covers, fixed beats and mixes are carried over at once by the cover's own map;
    then `covers worker` aligns the covers again. The old reference stays as a cover. For a
    recording that is not there yet:

    \b
      covers ingest add air better.flac --hosted --wait
      covers ingest status air
      covers song reference air 12
    """
    from catalog.references import make_reference
    from catalog.reviewing import get_cover

    database.upgrade()
    with database.session() as session:
        song, cover = get_song(session, slug), get_cover(session, cover_id)
        if cover.song_id != song.id:
            raise NotFoundError(f"song {slug!r} has no cover {cover_id}")
        replaced = make_reference(session, cover, actor=COMMAND)
    progress_console.print(
        f"Recording {cover_id} is the reference of {slug}. {replaced}", markup=False
    )


@song_app.command("list")
def list_songs_command(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List the songs with their covers by status."""
    database.upgrade()
    with database.reading() as session:
        songs = [(song, count_by_status(session, song)) for song in list_songs(session)]
    if as_json:
        print_json([_song_document(song, counts) for song, counts in songs])
        return
    rows = [[song.slug, song.title, _counts(counts)] for song, counts in songs]
    print_table(["slug", "title", "covers"], rows)


def _song_document(song: Song, counts: dict[Status, int]) -> dict[str, object]:
    return {
        "slug": song.slug,
        "title": song.title,
        "composer": song.composer,
        "covers": {status.value: count for status, count in counts.items()},
    }


def _counts(counts: dict[Status, int]) -> str:
    named = [f"{counts[status]} {status.value}" for status in Status if status in counts]
    return ", ".join(named) or "none"


@song_app.command("reports")
def reports_command(
    slug: Annotated[str, typer.Argument(help="The song.")],
    resolve: Annotated[
        list[int] | None, typer.Option(help="Number of a report that is dealt with.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List where listeners heard covers off the beat, and mark what is dealt with."""
    database.upgrade()
    with database.session() as session:
        song = get_song(session, slug)
        for report_id in resolve or []:
            resolve_report(session, report_id)
        reports = [_report_document(each) for each in open_reports(session, song)]
    if as_json:
        print_json(reports)
        return
    columns = ["id", "cover_id", "cover", "reference_s", "cover_s", "heard_against", "at"]
    print_table(columns, [[str(each[name]) for name in columns] for each in reports])


def _report_document(report: SyncReport) -> dict[str, object]:
    return {
        "id": report.id,
        "cover_id": report.recording_id,
        "cover": report.recording.title,
        "reference_s": report.reference_s,
        "cover_s": report.cover_s,
        "heard_against": None if report.other is None else report.other.title,
        "model": report.model,
        "at": report.created_at.isoformat(timespec="seconds"),
    }


publish_app = typer.Typer(help="Publish covers that wait for review.")


@publish_app.command()
def publish_command(
    slug: Annotated[str, typer.Argument(help="The song.")],
    cover_ids: Annotated[
        list[int] | None,
        typer.Argument(help="Numbers of covers; without any, all that wait in review."),
    ] = None,
) -> None:
    """Publish covers of a song that wait in review."""
    database.upgrade()
    with database.session() as session:
        published = publish(session, get_song(session, slug), cover_ids or [])
        lines = [f"{cover.id}  {cover.title}" for cover in published]
    for line in lines:
        result_console.print(line, markup=False)
    progress_console.print(f"{len(lines)} published.", markup=False)


settings_app = typer.Typer(help="Show the settings in force.")


@settings_app.command()
def settings_command(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show every setting, its value here, and what it means. Passwords are left out."""
    settings = get_settings()
    fields = type(settings).model_fields
    values = shown_settings(settings)
    if as_json:
        print_json(values)
        return
    rows = [
        [f"COVERS_{name.upper()}", str(values[name]), field.description or ""]
        for name, field in fields.items()
    ]
    print_table(["variable", "value", "meaning"], rows)


database_app = typer.Typer(no_args_is_help=True, help="Upgrade or downgrade the tables.")


@database_app.command("upgrade")
def upgrade_command(
    revision: Annotated[str, typer.Argument(help="Where to, the newest by default.")] = "head",
) -> None:
    """Bring the tables up to date. Other commands do so by themselves."""
    database.upgrade(revision)


@database_app.command("downgrade")
def downgrade_command(
    revision: Annotated[str, typer.Argument(help="A revision, or `base` to drop all tables.")],
) -> None:
    """Take the tables back to an earlier revision. What only later tables hold is lost."""
    database.downgrade(revision)
