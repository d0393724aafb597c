"""The stages that ingest does: fetching a recording, and deciding about an aligned cover.

Each can be called again at any time; what is done already is not done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.errors import StateError
from catalog.jobs import Outcome
from catalog.lifecycle import Relation, Role, Status
from catalog.models import Recording, Song
from catalog.settings import get_settings
from catalog.songs import add_hashtags
from ingest.addresses import public_address
from ingest.fetching import Fetched, fetch_into
from ingest.hashtags import find_hashtags
from ingest.media import sha256_of
from ingest.sources import LOCAL
from ingest.sources.description import Description
from ingest.storage import incoming_folder, move_in, remove_media

Report = Callable[[float], None]
PLAYABLE = (Relation.PERFORMANCE, Relation.SAME_RECORDING, Relation.BACKING_TRACK)


def fetch_recording(recording_id: int, report: Report) -> Outcome:
    """Bring a recording's media into the media folder and describe it on its row.

    Raises:
        MediaError: when it is not usable.
        SourceError: when its source does not deliver.
        StorageError: when there is no room.
    """
    with database.reading() as session:
        recording = session.get_one(Recording, recording_id)
    if _has_its_media(recording):
        return Outcome()
    with incoming_folder(recording_id) as folder:
        may_copy = recording.source in LOCAL
        fetched = fetch_into(folder, recording.location, report, may_copy=may_copy)
        move_in(folder, recording_id)
    with database.session() as session:
        same = _save(session, recording_id, fetched)
    if same is not None:
        remove_media(recording_id)
        return Outcome(Status.REJECTED, f"same file as {same}")
    return Outcome()


def _has_its_media(recording: Recording) -> bool:
    if recording.media_file is None:
        return False
    path = get_settings().media_folder / recording.media_file
    return path.is_file() and sha256_of(path) == recording.media_sha256


def _save(session: Session, recording_id: int, fetched: Fetched) -> str | None:
    """Describe the media on its row; or name the recording of the song that has the same file."""
    recording = session.get_one(Recording, recording_id)
    # The song's row is the lock: of two equal files that arrive together, one sees the other.
    session.execute(select(Song.id).where(Song.id == recording.song_id).with_for_update())
    same = session.scalar(
        select(Recording).where(
            Recording.song_id == recording.song_id,
            Recording.media_sha256 == fetched.sha256,
            Recording.id != recording_id,
        )
    )
    if same is not None and recording.role is Role.COVER:
        return "the reference" if same.role is Role.REFERENCE else f"cover {same.id}"
    folder = Path(str(recording_id))
    recording.media_file = str(folder / fetched.media)
    recording.poster_file = str(folder / fetched.poster) if fetched.poster else None
    recording.media_sha256 = fetched.sha256
    recording.media_type = fetched.inspection.media_type
    recording.has_video = fetched.inspection.has_video
    recording.duration_s = fetched.inspection.duration_s
    _fill_in(session, recording, fetched.description)
    return None


def _fill_in(session: Session, recording: Recording, description: Description) -> None:
    """Complete what a playlist or feed did not tell; what is known already stays."""
    if description.title and recording.title in _names_without_title(recording):
        recording.title = description.title
    recording.performer = recording.performer or description.uploader
    recording.performer_url = recording.performer_url or description.uploader_url
    recording.licence = recording.licence or description.license
    if recording.description is None and description.description:
        recording.description = description.description
        known = {each.hashtag.name for each in recording.hashtags}
        tags = find_hashtags(recording.title, recording.description)
        add_hashtags(session, recording, [each for each in tags if each[0] not in known])


def _names_without_title(recording: Recording) -> tuple[str, ...]:
    return recording.source_id, recording.location, public_address(recording.location)


def decide_recording(recording_id: int, report: Report) -> Outcome:
    """Publish an aligned cover, or leave it to a person with the reason.

    Raises:
        StateError: when it has not been aligned.
    """
    with database.reading() as session:
        cover = session.get_one(Recording, recording_id)
        if cover.alignment is None:
            raise StateError(f"cover {recording_id} has no alignment to decide by")
        confidence, relation = cover.alignment.confidence, cover.relation
    if relation not in PLAYABLE:
        sounds = "unknown" if relation is None else relation.value
        return Outcome(Status.IN_REVIEW, f"its relation to the song is {sounds}")
    threshold = get_settings().publish_confidence
    if confidence < threshold:
        reason = f"confidence {confidence:.2f} is below {threshold:.2f}"
        return Outcome(Status.IN_REVIEW, reason)
    return Outcome(Status.PUBLISHED)
