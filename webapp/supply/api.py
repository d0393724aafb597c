"""Companions and hashtags of a song under /api/v1, from candidates that this process keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from apiflask import APIBlueprint
from flask import Flask, current_app

from catalog import database
from catalog.strangers_text import fold_hashtag
from webapp import listing
from webapp import rows_to_json as to_json
from webapp.api import revalidate
from webapp.kept import Kept, Rest
from webapp.song_cards import FRESH_S, find_song
from webapp.supply import schemas
from webapp.supply.candidates import Candidates, read_candidates
from webapp.supply.counting import offer_tags
from webapp.supply.ranking import Wish, choose

MOST_COVERS = 500_000
"""Of all songs that are kept in memory, together."""

blueprint = APIBlueprint("supply", __name__, url_prefix="/api/v1", tag="library")
blueprint.after_request(revalidate)


def register(app: Flask) -> None:
    """Give an application its own candidates, and the routes."""
    app.extensions["supply"] = Kept[Candidates](FRESH_S, most=MOST_COVERS, weigh=len)
    app.register_blueprint(blueprint)


def _candidates(song_id: int, changed_at: datetime | None) -> Candidates:
    kept: Kept[Candidates] = current_app.extensions["supply"]
    return kept.get(song_id, lambda rest: _read(song_id, rest), changed_at)


def _read(song_id: int, rest: Rest) -> Candidates:
    with database.reading() as session:
        return read_candidates(session, song_id, np.random.default_rng(), rest)


@blueprint.get("/songs/<slug>/companions")
@blueprint.input(schemas.CompanionsQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.CompanionsOut)
@blueprint.doc(responses=[404])
def companions(slug: str, wanted: schemas.CompanionsQuery) -> dict[str, Any]:
    """Covers that go well beside another one, chosen with some chance."""
    wish = Wish(
        near=wanted.near,
        at_ms=wanted.at_ms,
        until_ms=wanted.until_ms,
        exclude=wanted.excluded_ids,
        tags=schemas.split_tags(wanted.tags),
        reach=wanted.reach,
    )
    with database.reading() as session:
        song_id, changed_at = find_song(session, slug)
        candidates = _candidates(song_id, changed_at)
        ids = choose(candidates, wish, wanted.limit, np.random.default_rng())
        covers = listing.find_covers(session, song_id, ids)
    return {
        "covers": [to_json.cover_json(each) for each in covers],
        "left": len(candidates.with_tags(wish.tags)),
    }


@blueprint.get("/songs/<slug>/hashtags")
@blueprint.input(schemas.HashtagsQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.HashtagsOut)
@blueprint.doc(responses=[404])
def hashtags(slug: str, wanted: schemas.HashtagsQuery) -> dict[str, Any]:
    """Hashtags on a song's playable covers: how many covers, and where each tag came from."""
    with database.reading() as session:
        candidates = _candidates(*find_song(session, slug))
    found = offer_tags(
        candidates,
        chosen=schemas.split_tags(wanted.tags),
        search=fold_hashtag(wanted.q),
        limit=wanted.limit,
    )
    return {
        "hashtags": [
            {
                "name": each.tag.name,
                "covers": len(each.tag.rows),
                "left": each.left,
                "origins": each.tag.origins,
            }
            for each in found.offers
        ],
        "tags": found.chosen,
        "left": found.left,
    }
