"""Saved searches: where covers are looked for, how often, and what each run found."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog import database
from catalog.audit import note
from catalog.errors import InputError
from catalog.lifecycle import SearchKind
from catalog.search_queries import EXPECTED
from catalog.searches import (
    MAX_LISTED,
    MAX_NEW,
    add_search,
    change_search,
    get_search,
    list_runs,
    list_searches,
    remove_search,
    run_now,
    set_enabled,
)
from catalog.songs import get_song, list_songs
from webapp.desk.access import visitor
from webapp.desk.forms import chosen, number, on_page
from webapp.queries import bounded

blueprint = APIBlueprint(
    "desk_searches", __name__, url_prefix="/desk/searches", enable_openapi=False
)
on_page(blueprint)

WORDS = {
    SearchKind.YOUTUBE_SEARCH: "YouTube: words",
    SearchKind.YOUTUBE_HASHTAG: "YouTube: hashtag",
    SearchKind.YOUTUBE_CHANNEL: "YouTube: channel",
    SearchKind.YOUTUBE_PLAYLIST: "YouTube: playlist",
    SearchKind.SOUNDCLOUD_SEARCH: "SoundCloud: words",
    SearchKind.PEERTUBE_SEARCH: "PeerTube: words",
    SearchKind.PERFORMERS: "Channels of published performers",
    SearchKind.ADDRESS: "Any address: feed, playlist, page",
}
"""Kinds that the desk offers. Folders and lists are the server's files: commands name them."""


@blueprint.get("")
def searches() -> str:
    """Every saved search with its last run and its next."""
    with database.reading() as session:
        rows = [
            {"search": each, "run": next(iter(list_runs(session, each.id, limit=1)), None)}
            for each in list_searches(session)
        ]
        return render_template(
            "desk/searches.html",
            rows=rows,
            songs=list_songs(session),
            words=WORDS,
            expected=EXPECTED,
            song=request.args.get("song", ""),
            max_listed=MAX_LISTED,
            max_new=MAX_NEW,
        )


@blueprint.post("")
def add() -> Response:
    """Save a search; with a period it is due at once."""
    form = request.form
    kind = chosen(SearchKind, form.get("kind", ""))
    if kind not in WORDS:
        raise InputError(f"{kind.value} reads files of the server: `covers ingest search add` does")
    every_h = number("every_h", most=24 * 365) if form.get("every_h") else None
    with database.session() as session:
        search = add_search(
            session,
            get_song(session, form.get("song", "")),
            kind,
            form.get("query", ""),
            instance=form.get("instance", "").strip(),
            every_h=every_h,
            max_listed=int(number("max_listed", most=10_000)),
            max_new=int(number("max_new", most=10_000)),
        )
        note(session, visitor().actor, "search.add", f"search {search.id}", query=search.query)
        if every_h is None:
            run_now(session, search.id)
    flash("Saved. The worker asks at once, and then as often as you said.")
    return redirect(url_for("desk_searches.searches"), 303)


@blueprint.get("/<int:search_id>")
def search(search_id: int) -> str:
    """One search with its runs."""
    with database.reading() as session:
        found = get_search(session, bounded(search_id))
        runs = list_runs(session, found.id, limit=50)
        song = found.song
        return render_template("desk/search.html", search=found, song=song, runs=runs, words=WORDS)


@blueprint.post("/<int:search_id>")
def change(search_id: int) -> Response:
    """Run a search now, pause it, let it go on, change it or forget it."""
    what = request.form.get("do", "")
    where = url_for("desk_searches.search", search_id=search_id)
    with database.session() as session:
        found = get_search(session, bounded(search_id))
        if what == "run":
            run_now(session, found.id)
            flash("The worker asks now.")
        elif what in ("pause", "resume"):
            set_enabled(session, found.id, what == "resume")
            flash("It goes on." if what == "resume" else "It is paused.")
        elif what == "remove":
            remove_search(session, found.id)
            flash("Forgotten. What it found stays.")
            where = url_for("desk_searches.searches")
        elif what == "change":
            change_search(
                session,
                found.id,
                every_h=number("every_h", most=24 * 365) if request.form.get("every_h") else None,
                max_listed=int(number("max_listed", most=10_000)),
                max_new=int(number("max_new", most=10_000)),
            )
            flash("Changed.")
        else:
            raise InputError(f"{what[:40]!r} is nothing that can be done with a search")
        note(session, visitor().actor, f"search.{what}", f"search {search_id}")
    return redirect(where, 303)
