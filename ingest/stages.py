"""The stages that ingest does: fetching a recording, and deciding about an aligned cover.

Each can be called again at any time; what is done already is not done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.decisions import Reason, is_overruled
from catalog.errors import StateError
from catalog.jobs import Outcome
from catalog.lifecycle import DecisionStep, Relation, Role, Status
from catalog.models import Recording, Song
from catalog.opt_outs import has_opted_out
from catalog.renditions import forget_rendition
from catalog.rules import Thresholds, thresholds_of
from catalog.settings import get_settings
from catalog.songs import add_hashtags
from catalog.withdrawal import is_taken_down
from ingest.addresses import public_address
from ingest.discovery.wanting import document_for
from ingest.downloading import Wish
from ingest.duplicates import find_same
from ingest.fetching import Fetched, ScreenedOutError, fetch_into
from ingest.hashtags import find_hashtags
from ingest.media import sha256_of
from ingest.sources import LOCAL
from ingest.sources.description import Description
from ingest.sources.web import ANY_SITE
from ingest.storage import incoming_folder, move_in, remove_media

Report = Callable[[float], None]
PLAYABLE = (Relation.PERFORMANCE, Relation.SAME_RECORDING, Relation.BACKING_TRACK)
LEAST_DOUBT = 0.15
"""Score of being another song from which a person decides, however good the map is: another tune
over the song's chords can be followed as well as a cover."""


def fetch_recording(recording_id: int, report: Report) -> Outcome:
    """Bring a recording's media into the media folder and describe it on its row.

    Raises:
        MediaError: when it is not usable.
        SourceError: when its source does not deliver.
        StorageError: when there is no room.
    """
    with database.reading() as session:
        recording = session.get_one(Recording, recording_id)
        wish = _wish_for(session, recording)
    if _has_its_media(recording):
        return Outcome()
    try:
        with incoming_folder(recording_id) as folder:
            may_copy = recording.source in LOCAL
            fetched = fetch_into(folder, recording.location, report, may_copy=may_copy, wish=wish)
            move_in(folder, recording_id)
    except ScreenedOutError as refused:
        return Outcome(Status.REJECTED, str(refused), refused.reasons)
    with database.session() as session:
        if is_taken_down(session, recording_id):
            remove_media(recording_id)
            return Outcome()
        is_unwanted = _is_of_somebody_who_opted_out(session, recording_id, fetched)
        same = None if is_unwanted else _save(session, recording_id, fetched)
    if is_unwanted:
        remove_media(recording_id)
        return Outcome(Status.REJECTED, "its performer has opted out")
    if same is not None:
        remove_media(recording_id)
        return Outcome(Status.REJECTED, same.text, (same,), DecisionStep.DUPLICATE)
    return Outcome()


def _is_of_somebody_who_opted_out(session: Session, recording_id: int, fetched: Fetched) -> bool:
    """Listings often do not say whose a recording is; its own description does."""
    is_cover = session.get_one(Recording, recording_id).role is Role.COVER
    return is_cover and has_opted_out(session, fetched.description.uploader_url)


def _wish_for(session: Session, recording: Recording) -> Wish:
    """The sound is enough for what is not served; what a search found is screened once more."""
    overruled = is_overruled(session, recording.id, DecisionStep.METADATA)
    return Wish(
        audio_only=not recording.hosted,
        any_site=recording.source in ANY_SITE,
        screening=None if overruled else document_for(session, recording),
    )


def _has_its_media(recording: Recording) -> bool:
    if recording.media_file is None:
        return False
    path = get_settings().media_folder / recording.media_file
    return path.is_file() and sha256_of(path) == recording.media_sha256


def _save(session: Session, recording_id: int, fetched: Fetched) -> Reason | None:
    """Describe the media on its row; or say which recording of the song it is once more."""
    recording = session.get_one(Recording, recording_id)
    # The song's row is the lock: of two equal files that arrive together, one sees the other.
    session.execute(select(Song.id).where(Song.id == recording.song_id).with_for_update())
    overruled = is_overruled(session, recording_id, DecisionStep.DUPLICATE)
    if recording.role is Role.COVER and not overruled:
        same = find_same(session, recording, fetched)
        if same is not None:
            return same
    forget_rendition(session, recording)  # its file went with the folder that this one replaces
    folder = Path(str(recording_id))
    recording.media_file = str(folder / fetched.media)
    recording.poster_file = str(folder / fetched.poster) if fetched.poster else None
    recording.media_sha256 = fetched.sha256
    recording.fingerprint = fetched.fingerprint or None
    recording.media_type = fetched.inspection.media_type
    recording.has_video = fetched.inspection.has_video
    recording.duration_s = fetched.inspection.duration_s
    recording.source_facts = (recording.source_facts or {}) | fetched.facts.to_json() or None
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
    """Publish an aligned cover, leave it to a person, or reject it, with the reason.

    Raises:
        StateError: when it has not been aligned.
    """
    with database.reading() as session:
        cover = session.get_one(Recording, recording_id)
        if cover.alignment is None:
            raise StateError(f"cover {recording_id} has no alignment to decide by")
        if is_overruled(session, recording_id, DecisionStep.THRESHOLD):
            return Outcome(Status.IN_REVIEW, "a person took back what was decided by threshold")
        doubt = (cover.relation_scores or {}).get(Relation.UNRELATED.value, 0.0)
        thresholds = thresholds_of(cover.song)
        return by_threshold(cover.relation, doubt, cover.alignment.confidence, thresholds)


def by_threshold(
    relation: Relation | None, doubt: float, confidence: float, thresholds: Thresholds
) -> Outcome:
    """What is done with an aligned cover. `doubt` is its score of being another song, 0..1."""
    if relation not in PLAYABLE:
        sounds = "unknown" if relation is None else relation.value
        return Outcome(Status.IN_REVIEW, f"its relation to the song is {sounds}")
    if doubt >= LEAST_DOUBT:
        return Outcome(Status.IN_REVIEW, f"it may be another song (unrelated {doubt:.2f})")
    if confidence < thresholds.reject_below:
        reason = f"confidence {confidence:.2f} is below {thresholds.reject_below:.2f}"
        return Outcome(Status.REJECTED, reason)
    if confidence < thresholds.publish_above:
        reason = f"confidence {confidence:.2f} is below {thresholds.publish_above:.2f}"
        return Outcome(Status.IN_REVIEW, reason)
    return Outcome(Status.PUBLISHED)
