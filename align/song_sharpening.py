"""Sharpening a song of the library: which covers are asked, and when it is time to ask again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from align.cache import cache_path, features_of, media_sha256
from align.network.hearing import Listener, Places
from align.prototype_files import load_prototypes, save_prototypes
from align.sharpening import LEAST_COVERS, Sharpening, VerifiedCover, sharpen
from catalog import database
from catalog.errors import CoversError, StateError
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Alignment, Recording
from catalog.settings import get_settings
from catalog.songs import get_song
from catalog.time_map import TimeMap

log = logging.getLogger(__name__)

LEAST_CONFIDENCE = 0.8
"""Of a published cover's map, to be taken as truth."""
GROWTH = 1.5
"""The covers are asked again when there are so many times as many as before."""


@dataclass(frozen=True)
class Sound:
    """A recording of which media or kept features are at hand, detached from the database."""

    name: str
    path: Path
    sha256: str

    @classmethod
    def of(cls, recording: Recording) -> Sound | None:
        """`None` where neither is at hand any more."""
        path = get_settings().media_folder / (recording.media_file or "")
        has_media = recording.media_file is not None and path.exists()
        sha256 = recording.media_sha256 or (media_sha256(path) if has_media else None)
        if sha256 is None or not (has_media or cache_path(sha256).exists()):
            return None
        return cls(recording.title, path, sha256)

    def places(self, semitones: int = 0) -> Places:
        """What is heard of it, with the recording `semitones` higher."""
        return Listener(features_of(self.path, self.sha256)).places(semitones)


@dataclass(frozen=True)
class SureCover:
    """A verified cover; `transposition_semitones` is positive where it sounds higher."""

    sound: Sound
    time_map: TimeMap
    transposition_semitones: int

    def listen(self) -> VerifiedCover:
        """Hear it in the Reference's key."""
        places = self.sound.places(-self.transposition_semitones)
        return VerifiedCover.of(self.sound.name, places, self.time_map)


@dataclass(frozen=True)
class SongToSharpen:
    """A reference, heard alone, and the covers that sharpen it.

    Attributes:
        sha256: of the reference's media
    """

    sha256: str
    heard: Places
    covers: tuple[SureCover, ...]

    @property
    def is_due(self) -> bool:
        """Whether there are enough covers, and enough more than were asked the last time."""
        stored = load_prototypes(self.sha256, self.heard)
        n_asked = 0 if stored is None else stored.prototypes.n_covers
        return len(self.covers) >= max(LEAST_COVERS, GROWTH * n_asked)

    def sharpen(self, done: Callable[[str], None] = lambda name: None) -> Sharpening:
        """Learn prototypes, judge them, and store both; `done` is told each cover's name."""
        verified = []
        for cover in self.covers:
            verified.append(cover.listen())
            done(cover.sound.name)
        sharpening = sharpen(self.heard, verified)
        save_prototypes(self.sha256, self.heard, sharpening)
        return sharpening


def prepare_sharpening(slug: str) -> SongToSharpen:
    """Read what a song has to be sharpened with, and hear its reference.

    Raises:
        NotFoundError: when there is no such song.
        StateError: when its reference is not at hand, or too few verified covers are.
    """
    with database.reading() as session:
        song_id = get_song(session, slug).id
        reference = _reference_sound(session, song_id)
        covers = verified_covers(session, song_id)
    if reference is None:
        raise StateError(f"song {slug!r} has no reference at hand: fetch it first")
    if len(covers) < LEAST_COVERS:
        raise StateError(
            f"song {slug!r} has {len(covers)} verified covers and needs {LEAST_COVERS}: published "
            f"ones with a confidence of {LEAST_CONFIDENCE} and with media or features at hand"
        )
    return SongToSharpen(reference.sha256, reference.places(), covers)


def sharpen_when_due(song_id: int, sha256: str, heard: Places) -> None:
    """Sharpen a song again when enough verified covers came; a failure is logged and no more.

    Parameters
    ----------
    sha256
        of the reference's media
    heard
        of the reference alone
    """
    try:
        with database.reading() as session:
            covers = verified_covers(session, song_id)
        song = SongToSharpen(sha256, heard, covers)
        if song.is_due:
            song.sharpen()
    except CoversError as error:
        log.warning("song %d was not sharpened: %s", song_id, error)


def verified_covers(session: Session, song_id: int) -> tuple[SureCover, ...]:
    """Published covers whose map is sure and whose sound is at hand.

    A copy of the Reference says nothing that the Reference does not say itself.
    """
    found = session.execute(
        select(Recording, Alignment)
        .join(Alignment)
        .where(
            Recording.song_id == song_id,
            Recording.role == Role.COVER,
            Recording.status == Status.PUBLISHED,
            Recording.relation.is_distinct_from(Relation.SAME_RECORDING),
            Alignment.confidence >= LEAST_CONFIDENCE,
        )
        .order_by(Recording.id)
    )
    return tuple(
        SureCover(sound, alignment.time_map, alignment.transposition_semitones)
        for recording, alignment in found
        if alignment.segments and (sound := Sound.of(recording)) is not None
    )


def _reference_sound(session: Session, song_id: int) -> Sound | None:
    reference = session.scalar(
        select(Recording).where(Recording.song_id == song_id, Recording.role == Role.REFERENCE)
    )
    return None if reference is None else Sound.of(reference)
