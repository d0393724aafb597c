"""The desk's JSON API under /api/v1/desk, for its own scripts and for programs with a token."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request
from sqlalchemy.orm import Session

from catalog import database
from catalog.corrections import list_anchors, set_anchors
from catalog.errors import NotFoundError
from catalog.lifecycle import Role, Status
from catalog.models import Recording
from catalog.reviewing import get_cover, has_media
from catalog.songs import get_song
from catalog.timelines import reference_of
from webapp.desk import queries, schemas
from webapp.desk.access import guard, visitor
from webapp.desk.deciding import do_with
from webapp.desk.forms import chosen
from webapp.desk.monitor import snapshot
from webapp.queries import bounded
from webapp.rows_to_json import clip, compact_segment, reference_json, to_ms

blueprint = APIBlueprint("desk_api", __name__, url_prefix="/api/v1/desk", tag="desk")
guard(blueprint, takes_tokens=True)


@blueprint.get("/covers")
@blueprint.input(schemas.InboxQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.InboxOut)
@blueprint.doc(responses=[400, 401, 404])
def covers(wanted: schemas.InboxQuery) -> dict[str, Any]:
    """Covers in review, or in another status, the surest first."""
    status = None if wanted.status == "all" else chosen(Status, wanted.status)
    with database.reading() as session:
        song = get_song(session, wanted.song) if wanted.song else None
        found = queries.list_covers(
            session, status=status, song=song, skip=wanted.skip, limit=wanted.limit
        )
        return {"covers": [cover_json(each) for each in found.covers], "total": found.total}


@blueprint.get("/covers/<int:cover_id>")
@blueprint.output(schemas.ReviewOut)
@blueprint.doc(responses=[401, 404])
def review(cover_id: int) -> dict[str, Any]:
    """A cover with its map, fixed beats, and its reference's timeline."""
    with database.reading() as session:
        found = queries.get_recording(session, cover_id)
        reference = reference_of(session, found.song)
        if found.role is not Role.COVER or reference is None:
            raise NotFoundError(f"there is no cover {cover_id} with a reference")
        alignment = found.alignment
        segments = [] if alignment is None else alignment.time_map.segments
        return {
            "cover": cover_json(found),
            "duration_ms": None if found.duration_s is None else to_ms(found.duration_s),
            "media_url": media_url(found),
            "peaks_url": f"/desk/peaks/{found.id}",
            "segments": [compact_segment(each) for each in segments],
            "anchors": anchors_json(session, found.id),
            "reference": timeline_json(reference),
        }


@blueprint.post("/covers/<int:cover_id>/decisions")
@blueprint.input(schemas.DecisionIn, arg_name="wanted")
@blueprint.output(schemas.DeskCover)
@blueprint.doc(responses=[400, 401, 404, 409])
def decide(cover_id: int, wanted: schemas.DecisionIn) -> dict[str, Any]:
    """Approve, reject, take back or align again one cover."""
    with database.session() as session:
        actor = visitor().actor
        do_with(session, cover_id, wanted.do, reason=wanted.reason, actor=actor)
        return cover_json(queries.get_recording(session, cover_id))


@blueprint.put("/covers/<int:cover_id>/anchors")
@blueprint.input(schemas.AnchorsIn, arg_name="wanted")
@blueprint.output(schemas.AnchorsOut)
@blueprint.doc(responses=[400, 401, 404, 409])
def fix(cover_id: int, wanted: schemas.AnchorsIn) -> dict[str, Any]:
    """Replace a cover's fixed beats; it is aligned again by them."""
    moments = [(each.reference_s, each.cover_s) for each in wanted.anchors]
    with database.session() as session:
        set_anchors(session, get_cover(session, bounded(cover_id)), moments, actor=visitor().actor)
        return {"anchors": anchors_json(session, cover_id)}


@blueprint.get("/jobs")
@blueprint.output(schemas.JobsOut)
@blueprint.doc(responses=[401])
def jobs() -> dict[str, Any]:
    """What is being done at this moment, and how many jobs stand in each status.

    Of many jobs the first sixty are listed; the one whose id `watch` gives is among them.
    """
    with database.reading() as session:
        return snapshot(session, bounded(request.args.get("watch", 0, type=int)))


def cover_json(cover: Recording) -> dict[str, Any]:
    """A cover as the desk lists it."""
    return {
        "id": cover.id,
        "song": cover.song.slug,
        "title": clip(cover.title),
        "performer": clip(cover.performer),
        "status": cover.status.value,
        "reason": clip(cover.reason),
        "relation": None if cover.relation is None else cover.relation.value,
        "relation_scores": cover.relation_scores,
        "confidence": None if cover.alignment is None else cover.alignment.confidence,
    }


def media_url(recording: Recording) -> str | None:
    """Where curators hear a recording, `None` where its media was dropped."""
    if not has_media(recording):
        return None
    return f"/desk/media/{recording.id}?v={(recording.media_sha256 or '0')[:16]}"


def anchors_json(session: Session, cover_id: int) -> list[dict[str, float]]:
    """A cover's fixed beats."""
    return [
        {"reference_s": each.reference_s, "cover_s": each.cover_s}
        for each in list_anchors(session, cover_id)
    ]


def timeline_json(reference: Recording) -> dict[str, Any]:
    """A reference's timeline, and where to hear it."""
    private = {"media_url": media_url(reference), "peaks_url": f"/desk/peaks/{reference.id}"}
    return reference_json(reference) | private
