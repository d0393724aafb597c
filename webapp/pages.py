"""The pages for people: the library, the stage of one song, and where everything stands."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from catalog import database
from catalog.errors import NotFoundError
from catalog.lifecycle import Status
from catalog.models import Recording, Song
from catalog.settings import get_settings
from catalog.songs import count_by_status, get_song, list_songs
from webapp import queries, warp_plot, youtube
from webapp import rows_to_json as to_json
from webapp.compressing import compress
from webapp.finding import Wanted, find_performers
from webapp.song_cards import card_json, cards

blueprint = APIBlueprint("pages", __name__, enable_openapi=False)
blueprint.after_request(compress)

SONGS_PER_PAGE = 25
GLANCE = 20
"""Recordings of each song on the page of all songs."""
PER_PAGE = 100


@blueprint.get("/")
def home() -> str:
    """Songs as cards, all or those looked for; an empty library says how to fill it."""
    wanted = Wanted(request.args.get("find", ""))
    with database.reading() as session:
        songs = cards(session)
        performers = find_performers(session, wanted) if wanted and songs else []
        shown = [
            card_json(song, card) | {"emblem": card.emblem, "stills": card.stills}
            for song, card in songs
            if wanted.is_in(song.title, song.composer)
        ]
    return render_template(
        "home.html", is_empty=not songs, cards=shown, performers=performers, wanted=wanted.text
    )


@blueprint.get("/songs/<slug>")
def stage(slug: str) -> Response:
    """The player. Everything on it comes from the API."""
    with database.reading() as session:
        return render_stage(session, get_song(session, slug))


def render_stage(session: Session, song: Song, **more: Any) -> Response:
    """The stage of a song, allowed to show YouTube's players where the song has some."""
    needs_players = youtube.needs_players(session, song)
    mode = get_settings().youtube_mode if needs_players else None
    response = make_response(render_template("stage.html", song=song, youtube=mode, **more))
    if needs_players:
        youtube.let_play(response)
    return response


@blueprint.get("/library")
def library() -> str:
    """Where the recordings stand, and why: those of each song that changed last, page by page."""
    page = request.args.get("page", 1, type=int)
    with database.reading() as session:
        every = list_songs(session)
        shown = every[(page - 1) * SONGS_PER_PAGE :][:SONGS_PER_PAGE]
        if page < 1 or (page > 1 and not shown):
            raise NotFoundError(f"there is no page {page} of the library: begin at /library")
        return render_template(
            "library.html",
            songs=[_standing(session, each, limit=GLANCE) for each in shown],
            jobs=queries.list_active_jobs(session),
            following=page + 1 if len(every) > page * SONGS_PER_PAGE else None,
        )


@blueprint.get("/library/<slug>")
def library_of_song(slug: str) -> str:
    """Where the recordings of one song stand, a page of them, from `after` on."""
    after = request.args.get("after", type=int)
    with database.reading() as session:
        song = _standing(session, get_song(session, slug), after=after, limit=PER_PAGE)
        return render_template("library.html", songs=[song], jobs=None)


def _standing(
    session: Session, song: Song, *, after: int | None = None, limit: int
) -> dict[str, Any]:
    """A song's counts and some of its recordings; `next` is the last of them if there are more."""
    recordings = queries.list_changes(session, song, after=after, limit=limit + 1)
    return {
        "song": song,
        "counts": count_by_status(session, song),
        "rows": [_row(each) for each in recordings[:limit]],
        "next": recordings[limit - 1].id if len(recordings) > limit else None,
    }


def _row(recording: Recording) -> dict[str, Any]:
    alignment = recording.alignment
    is_public = recording.status is Status.PUBLISHED
    return {
        "recording": recording,
        "title": to_json.clip(recording.title),
        "performer": to_json.clip(recording.performer),
        "reason": to_json.public_reason(recording.reason),
        "alignment": alignment,
        "plot": warp_plot.draw_in_row(alignment) if is_public else None,
    }
