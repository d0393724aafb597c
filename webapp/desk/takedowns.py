"""Takedowns and performers who opted out."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog import database
from catalog.errors import InputError
from catalog.opt_outs import list_opt_outs, opt_in, opt_out
from catalog.withdrawal import remove_files
from webapp.desk import queries
from webapp.desk.access import visitor
from webapp.desk.forms import on_page
from webapp.queries import bounded

blueprint = APIBlueprint(
    "desk_takedowns", __name__, url_prefix="/desk/takedowns", enable_openapi=False
)
on_page(blueprint)

MOST_SHOWN = 200


@blueprint.get("")
def takedowns() -> str:
    """What was taken down, and who opted out."""
    with database.reading() as session:
        return render_template(
            "desk/takedowns.html",
            covers=queries.list_withdrawn(session, limit=MOST_SHOWN),
            opt_outs=list_opt_outs(session),
        )


@blueprint.post("/opt-outs")
def add_opt_out() -> Response:
    """Take down all of a performer's covers and add none of theirs again."""
    if request.form.get("sure") != "yes":
        raise InputError("tick the box first: an opt-out deletes all that is here of a performer")
    address = request.form.get("performer_url", "").strip()
    reason = request.form.get("reason", "").strip()[:300]
    with database.session() as session:
        _, files = opt_out(session, address, reason=reason, actor=visitor().actor)
    remove_files(files)
    flash("They have opted out. What was here of theirs is deleted.")
    return redirect(url_for("desk_takedowns.takedowns"), 303)


@blueprint.post("/opt-outs/<int:opt_out_id>/end")
def end_opt_out(opt_out_id: int) -> Response:
    """Let a performer's covers be added again."""
    with database.session() as session:
        opt_in(session, bounded(opt_out_id), actor=visitor().actor)
    flash("Their covers may be added again. What was taken down stays so.")
    return redirect(url_for("desk_takedowns.takedowns"), 303)
