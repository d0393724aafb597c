"""`covers ingest credit`: what listeners are told of a cover."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from catalog import database
from catalog.audit import COMMAND
from catalog.console import progress_console


def credit_command(
    cover_id: Annotated[int, typer.Argument(help="Number of a cover.")],
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    performer: Annotated[str | None, typer.Option(help="Who plays it.")] = None,
    performer_url: Annotated[str | None, typer.Option(help="The performer's page.")] = None,
    page_url: Annotated[str | None, typer.Option(help="Where the original is.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its terms.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="A hashtag; several replace all there are.")
    ] = None,
) -> None:
    """Change what listeners are told of a cover; what is not named stays.

    An empty text takes something away: `covers ingest credit 7 --performer-url ""`.
    """
    from catalog.credits import credit_of, set_credit
    from catalog.reviewing import get_cover

    texts = {
        "title": title,
        "performer": performer,
        "performer_url": performer_url,
        "page_url": page_url,
        "licence": licence,
        "tags": None if tag is None else tuple(each for each in tag if each),
    }
    chosen = {name: text for name, text in texts.items() if text is not None}
    database.upgrade()
    with database.session() as session:
        cover = get_cover(session, cover_id)
        credit = replace(credit_of(cover), **chosen)  # type: ignore[arg-type]
        set_credit(session, cover, credit, actor=COMMAND)
    progress_console.print(f"Listeners are told so of cover {cover_id}.", markup=False)
