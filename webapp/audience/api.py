"""What listeners may write under /api/v1, and what becomes of it: anonymous, batched, throttled."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Flask, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from catalog import database
from catalog.listener_models import Mix
from catalog.mixes import MixStep, add_mix, get_mix, latest_mixes
from catalog.play_counts import Batch, PlayEvent
from catalog.settings import get_settings
from catalog.songs import get_song
from catalog.sync_reports import add_report
from webapp import queries
from webapp.api import revalidate
from webapp.audience import schemas
from webapp.audience.ledger import Ledger
from webapp.audience.stats import stats_json
from webapp.audience.throttle import Throttle, throttled
from webapp.kept import Kept, Rest

MOST_BYTES = 256 * 1024
MOST_MIXES = 50
STATS_FRESH_S = 60.0

blueprint = APIBlueprint("audience", __name__, url_prefix="/api/v1", tag="audience")
blueprint.after_request(revalidate)


def register(app: Flask) -> None:
    """Give an application its own buckets and kept answers, and the routes."""
    app.extensions["audience"] = {
        "plays": Throttle(burst=30, per_minute=get_settings().play_batches_per_minute),
        "ledger": Ledger(most_waiting=max(1, get_settings().web_threads // 4)),
        "mixes": Throttle(burst=5, per_minute=0.5),
        "reports": Throttle(burst=5, per_minute=2),
        "stats": Kept[dict[str, Any]](STATS_FRESH_S),
    }
    app.register_blueprint(blueprint)


@blueprint.before_request
def only_json() -> None:
    """Writes are JSON, which a form of another site cannot send, and short."""
    if request.method == "POST":
        request.max_content_length = MOST_BYTES
        if not request.is_json:
            raise UnsupportedMediaType("send JSON: Content-Type: application/json")


@blueprint.post("/play-events")
@blueprint.input(schemas.PlayEventsIn, location="json", arg_name="batch")
@blueprint.output(schemas.PlayEventsOut, status_code=202)
@blueprint.doc(responses=[413, 415, 429, 503])
@throttled("plays")
def play_events(batch: schemas.PlayEventsIn) -> dict[str, Any]:
    """Count a batch of play events. Nothing of who sent it is kept."""
    events = [PlayEvent(each.kind, each.recording_id, each.heard_ms) for each in batch.events]
    ledger: Ledger = current_app.extensions["audience"]["ledger"]
    return {"counted": ledger.count(Batch(str(batch.batch_id), events))}


@blueprint.get("/stats")
@blueprint.input(schemas.StatsQuery, location="query", arg_name="wanted")
@blueprint.output(schemas.StatsOut)
@blueprint.doc(responses=[404])
def stats(wanted: schemas.StatsQuery) -> Any:
    """What was heard and jumped to most, by tag and by day, and what is new today."""
    return kept_stats(wanted.days, wanted.song)


def kept_stats(days: int, slug: str | None) -> dict[str, Any]:
    """The statistics of the last minute; what takes long to count may be older."""

    def compute(_: Rest) -> dict[str, Any]:
        with database.reading() as session:
            song = None if slug is None else get_song(session, slug)
            return stats_json(session, days=days, song=song)

    kept: Kept[dict[str, Any]] = current_app.extensions["audience"]["stats"]
    return dict(kept.get((days, slug), compute))


@blueprint.get("/songs/<slug>/mixes")
@blueprint.output(schemas.MixesOut)
@blueprint.doc(responses=[404])
def mixes(slug: str) -> dict[str, Any]:
    """The newest mixes of a song."""
    with database.reading() as session:
        song = get_song(session, slug)
        return {"mixes": [mix_card(each, slug) for each in latest_mixes(session, song, MOST_MIXES)]}


@blueprint.post("/songs/<slug>/mixes")
@blueprint.input(schemas.MixIn, location="json", arg_name="mix")
@blueprint.output(schemas.MixOut, status_code=201)
@blueprint.doc(responses=[400, 404, 413, 415, 429])
@throttled("mixes")
def new_mix(slug: str, mix: schemas.MixIn) -> dict[str, Any]:
    """Keep a mix under a name. Its address is the only way to it, besides the song's list."""
    steps = [MixStep(each.at_ms, each.recording_id, each.reference_ms) for each in mix.steps]
    with database.session() as session:
        song = get_song(session, slug)
        added = add_mix(session, song, name=mix.name, duration_ms=mix.duration_ms, steps=steps)
        return mix_card(added, slug) | {"steps": added.steps}


@blueprint.get("/mixes/<key>")
@blueprint.output(schemas.MixOut)
@blueprint.doc(responses=[404])
def one_mix(key: str) -> dict[str, Any]:
    """A mix with its steps."""
    with database.reading() as session:
        found = get_mix(session, key)
        return mix_card(found, found.song.slug) | {"steps": found.steps}


def mix_card(mix: Mix, slug: str) -> dict[str, Any]:
    """A mix as lists show it."""
    return {
        "key": mix.key,
        "name": mix.name,
        "song": slug,
        "duration_ms": mix.duration_ms,
        "created_at": mix.created_at.isoformat(timespec="seconds"),
        "url": f"/mixes/{mix.key}",
    }


@blueprint.post("/sync-reports")
@blueprint.input(schemas.SyncReportIn, location="json", arg_name="report")
@blueprint.output(schemas.SyncReportOut, status_code=201)
@blueprint.doc(responses=[400, 404, 413, 415, 429])
@throttled("reports")
def new_sync_report(report: schemas.SyncReportIn) -> dict[str, Any]:
    """Tell the curator that a cover is off the beat at this place."""
    with database.session() as session:
        added = add_report(
            session,
            queries.get_playable_cover(session, report.cover_id),
            other_id=report.other_id,
            reference_s=report.reference_ms / 1000,
            cover_s=report.cover_ms / 1000,
        )
        return {"id": added.id}
