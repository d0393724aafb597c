"""`covers ingest search`: saved searches, by command."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from catalog import database
from catalog.console import progress_console
from catalog.lifecycle import SearchKind
from catalog.models import DiscoveryRun, Search
from ingest.showing import AsJson, Slug, moment, show

search_app = typer.Typer(
    no_args_is_help=True, help="Save searches for covers, and see what they found."
)

SearchId = Annotated[int, typer.Argument(help="Its number, as in `covers ingest search list`.")]


@search_app.command("add")
def add_command(
    slug: Slug,
    kind: Annotated[SearchKind, typer.Argument(help="Where to look.")],
    query: Annotated[
        str, typer.Argument(help="Words, a hashtag, an address or a path, as the kind asks for.")
    ] = "",
    instance: Annotated[str, typer.Option(help="PeerTube's: address of the instance.")] = "",
    every_h: Annotated[float, typer.Option(help="Hours between runs; 0 runs only by hand.")] = 24.0,
    max_listed: Annotated[int, typer.Option(help="Most hits that a run asks for.")] = 50,
    max_new: Annotated[int, typer.Option(help="Most candidates that a run adds.")] = 20,
    hosted: Annotated[
        bool, typer.Option("--hosted", help="Folders: you may serve these files to listeners.")
    ] = False,
) -> None:
    """Save a search. `covers worker` runs it when it is due.

    \b
      covers ingest search add air youtube_search "danny boy"
      covers ingest search add air youtube_hashtag "#dannyboycover"
      covers ingest search add air youtube_channel @somebody
      covers ingest search add air peertube_search "danny boy" --instance https://video.example
      covers ingest search add air performers
      covers ingest search add air csv links.csv --every-h 0
    """
    from catalog.searches import add_search
    from catalog.songs import get_song

    database.upgrade()
    with database.session() as session:
        search = add_search(
            session,
            get_song(session, slug),
            kind,
            query,
            instance=instance,
            every_h=every_h or None,
            max_listed=max_listed,
            max_new=max_new,
            hosted=hosted,
        )
    progress_console.print(
        f"Saved as {search.id}. `covers ingest plan {slug}` shows what it would do.", markup=False
    )


@search_app.command("list")
def list_command(
    slug: Annotated[str | None, typer.Argument(help="One song; without it, all.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the saved searches."""
    from catalog.searches import list_searches
    from catalog.songs import get_song

    database.upgrade()
    with database.reading() as session:
        song = get_song(session, slug) if slug else None
        rows = [_describe(each) for each in list_searches(session, song)]
    show(rows, ["id", "song", "kind", "query", "every_h", "enabled", "next_run_at"], as_json)


@search_app.command("pause")
def pause_command(search_id: SearchId) -> None:
    """Keep a search from running by itself."""
    _set_enabled(search_id, False)


@search_app.command("resume")
def resume_command(search_id: SearchId) -> None:
    """Let a search run by itself again; runs that it missed are caught up by one."""
    _set_enabled(search_id, True)


def _set_enabled(search_id: int, enabled: bool) -> None:
    from catalog.searches import set_enabled

    database.upgrade()
    with database.session() as session:
        set_enabled(session, search_id, enabled)


@search_app.command("change")
def change_command(
    search_id: SearchId,
    every_h: Annotated[float | None, typer.Option(help="Hours between runs; 0 by hand.")] = None,
    max_listed: Annotated[int | None, typer.Option(help="Most hits that a run asks for.")] = None,
    max_new: Annotated[int | None, typer.Option(help="Most candidates that a run adds.")] = None,
) -> None:
    """Change how often a search runs, and how much it takes; what is not named stays."""
    from catalog.searches import change_search, get_search

    database.upgrade()
    with database.session() as session:
        search = get_search(session, search_id)
        change_search(
            session,
            search_id,
            every_h=search.every_h if every_h is None else every_h or None,
            max_listed=max_listed or search.max_listed,
            max_new=max_new or search.max_new,
        )


@search_app.command("remove")
def remove_command(search_id: SearchId) -> None:
    """Forget a search and its runs. What it found stays."""
    from catalog.searches import remove_search

    database.upgrade()
    with database.session() as session:
        remove_search(session, search_id)


@search_app.command("runs")
def runs_command(search_id: SearchId, as_json: AsJson = False) -> None:
    """Show the last runs of a search: what was asked, and what became of the hits."""
    from catalog.searches import get_search, list_runs

    database.upgrade()
    with database.reading() as session:
        get_search(session, search_id)
        rows = [_describe_run(each) for each in list_runs(session, search_id)]
    counts = ["listed", "new", "known", "rejected", "left_out"]
    show(rows, ["started_at", "asked", *counts, "error"], as_json)


def _describe(search: Search) -> dict[str, Any]:
    return {
        "id": search.id,
        "song": search.song.slug,
        "kind": search.kind.value,
        "query": search.query,
        "instance": search.instance,
        "every_h": search.every_h,
        "max_listed": search.max_listed,
        "max_new": search.max_new,
        "enabled": search.enabled,
        "last_run_at": moment(search.last_run_at),
        "next_run_at": moment(search.next_run_at),
    }


def _describe_run(run: DiscoveryRun) -> dict[str, Any]:
    return {
        "started_at": moment(run.started_at),
        "finished_at": moment(run.finished_at),
        "asked": run.asked,
        "listed": run.listed,
        "new": run.new,
        "known": run.known,
        "rejected": run.rejected,
        "left_out": run.left_out,
        "error": run.error,
        "error_class": run.error_class.value if run.error_class else None,
    }
