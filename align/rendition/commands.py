"""`covers render`: parse, call, show. Importing this imports nothing heavy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from catalog import database
from catalog.console import print_json, print_table, progress_console
from catalog.errors import CoversError, NotFoundError

render_app = typer.Typer(rich_markup_mode=None)


@render_app.command()
def render(
    slug: Annotated[str, typer.Argument(help="The song.")],
    cover_ids: Annotated[
        list[int] | None,
        typer.Argument(help="Numbers of covers; without any, all that need it."),
    ] = None,
    in_key: Annotated[
        bool | None,
        typer.Option(
            "--in-key/--own-key",
            help="In the reference's key, or in their own; as COVERS_RENDITIONS_IN_KEY says.",
        ),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Delete renditions instead of making them.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Play covers in their reference's tempo, for listening in steady mode.

    \b
    Examples:
      covers render londonderry-air                 all that are hosted and have none
      covers render londonderry-air 7 9 --in-key    these two, made anew
      covers render londonderry-air 7 --remove

    With COVERS_RENDITIONS=1 `covers worker` does so by itself. A cover's own media stays as it
    is. Covers that are not hosted, or whose licence allows no changes, are refused.
    """
    database.upgrade()
    wanted = _chosen(slug, cover_ids or [], remove=remove)
    rows = [_remove(each) if remove else _make(each, in_key) for each in wanted]
    if as_json:
        print_json(rows)
    elif not rows:
        progress_console.print(
            "Nothing is due: renditions need covers that are hosted and published."
        )
    else:
        print_table(["cover", "file", "error"], [[str(v or "") for v in r.values()] for r in rows])
    if any(row["error"] for row in rows):
        raise typer.Exit(1)


def _chosen(slug: str, cover_ids: Sequence[int], *, remove: bool) -> list[int]:
    from catalog.renditions import due_covers, rendered_covers
    from catalog.songs import get_song

    with database.reading() as session:
        song = get_song(session, slug)
        if not cover_ids:
            found = rendered_covers(session, song) if remove else due_covers(session, song)
            return [each.id for each in found]
        known = {each.id for each in song.recordings}
    for cover_id in cover_ids:
        if cover_id not in known:
            raise NotFoundError(f"song {slug!r} has no cover {cover_id}")
    return list(cover_ids)


def _make(cover_id: int, in_key: bool | None) -> dict[str, Any]:
    from align.rendition.making import render_recording
    from catalog.renditions import Rendition

    if progress_console.is_terminal:
        progress_console.print(f"Rendering cover {cover_id}", markup=False)
    try:
        render_recording(cover_id, lambda share: None, in_key=in_key)
    except CoversError as error:
        return {"cover": cover_id, "file": None, "error": str(error)}
    with database.reading() as session:
        made = session.get(Rendition, cover_id)
        return {"cover": cover_id, "file": None if made is None else made.file, "error": None}


def _remove(cover_id: int) -> dict[str, Any]:
    from catalog.models import Recording
    from catalog.renditions import forget_rendition
    from catalog.settings import get_settings

    with database.session() as session:
        file = forget_rendition(session, session.get_one(Recording, cover_id))
    if file is not None:
        (get_settings().media_folder / file).unlink(missing_ok=True)
    return {"cover": cover_id, "file": file, "error": None}
