"""The one place that knows how a row becomes JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row

from catalog.models import Recording, Song
from catalog.time_map import Segment, TimeMap
from webapp.listing import ListedCover
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


@lru_cache(maxsize=4096)
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


def song_detail(song: Song, reference: Recording | None, cover_count: int) -> dict[str, Any]:
    """A song with its Reference's timeline."""
    return {
        "slug": song.slug,
        "title": clip(song.title),
        "composer": clip(song.composer),
        "cover_count": cover_count,
        "reference": None if reference is None else reference_json(reference),
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


def cover_json(row: ListedCover) -> dict[str, Any]:
    """A cover with what a listener and the choice of companions need."""
    return recording_json(row, row.tempo_bpm) | {
        "relation": None if row.relation is None else row.relation.value,
        "confidence": round(row.confidence * 100),
        "transposition_semitones": row.transposition_semitones,
        "tuning_cents": row.tuning_cents,
        "tempo_ratio": row.tempo_ratio,
        "spans_ms": row.spans_ms,
        "tags": sorted(row.tag_lines.split("\n")) if row.tag_lines else [],
        "time_map_url": f"/api/v1/covers/{row.id}/time-map",
        "rendition": None if row.rendition_sha256 is None else _rendition_json(row),
    }


def _rendition_json(row: Row[Any]) -> dict[str, Any]:
    """A rendition with its own map, which is short enough to come along."""
    return {
        "media_url": f"/renditions/{row.id}?v={row.rendition_sha256[:16]}",
        "media_type": row.rendition_type,
        "transposition_semitones": round(row.transposition_semitones + row.rendition_semitones),
        "segments": compact_segments(TimeMap.from_json(row.rendition_segments)),
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
    reference_ms, cover_ms = (
        np.rint(times_s * 1000).astype(np.int64)
        for times_s in (segment.reference_s, segment.cover_s)
    )
    kept = _rising(reference_ms, cover_ms)
    return {
        "reference_ms": np.diff(reference_ms[kept], prepend=0).tolist(),
        "cover_ms": np.diff(cover_ms[kept], prepend=0).tolist(),
        "confidence": np.rint(segment.confidence[kept] * 100).astype(np.int64).tolist(),
    }


def _rising(reference_ms: npt.NDArray[np.int64], cover_ms: npt.NDArray[np.int64]) -> list[int]:
    """Indexes of knots that lie after the one kept before on both axes."""
    if np.all(np.diff(reference_ms) > 0) and np.all(np.diff(cover_ms) > 0):
        return list(range(len(cover_ms)))
    kept: list[int] = []
    for knot in range(len(cover_ms)):
        if not kept or (
            reference_ms[knot] > reference_ms[kept[-1]] and cover_ms[knot] > cover_ms[kept[-1]]
        ):
            kept.append(knot)
    return kept
