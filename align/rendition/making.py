"""Making a cover's rendition: read what it stands on, warp, and keep it if that still holds.

Sound lies on disk while it is worked on, in the media folder's hidden place; the finished file
appears beside the cover's media in one rename.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from align.rendition.planning import Leg, plan_legs, rendition_map
from align.rendition.sound import SAMPLE_RATE, decode, encode, raw_bytes, silence
from align.rendition.warping import peak_of, warp
from align.threads import one_thread
from catalog import database
from catalog.errors import MediaError, StateError
from catalog.jobs import Outcome
from catalog.models import Alignment, Recording
from catalog.renditions import Rendition, check_may_have_one
from catalog.settings import get_settings
from catalog.storage import check_free_space, incoming, storage_errors
from catalog.time_map import TimeMap

Report = Callable[[float], None]

MEDIA_TYPE = "audio/mp4"
ENCODED_BYTES_PER_S = 24_000
TAIL_S = 1.0
"""Silence after the last sound, so that a player does not end while it still fades."""


@dataclass(frozen=True)
class Source:
    """What a rendition stands on, detached from the database.

    Attributes:
        aligned_at: when the map was made
        semitones: how much higher than the cover its Reference is
    """

    recording_id: int
    media: Path
    media_sha256: str
    time_map: TimeMap
    aligned_at: datetime
    semitones: float


def render_recording(recording_id: int, report: Report, *, in_key: bool | None = None) -> Outcome:
    """Make and store the rendition of a cover; one that is there already is replaced.

    Parameters
    ----------
    in_key
        whether it is transposed to the Reference's key; as the setting says where `None`

    Raises
    ------
    StateError
        when this cover may not have one, or its map has nothing of the song
    MediaError
        when its media is gone or cannot be decoded
    StorageError
        when there is no room
    """
    with database.reading() as session:
        source = _source_of(session, recording_id)
    transposed = get_settings().renditions_in_key if in_key is None else in_key
    semitones = source.semitones if transposed else 0.0
    legs = plan_legs(source.time_map)
    if not legs:
        raise StateError(f"the map of cover {recording_id} has nothing that can be rendered")
    folder = incoming()
    with storage_errors():
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"render-{recording_id}-", dir=folder) as workshop:
        made = render_file(source.media, legs, Path(workshop), semitones=semitones, report=report)
        _keep(source, made, legs, semitones)
    return Outcome()


def render_file(
    media: Path,
    legs: tuple[Leg, ...],
    folder: Path,
    *,
    semitones: float = 0.0,
    report: Report = lambda share: None,
) -> Path:
    """Play legs of a recording into a file in `folder`, on the Reference's timeline from 0 on."""
    duration_s = legs[-1].end_s + TAIL_S
    check_free_space(raw_bytes(duration_s) + round(duration_s * ENCODED_BYTES_PER_S))
    raw, encoded = folder / "rendition.f32", folder / "rendition.m4a"
    cover = decode(media, folder / "cover.f32")
    rendition = silence(raw, duration_s, len(cover))
    with one_thread():
        warp(
            legs,
            cover,
            rendition,
            sample_rate=SAMPLE_RATE,
            semitones=semitones,
            report=lambda share: report(0.9 * share),
        )
    encode(raw, encoded, len(cover), peak=peak_of(rendition))
    return encoded


def _source_of(session: Session, recording_id: int) -> Source:
    cover = session.get_one(Recording, recording_id)
    check_may_have_one(cover)
    alignment = cover.alignment
    assert alignment is not None and cover.media_file is not None, "checked above"
    media = get_settings().media_folder / cover.media_file
    if not media.is_file() or cover.media_sha256 is None:
        raise MediaError(f"the media of cover {recording_id} is gone: fetch it again")
    return Source(
        recording_id,
        media,
        cover.media_sha256,
        alignment.time_map,
        alignment.created_at,
        -(alignment.transposition_semitones + alignment.tuning_cents / 100),
    )


def _keep(source: Source, made: Path, legs: tuple[Leg, ...], semitones: float) -> None:
    """Put the file in place with its row, unless what it stands on has changed meanwhile."""
    digest = hashlib.sha256(made.read_bytes()).hexdigest()
    name = f"steady-{digest[:16]}{made.suffix}"
    with database.session() as session:
        if not _still_holds(session, source):
            return
        with storage_errors():
            made.chmod(0o644)
            made.replace(source.media.parent / name)
        session.merge(
            Rendition(
                recording_id=source.recording_id,
                file=f"{source.media.parent.name}/{name}",
                media_type=MEDIA_TYPE,
                sha256=digest,
                semitones=round(semitones, 2),
                segments=rendition_map(legs).to_json(),
                aligned_at=source.aligned_at,
                media_sha256=source.media_sha256,
            )
        )
    for earlier in source.media.parent.glob("steady-*"):
        if earlier.name != name:
            earlier.unlink(missing_ok=True)


def _still_holds(session: Session, source: Source) -> bool:
    cover = session.get_one(Recording, source.recording_id, with_for_update=True)
    aligned_at = session.scalar(
        select(Alignment.created_at).where(Alignment.recording_id == source.recording_id)
    )
    return (cover.hosted, cover.media_sha256, aligned_at) == (
        True,
        source.media_sha256,
        source.aligned_at,
    )
