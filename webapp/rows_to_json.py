"""The one place that knows how a row becomes JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row

from catalog.models import Recording
from catalog.renditions import Rendition
from catalog.time_map import Segment, TimeMap
from webapp import schemas
from webapp.listing import ListedCover
from webapp.queries import SongEntry
from webapp.youtube import youtube_json

TEXT_LIMIT = 300
"""Strangers' texts are clipped here, so that no page has to cope with a novel."""

Told = Recording | Row[Any]
"""A recording as an object, or as the columns that lists tell of it."""

_FOLDERS = re.compile(
    r"""(?<![^\s'"`(\[=:,])      # not inside a word or a web address
        (?:file://)?~?/(?!/)
        (?:[^/\n:'"]*[^/\s:'"]/)+
        (?=[^\s/:'"])""",
    re.VERBOSE,
)


def clip(text: str | None) -> str | None:
    """A stranger's text on one line, at most `TEXT_LIMIT` characters."""
    if text is None:
        return None
    line = " ".join(text.split())
    return line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…"


def public_reason(reason: str | None) -> str | None:
    """A reason with files by their names alone: where they lie is not the visitors' business."""
    return None if reason is None else clip(_FOLDERS.sub("", reason))


def without_folders(document: Any) -> Any:
    """The same JSON, every text in it with files by their names alone."""
    if isinstance(document, str):
        return _FOLDERS.sub("", document)
    if isinstance(document, list):
        return [without_folders(each) for each in document]
    if isinstance(document, dict):
        return {name: without_folders(each) for name, each in document.items()}
    return document


def web_address(address: str | None) -> str | None:
    """An address a visitor may be sent to, without passwords and yt-dlp's own notes.

    Anything but http(s) is dropped.
    """
    try:
        parts = urlsplit((address or "").partition("#__youtubedl_smuggle=")[0])
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def to_ms(seconds: float) -> int:
    """Whole milliseconds."""
    return round(seconds * 1000)


def delta_code(times_s: Sequence[float]) -> list[int]:
    """The first time and then distances, in ms. Rounded before, so errors do not add up."""
    times_ms = [to_ms(time_s) for time_s in times_s]
    return [now - before for before, now in zip([0, *times_ms], times_ms, strict=False)]


def media_url(recording: Told) -> str | None:
    """Where the media is served; the address changes with its contents."""
    if not recording.hosted or recording.media_file is None:
        return None
    return f"/media/{recording.id}?v={(recording.media_sha256 or '0')[:16]}"


def poster_url(recording: Told | None) -> str | None:
    """Where the still is served."""
    if recording is None or not recording.hosted or recording.poster_file is None:
        return None
    return f"/posters/{recording.id}?v={(recording.media_sha256 or '0')[:16]}"


def song_card(entry: SongEntry) -> dict[str, Any]:
    """A song as the list shows it."""
    song = entry.song
    return schemas.SongCard(
        slug=song.slug,
        title=clip(song.title) or song.slug,
        composer=clip(song.composer),
        cover_count=entry.cover_count,
        poster_url=poster_url(entry.reference),
        url=f"/songs/{song.slug}",
    ).model_dump()


def song_detail(entry: SongEntry) -> dict[str, Any]:
    """A song with its Reference's timeline."""
    song = entry.song
    return {
        "slug": song.slug,
        "title": clip(song.title),
        "composer": clip(song.composer),
        "cover_count": entry.cover_count,
        "reference": None if entry.reference is None else reference_json(entry.reference),
    }


def recording_json(recording: Told, tempo_bpm: float | None) -> dict[str, Any]:
    """What a Reference and a Cover have in common."""
    hosted = media_url(recording)
    youtube = youtube_json(recording) if hosted is None else None
    return {
        "id": recording.id,
        "title": clip(recording.title),
        "performer": clip(recording.performer),
        "performer_url": web_address(recording.performer_url),
        "page_url": web_address(recording.page_url),
        "licence": clip(recording.licence),
        "duration_ms": None if recording.duration_s is None else to_ms(recording.duration_s),
        "tempo_bpm": tempo_bpm,
        "media_url": hosted,
        "media_type": recording.media_type,
        "has_video": bool(recording.has_video) or youtube is not None,
        "poster_url": poster_url(recording),
        "youtube": youtube,
    }


def reference_json(reference: Recording) -> dict[str, Any]:
    """The recording that owns the timeline, with beats and sections."""
    analysis = reference.analysis
    timeline: dict[str, Any] = {"beats_ms": [], "downbeats_ms": [], "sections": []}
    if analysis is not None:
        timeline = {
            "beats_ms": delta_code(analysis.beats_s),
            "downbeats_ms": delta_code(analysis.downbeats_s),
            "sections": [_section_json(each) for each in analysis.sections],
        }
    return recording_json(reference, None if analysis is None else analysis.tempo_bpm) | timeline


def _section_json(section: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "start_ms": to_ms(section["start_s"]),
        "end_ms": to_ms(section["end_s"]),
        "label": clip(str(section["label"])),
    }


def cover_json(cover: ListedCover) -> dict[str, Any]:
    """A cover with what a listener and the choice of companions need."""
    row = cover.row
    return recording_json(row, row.tempo_bpm) | {
        "relation": None if row.relation is None else row.relation.value,
        "confidence": round(row.confidence * 100),
        "transposition_semitones": row.transposition_semitones,
        "tuning_cents": row.tuning_cents,
        "tempo_ratio": row.tempo_ratio,
        "spans_ms": row.spans_ms,
        "tags": cover.tags,
        "time_map_url": f"/api/v1/covers/{row.id}/time-map",
        "rendition": None if cover.rendition is None else _rendition_json(row, cover.rendition),
    }


def _rendition_json(row: Row[Any], rendition: Rendition) -> dict[str, Any]:
    """A rendition with its own map, which is short enough to come along."""
    return {
        "media_url": f"/renditions/{rendition.recording_id}?v={rendition.sha256[:16]}",
        "media_type": rendition.media_type,
        "transposition_semitones": round(row.transposition_semitones + rendition.semitones),
        "segments": compact_segments(rendition.time_map),
    }


def time_map_json(cover: Recording) -> dict[str, Any]:
    """A cover's time map in whole milliseconds, delta coded."""
    alignment = cover.alignment
    assert alignment is not None, "only aligned covers have a map"
    return {
        "cover_id": cover.id,
        "model": alignment.model,
        "segments": compact_segments(alignment.time_map),
    }


def compact_segments(time_map: TimeMap) -> list[dict[str, list[int]]]:
    """A map's segments, without those of which rounding leaves a single knot."""
    segments = [compact_segment(each) for each in time_map.segments]
    return [each for each in segments if len(each["cover_ms"]) > 1]


def compact_segment(segment: Segment) -> dict[str, list[int]]:
    """A segment's knots; of knots that round to the same millisecond the first stays."""
    knots: list[tuple[float, float, float]] = []
    for reference_s, cover_s, confidence in zip(
        segment.reference_s, segment.cover_s, segment.confidence, strict=True
    ):
        if knots and (
            to_ms(reference_s) <= to_ms(knots[-1][0]) or to_ms(cover_s) <= to_ms(knots[-1][1])
        ):
            continue
        knots.append((reference_s, cover_s, confidence))
    return {
        "reference_ms": delta_code([knot[0] for knot in knots]),
        "cover_ms": delta_code([knot[1] for knot in knots]),
        "confidence": [round(knot[2] * 100) for knot in knots],
    }
