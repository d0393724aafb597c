"""`covers ingest takedown` and `covers ingest opt-out`: withdrawing covers by command."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from catalog import database
from catalog.audit import COMMAND
from catalog.console import progress_console
from ingest.showing import AsJson, moment, show

opt_out_app = typer.Typer(
    no_args_is_help=True, help="Keep performers out who do not want to be here."
)
Why = Annotated[str, typer.Option(help="Who asked, and why.")]


def takedown_command(
    cover_ids: Annotated[list[int], typer.Argument(help="Numbers of covers.")],
    reason: Why = "",
) -> None:
    """Delete all that was made of covers, and do not add the same uploads again.

    Media, map, analysis and features go; the name at the source stays, so that it is known.
    `covers ingest undo` fetches one again.
    """
    from catalog.reviewing import get_cover
    from catalog.withdrawal import remove_files, take_down

    database.upgrade()
    with database.session() as session:
        files = [
            path
            for cover_id in cover_ids
            for path in take_down(
                session, get_cover(session, cover_id), reason=reason, actor=COMMAND
            )
        ]
    remove_files(files)
    progress_console.print(f"{len(cover_ids)} taken down.", markup=False)


@opt_out_app.command("add")
def add_command(
    performer_url: Annotated[str, typer.Argument(help="Address of the performer's page.")],
    reason: Why = "",
) -> None:
    """Take down all of a performer's covers, and add none of theirs again."""
    from catalog.opt_outs import opt_out
    from catalog.withdrawal import remove_files

    database.upgrade()
    with database.session() as session:
        _, files = opt_out(session, performer_url, reason=reason, actor=COMMAND)
    remove_files(files)
    progress_console.print(f"{performer_url} has opted out.", markup=False)


@opt_out_app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """List who has opted out, the latest first."""
    from catalog.opt_outs import list_opt_outs

    database.upgrade()
    with database.reading() as session:
        rows: list[dict[str, Any]] = [
            {
                "id": each.id,
                "performer_url": each.performer_url,
                "performer": each.performer,
                "reason": each.reason,
                "made_by": each.made_by,
                "made_at": moment(each.made_at),
            }
            for each in list_opt_outs(session)
        ]
    show(rows, ["id", "performer_url", "performer", "reason", "made_by", "made_at"], as_json)


@opt_out_app.command("remove")
def remove_command(
    opt_out_id: Annotated[int, typer.Argument(help="Its number, as in `opt-out list`.")],
) -> None:
    """Let a performer's covers be added again. What was taken down stays so."""
    from catalog.opt_outs import opt_in

    database.upgrade()
    with database.session() as session:
        opt_in(session, opt_out_id, actor=COMMAND)
