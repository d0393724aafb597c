"""The inbox: covers that wait for a person, and any other list of covers."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog import database
from catalog.lifecycle import Status
from catalog.songs import get_song, list_songs
from webapp.desk import queries
from webapp.desk.access import visitor
from webapp.desk.deciding import DONE, Deed, do_with_many
from webapp.desk.forms import chosen, on_page, ticked
from webapp.desk.songs import cover_row

blueprint = APIBlueprint("desk_inbox", __name__, url_prefix="/desk", enable_openapi=False)
on_page(blueprint)


@blueprint.get("")
def home() -> Response:
    """Where the desk begins: the inbox, or the songs where nothing can have arrived yet."""
    with database.reading() as session:
        is_empty = not list_songs(session)
    return redirect(url_for("desk_songs.songs" if is_empty else "desk_inbox.inbox"), 303)


@blueprint.get("/inbox")
def inbox() -> str:
    """Covers in review, or in another status, of all songs or one."""
    wanted = request.args.get("status", Status.IN_REVIEW.value)
    status = None if wanted == "all" else chosen(Status, wanted)
    slug = request.args.get("song") or None
    page = max(request.args.get("page", 1, type=int), 1)
    with database.reading() as session:
        song = get_song(session, slug) if slug else None
        skip = min(page - 1, 10_000) * queries.PAGE
        found = queries.list_covers(session, status=status, song=song, skip=skip)
        return render_template(
            "desk/inbox.html",
            rows=[cover_row(each) for each in found.covers],
            total=found.total,
            statuses=list(Status),
            wanted=wanted,
            song=song,
            songs=list_songs(session),
            page=page,
            pages=max(1, -(-found.total // queries.PAGE)),
        )


@blueprint.post("/inbox")
def decide_many() -> Response:
    """Approve, reject, take back or align again all that are ticked."""
    deed = chosen(Deed, request.form.get("do", ""))
    cover_ids = ticked("cover")
    reason = request.form.get("reason", "").strip()[:300]
    with database.session() as session:
        count, refusals = do_with_many(
            session, cover_ids, deed, reason=reason, actor=visitor().actor
        )
    if count:
        flash(f"{count} {DONE[deed]}.")
    for each in refusals[:5]:
        flash(each, "wrong")
    status, song = request.args.get("status"), request.args.get("song")
    return redirect(url_for("desk_inbox.inbox", status=status, song=song), 303)
