"""One cover: why it waits, how its map runs, how it sounds beside its reference, and mending it."""

from __future__ import annotations

from collections.abc import Sequence

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog import database
from catalog.corrections import list_anchors, set_anchors
from catalog.credits import credit_of, set_credit
from catalog.errors import InputError, NotFoundError
from catalog.lifecycle import Role, Status
from catalog.models import Recording
from catalog.opt_outs import has_opted_out
from catalog.references import make_reference
from catalog.reviewing import get_cover, has_media, list_decisions
from catalog.timelines import reference_of
from catalog.withdrawal import is_withdrawn, remove_files, take_down
from webapp.desk import queries
from webapp.desk.access import visitor
from webapp.desk.deciding import DONE, Deed, do_with
from webapp.desk.forms import chosen, credit, on_page, seconds
from webapp.desk.plots import ReviewPlot, draw_review
from webapp.queries import bounded

blueprint = APIBlueprint("desk_covers", __name__, url_prefix="/desk/covers", enable_openapi=False)
on_page(blueprint)


@blueprint.get("/<int:cover_id>")
def cover(cover_id: int) -> str:
    """One cover, to be listened to, decided about and corrected."""
    with database.reading() as session:
        found = _cover(session, cover_id)
        reference = reference_of(session, found.song)
        anchors = list_anchors(session, found.id)
        return render_template(
            "desk/cover.html",
            cover=found,
            reference=reference,
            alignment=found.alignment,
            credit=credit_of(found),
            scores=sorted((found.relation_scores or {}).items(), key=lambda each: -each[1]),
            plot=_plot(found, reference, anchors),
            anchors=anchors,
            anchor_lines="\n".join(f"{a.reference_s:.3f} {a.cover_s:.3f}" for a in anchors),
            decisions=list_decisions(session, found.id),
            job=queries.active_job(session, found),
            has_media=has_media(found),
            can_listen=has_media(found) and reference is not None and has_media(reference),
            following=queries.next_in_review(session, found),
            waiting=queries.count_in_review(session),
            is_withdrawn=is_withdrawn(session, found.id),
            has_opted_out=has_opted_out(session, found.performer_url),
        )


def _cover(session: Session, cover_id: int) -> Recording:
    found = queries.get_recording(session, cover_id)
    if found.role is not Role.COVER:
        raise NotFoundError(f"recording {cover_id} is a reference: look at its song")
    return found


def _plot(
    cover: Recording, reference: Recording | None, anchors: Sequence[object]
) -> ReviewPlot | None:
    if cover.alignment is None or reference is None:
        return None
    analysis = reference.analysis
    sections = [] if analysis is None else analysis.sections
    return draw_review(
        cover.alignment.time_map,
        reference_s=reference.duration_s or 0.0,
        cover_s=cover.duration_s or 0.0,
        sections=[(each["start_s"], each["end_s"], str(each["label"])) for each in sections],
        anchors=anchors,  # type: ignore[arg-type]
    )


@blueprint.post("/<int:cover_id>")
def decide(cover_id: int) -> Response:
    """Approve, reject, take back or align again; then the next that waits."""
    deed = chosen(Deed, request.form.get("do", ""))
    reason = request.form.get("reason", "").strip()[:300]
    with database.session() as session:
        done = do_with(session, cover_id, deed, reason=reason, actor=visitor().actor)
        following = queries.next_in_review(session, queries.get_recording(session, cover_id))
        was_decided = done.status in (Status.PUBLISHED, Status.REJECTED)
    flash(f"{done.title[:80]}: {DONE[deed]}.")
    if following is None or not was_decided or deed not in (Deed.APPROVE, Deed.REJECT):
        return redirect(url_for("desk_covers.cover", cover_id=cover_id), 303)
    return redirect(url_for("desk_covers.cover", cover_id=following.id, after=cover_id), 303)


@blueprint.post("/<int:cover_id>/anchors")
def fix(cover_id: int) -> Response:
    """Fix beats, one a line: reference time and cover time; the cover is aligned again."""
    moments = read_moments(request.form.get("anchors", ""))
    with database.session() as session:
        set_anchors(session, get_cover(session, bounded(cover_id)), moments, actor=visitor().actor)
    flash(f"{len(moments)} fixed beats are kept. The worker aligns the cover by them.")
    return redirect(url_for("desk_covers.cover", cover_id=cover_id), 303)


def read_moments(text: str) -> list[tuple[float, float]]:
    """Pairs of reference time and cover time, one a line.

    Raises:
        InputError: naming the line.
    """
    moments = []
    for line in text.splitlines():
        parts = line.replace(",", " ").split()
        if not parts:
            continue
        if len(parts) != 2:
            raise InputError(f"{line[:40]!r} is no fixed beat: write reference time, cover time")
        moments.append((seconds(parts[0]), seconds(parts[1])))
    return moments


@blueprint.post("/<int:cover_id>/reference")
def become_reference(cover_id: int) -> Response:
    """Let a cover own its song's timeline from now on."""
    if request.form.get("sure") != "yes":
        raise InputError("tick the box first: all covers of the song are aligned again")
    with database.session() as session:
        found = get_cover(session, bounded(cover_id))
        replaced = make_reference(session, found, actor=visitor().actor)
        slug = found.song.slug
    flash(f"The song has another reference. {replaced}")
    return redirect(url_for("desk_songs.song", slug=slug), 303)


@blueprint.post("/<int:cover_id>/credit")
def change_credit(cover_id: int) -> Response:
    """Tell listeners something else of a cover."""
    with database.session() as session:
        found = get_cover(session, bounded(cover_id))
        set_credit(session, found, credit(), actor=visitor().actor)
    flash("Kept. Listeners are told so from now on.")
    return redirect(url_for("desk_covers.cover", cover_id=cover_id), 303)


@blueprint.post("/<int:cover_id>/takedown")
def withdraw(cover_id: int) -> Response:
    """Take a cover down with all that was made of it."""
    if request.form.get("sure") != "yes":
        raise InputError("tick the box first: a takedown deletes media, map and features")
    reason = request.form.get("reason", "").strip()[:300]
    with database.session() as session:
        found = get_cover(session, bounded(cover_id))
        files = take_down(session, found, reason=reason, actor=visitor().actor)
    remove_files(files)
    flash("Taken down: its media, map, analysis and features are deleted.")
    return redirect(url_for("desk_covers.cover", cover_id=cover_id), 303)
