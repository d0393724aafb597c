"""The public JSON API of the library under /api/v1: reading only, open to anybody.

A view parses, calls a named query and serialises. Answers carry an ETag and must be revalidated,
so a repeated visit costs a 304.
"""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from catalog import database
from catalog.models import Song
from catalog.songs import count_by_status, get_song, list_songs
from catalog.strangers_text import fold_hashtag
from webapp import listing, queries, schemas
from webapp import rows_to_json as to_json
from webapp.compressing import compress
from webapp.song_cards import card_json, card_of, cards

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="library")


@blueprint.after_request
def revalidate(response: Response) -> Response:
    """Let clients keep an answer and ask whether it still holds; a long one goes compressed.

    The tag is a weak one, because it is that of both forms.
    """
    if request.method in ("GET", "HEAD") and response.status_code == 200:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag(weak=True)
        response.make_conditional(request)
        compress(response)
    return response


@blueprint.get("/songs")
@blueprint.output(schemas.SongsOut)
def songs() -> dict[str, Any]:
    """All songs of the library."""
    with database.reading() as session:
        return {"songs": [card_json(*each) for each in cards(session)]}


@blueprint.get("/songs/<slug>")
@blueprint.output(schemas.SongOut)
@blueprint.doc(responses=[404])
def song(slug: str) -> dict[str, Any]:
    """One song with the timeline of its Reference; `reference` is null until it is published."""
    with database.reading() as session:
        found = get_song(session, slug)
        reference = queries.find_reference(session, found)
        return to_json.song_detail(found, reference, card_of(session, found).cover_count)


@blueprint.get("/songs/<slug>/covers")
@blueprint.input(schemas.CoversQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.CoversOut)
@blueprint.doc(responses=[404])
def covers(slug: str, wanted: schemas.CoversQuery) -> dict[str, Any]:
    """Playable covers of a song, page by page, or the named ones."""
    tag = None if wanted.tag is None else fold_hashtag(wanted.tag)
    with database.reading() as session:
        song = get_song(session, slug)
        if wanted.ids is not None:
            page = listing.CoverPage(listing.find_covers(session, song.id, wanted.named_ids), None)
        else:
            page = listing.list_covers(
                session, song, tag=tag, after=wanted.cursor, limit=wanted.limit
            )
    return {
        "covers": [to_json.cover_json(cover) for cover in page.covers],
        "next_cursor": page.next_after,
    }


@blueprint.get("/covers/<int:cover_id>/time-map")
@blueprint.output(schemas.TimeMapOut)
@blueprint.doc(responses=[404])
def time_map(cover_id: int) -> dict[str, Any]:
    """A cover's time map onto the timeline of its song's Reference, compactly."""
    with database.reading() as session:
        return to_json.time_map_json(queries.get_playable_cover(session, cover_id))


@blueprint.get("/library")
@blueprint.output(schemas.LibraryOut)
def library() -> dict[str, Any]:
    """Where the covers of each song and all jobs stand."""
    with database.reading() as session:
        return {
            "songs": [_song_status(session, each) for each in list_songs(session)],
            "jobs_by_status": {
                status.value: count for status, count in queries.count_jobs(session).items()
            },
        }


def _song_status(session: Any, song: Song) -> dict[str, Any]:
    return {
        "slug": song.slug,
        "title": to_json.clip(song.title),
        "reference_status": queries.reference_status(session, song),
        "covers_by_status": {
            status.value: count for status, count in count_by_status(session, song).items()
        },
    }
