"""Pages that listeners come back to: a mix, a cover, a performer, and what the world hears."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template, request

from catalog import database
from catalog.mixes import get_mix
from catalog.models import Recording
from webapp import headers, listing, queries, warp_plot
from webapp import rows_to_json as to_json
from webapp.audience import charts
from webapp.audience.api import kept_stats
from webapp.pages import render_stage

blueprint = APIBlueprint("audience_pages", __name__, enable_openapi=False)

DAYS = 30
PER_PAGE = 100


@blueprint.get("/stats")
def stats_page() -> str:
    """What was heard in the last month, by everybody together."""
    stats = kept_stats(DAYS, None)
    return render_template(
        "audience/stats.html",
        stats=stats,
        days=DAYS,
        total=charts.totals(stats["by_day"]),
        chart=charts.day_bars(stats["by_day"]),
        longest=max((each["heard_ms"] for each in stats["most_heard"]), default=1),
        most_switches=max((each["switches"] for each in stats["most_switched_to"]), default=1),
        longest_tag=max((each["heard_ms"] for each in stats["by_tag"]), default=1),
        bar=charts.bar,
        duration=charts.duration,
    )


@blueprint.get("/mixes/<key>")
def mix_page(key: str) -> Response:
    """The stage, playing a mix."""
    return _mix(key, embed=False)


@blueprint.get("/embed/mixes/<key>")
def mix_embed(key: str) -> Response:
    """The same without drawers, for somebody else's page."""
    response = _mix(key, embed=True)
    headers.let_embed(response)
    return response


def _mix(key: str, *, embed: bool) -> Response:
    with database.reading() as session:
        mix = get_mix(session, key)
        return render_stage(session, mix.song, mix=mix, embed=embed)


@blueprint.get("/covers/<int:cover_id>")
def cover_page(cover_id: int) -> str:
    """One cover: who plays it, where it comes from, on what terms, and its map."""
    with database.reading() as session:
        cover = queries.get_cover_page(session, cover_id)
        assert cover.alignment is not None, "only aligned covers can be played"
        return render_template(
            "audience/cover.html",
            cover=to_json.cover_json(listing.get_cover(session, cover.song, cover_id)),
            song=cover.song,
            description=to_json.clip(cover.description),
            plot=warp_plot.draw([cover.alignment.time_map], size=320),
        )


@blueprint.get("/performers/<path:performer>")
def performer_page(performer: str) -> str:
    """Everything that one performer plays here, a page of it, from `before` on."""
    before = request.args.get("before", type=int)
    with database.reading() as session:
        covers = queries.list_by_performer(session, performer, before=before, limit=PER_PAGE + 1)
        count = queries.count_by_performer(session, performer)
        cards = [_card(each) for each in covers[:PER_PAGE]]
        address = next((each["performer_url"] for each in cards if each["performer_url"]), None)
    return render_template(
        "audience/performer.html",
        performer=to_json.clip(performer),
        performer_url=address,
        name=performer,
        count=count,
        cards=cards,
        has_more=len(covers) > PER_PAGE,
    )


def _card(cover: Recording) -> dict[str, Any]:
    return {
        "id": cover.id,
        "title": to_json.clip(cover.title),
        "song": to_json.clip(cover.song.title),
        "slug": cover.song.slug,
        "poster_url": to_json.poster_url(cover),
        "performer_url": to_json.web_address(cover.performer_url),
        "plot": warp_plot.draw_in_row(cover.alignment),
    }
