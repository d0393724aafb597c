"""A library of very many covers for benchmarks of the web server: rows only, no media."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import insert

from catalog import database
from catalog.lifecycle import Relation, Role, Status
from catalog.listener_models import PlayCount
from catalog.models import (
    Alignment,
    Analysis,
    Hashtag,
    Recording,
    RecordingHashtag,
    Song,
    utc_now,
)

SLUG = "large"
SONG_S = 240.0
AT_ONCE = 5_000
MAPS_WITH_ALL_KNOTS = 500
"""The others have few, so that the library is there in a minute; lists never read either."""
FEW_KNOTS = 20


def insert_large_library(
    *, covers: int, tags: int, songs: int, knots: int, plays_of: int, seed: int = 1
) -> None:
    """One song of `covers` covers and `tags` hashtags, and `songs` others of eight covers each.

    `plays_of` recordings have been played on each of the last 30 days.
    """
    random = np.random.default_rng(seed)
    with database.session() as session:
        names = [{"id": each + 1, "name": f"tag{each}"} for each in range(tags)]
        session.execute(insert(Hashtag), names)
        slugs = [SLUG, *(f"song-{each}" for each in range(songs))]
        session.execute(
            insert(Song),
            [{"id": at + 1, "slug": each, "title": each} for at, each in enumerate(slugs)],
        )
    next_id = 1
    for song_id in range(1, songs + 2):
        count = covers if song_id == 1 else 8
        for rows in _in_parts(next_id, song_id, count + 1):
            _insert(random, rows, song_id, next_id, tags, knots)
        next_id += count + 1
    _insert_plays(random, min(plays_of, covers))


def _in_parts(first_id: int, song_id: int, count: int) -> Iterator[range]:
    for start in range(first_id, first_id + count, AT_ONCE):
        yield range(start, min(start + AT_ONCE, first_id + count))


def _insert(
    random: np.random.Generator, ids: range, song_id: int, reference_id: int, tags: int, knots: int
) -> None:
    covers = [each for each in ids if each != reference_id]
    ratios = np.round(2 ** random.normal(0, 0.2, len(covers)), 4)
    popular = np.minimum(random.zipf(1.3, (len(covers), 5)), tags)
    with database.session() as session:
        session.execute(
            insert(Recording), [_recording(each, song_id, each == reference_id) for each in ids]
        )
        session.execute(
            insert(Analysis),
            [
                {"recording_id": each, "model": "exact", "duration_s": SONG_S, "tempo_bpm": 120.0}
                | {"beats_s": [], "downbeats_s": [], "sections": []}
                for each in ids
            ],
        )
        session.execute(
            insert(Alignment),
            [
                _alignment(each, float(ratio), int(random.integers(-6, 6)), knots)
                for each, ratio in zip(covers, ratios, strict=True)
            ],
        )
        session.execute(
            insert(RecordingHashtag),
            [
                {"recording_id": each, "hashtag_id": int(tag), "origin": "title"}
                for each, some in zip(covers, popular, strict=True)
                for tag in set(some)
            ],
        )


def _recording(recording_id: int, song_id: int, is_reference: bool) -> dict[str, Any]:
    return {
        "id": recording_id,
        "song_id": song_id,
        "role": Role.REFERENCE if is_reference else Role.COVER,
        "source": "folder",
        "source_id": str(recording_id),
        "location": f"/takes/{recording_id}",
        "title": f"Large, take {recording_id} (live at the corner, with friends)",
        "performer": f"Performer {recording_id % 40_000}",
        "performer_url": f"https://example.org/performers/{recording_id % 40_000}",
        "page_url": f"https://example.org/takes/{recording_id}",
        "licence": "CC BY 4.0",
        "description": "Recorded at home. " * 20,
        "hosted": True,
        "status": Status.PUBLISHED,
        "media_file": f"{recording_id}/take.m4a",
        "media_type": "audio/mp4",
        "media_sha256": f"{recording_id:064x}",
        "has_video": False,
        "duration_s": SONG_S,
        "relation": None if is_reference else Relation.PERFORMANCE,
    }


def _alignment(recording_id: int, ratio: float, semitones: int, knots: int) -> dict[str, Any]:
    count = knots if recording_id <= MAPS_WITH_ALL_KNOTS else FEW_KNOTS
    reference_s = np.linspace(1, SONG_S - 1, count)
    return {
        "recording_id": recording_id,
        "model": "exact",
        "confidence": 0.9,
        "transposition_semitones": semitones,
        "tuning_cents": 0.0,
        "tempo_ratio": ratio,
        "spans_ms": [[1000, int(SONG_S - 1) * 1000]],
        "segments": [
            {
                "reference_s": np.round(reference_s, 4).tolist(),
                "cover_s": np.round(reference_s / ratio, 4).tolist(),
                "confidence": [0.9] * count,
            }
        ],
    }


def _insert_plays(random: np.random.Generator, plays_of: int) -> None:
    today = utc_now().date()
    for day in range(30):
        with database.session() as session:
            session.execute(
                insert(PlayCount),
                [
                    {"recording_id": each, "day": today - timedelta(days=day), "plays": 1}
                    | {"switches": 1, "loops": 0, "heard_ms": int(random.integers(1, 60_000))}
                    for each in range(1, plays_of + 1)
                ],
            )
