"""The commands about covers, workers and jobs. Light: what is heavy is imported when used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from catalog import database
from catalog.console import progress_console
from ingest.harvest_commands import add_harvest_commands
from ingest.search_commands import search_app
from ingest.showing import AsJson, Slug, show
from ingest.takedown_commands import opt_out_app

ingest_app = typer.Typer(
    no_args_is_help=True, help="Find covers of a song, and see how far they are."
)
worker_app = typer.Typer(help="Fetch, screen and align what is waiting.")
jobs_app = typer.Typer(help="Show the jobs and what became of them.")
demo_app = typer.Typer(help="Build the demo library and play it.")

doctor_app = typer.Typer(help="Check what the harvest rests on.")


@ingest_app.command("add")
def add_command(
    slug: Slug,
    location: Annotated[
        str,
        typer.Argument(
            help="A folder, a file, or an address: a video, a playlist, a channel, a feed."
        ),
    ],
    hosted: Annotated[
        bool,
        typer.Option("--hosted", help="You have the right to serve these files to listeners."),
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Do the work now, and come back when done.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Most entries taken from an address.")] = 200,
) -> None:
    """Add covers of a song. What the song has already is left as it is.

    Beside STEM.mp4 may lie STEM.info.json with title, uploader, description and license, as
    yt-dlp writes them. `covers worker` does the work:

      covers ingest add londonderry-air ~/covers --hosted --wait
      covers ingest add londonderry-air https://example.org/feed.rss
    """
    from ingest.adding import add_found
    from ingest.sources import find_recordings

    database.upgrade()
    added = add_found(slug, lambda: find_recordings(location, limit=limit), hosted=hosted)
    for each in added.new:
        progress_console.print(f"new  {each.id}  {each.title}", markup=False)
    hint = "" if wait or not added.new else " `covers worker --until-idle` does the work."
    progress_console.print(f"{len(added.new)} new, {added.known} known.{hint}", markup=False)
    if wait:
        from ingest.work import work_until_idle

        work_until_idle()


ingest_app.add_typer(search_app, name="search")
ingest_app.add_typer(opt_out_app, name="opt-out")
add_harvest_commands(ingest_app)


@ingest_app.command("status")
def status_command(
    slug: Annotated[str | None, typer.Argument(help="One song; without it, all.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show where every recording stands, and why."""
    from ingest.adding import describe_recordings

    database.upgrade()
    with database.reading() as session:
        rows = describe_recordings(session, slug)
    show(rows, ["id", "song", "role", "title", "status", "reason"], as_json)


@ingest_app.command("retry")
def retry_command(
    slug: Slug,
    recording_ids: Annotated[
        list[int] | None, typer.Argument(help="Numbers of recordings; without any, all failed.")
    ] = None,
) -> None:
    """Queue failed recordings again, each at the stage that failed."""
    from catalog.songs import get_song
    from ingest.backlog import retry_failed

    database.upgrade()
    with database.session() as session:
        retried = retry_failed(session, get_song(session, slug), recording_ids or [])
        lines = [f"{each.id}  {each.title}" for each in retried]
    for line in lines:
        progress_console.print(line, markup=False)
    progress_console.print(
        f"{len(lines)} queued again. `covers worker --until-idle` does the work.", markup=False
    )


@worker_app.command()
def worker_command(
    until_idle: Annotated[
        bool,
        typer.Option("--until-idle", help="Come back when nothing is left; exit 1 on a failure."),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Processes that align, COVERS_WORKERS by default."),
    ] = None,
) -> None:
    """Run the message broker, the dispatcher and the workers in the foreground.

    A job interrupted by a crash or a stop is done by the next worker. Nothing is left running
    when this command ends.
    """
    from ingest.work import work_forever, work_until_idle

    database.upgrade()
    (work_until_idle if until_idle else work_forever)(workers)


@jobs_app.command()
def jobs_command(as_json: AsJson = False) -> None:
    """Show every job with its attempts, how often a worker died on it, and its error."""
    from ingest.backlog import describe_jobs

    database.upgrade()
    with database.reading() as session:
        rows = describe_jobs(session)
    show(
        rows,
        ["id", "song", "title", "stage", "status", "attempts", "redeliveries", "error"],
        as_json,
    )


@demo_app.command()
def demo_command(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Start the web server afterwards.")
    ] = True,
) -> None:
    """Build the demo library from its recordings, through the whole pipeline, and play it.

    The second time nothing is built again. A build that was interrupted goes on where it was.
    """
    from catalog.ports import check_port
    from catalog.settings import get_settings
    from ingest.demo.build import build, start_server
    from ingest.work import WorkFailedError

    if serve:
        check_port(get_settings().host, get_settings().port)
    try:
        build(Path(__file__).parent / "demo")
    except WorkFailedError as error:
        if not serve:
            raise
        progress_console.print(f"covers: {error}", markup=False, soft_wrap=True)
    if serve:
        start_server()


@doctor_app.command()
def doctor_command(as_json: AsJson = False) -> None:
    """Check yt-dlp, ffmpeg, disk, broker, database and clock. Exit 1 when something is missing."""
    from ingest.doctor import examine

    rows = [vars(each) for each in examine()]
    show(rows, ["check", "state", "found", "remedy"], as_json)
    if any(row["state"] == "bad" for row in rows):
        raise typer.Exit(1)
