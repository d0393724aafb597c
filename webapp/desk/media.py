"""Media, stills and waveforms of any recording, for curators only."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import Response

from catalog import database
from catalog.errors import MediaError, NotFoundError
from catalog.models import Recording
from webapp.desk import queries
from webapp.desk.access import guard
from webapp.desk.peaks import read_peaks
from webapp.media import path_of, send_media

blueprint = APIBlueprint("desk_media", __name__, url_prefix="/desk", enable_openapi=False)
guard(blueprint, takes_tokens=False)


@blueprint.get("/media/<int:recording_id>")
def media(recording_id: int) -> Response:
    """A recording itself, private or not; answers byte ranges with 206."""
    recording = _recording(recording_id)
    return _privately(send_media(recording, recording.media_file, recording.media_type))


@blueprint.get("/posters/<int:recording_id>")
def poster(recording_id: int) -> Response:
    """A recording's still, private or not."""
    recording = _recording(recording_id)
    return _privately(send_media(recording, recording.poster_file, None))


@blueprint.get("/peaks/<int:recording_id>")
def peaks(recording_id: int) -> Response:
    """A recording's waveform: one byte for each hundredth of a second."""
    recording = _recording(recording_id)
    path = path_of(recording.media_file)
    if path is None or recording.media_sha256 is None:
        raise NotFoundError(f"the media of recording {recording_id} is not here any more")
    try:
        loudest = read_peaks(path, recording.media_sha256)
    except MediaError as error:
        raise NotFoundError(str(error)) from error
    return _privately(Response(loudest, mimetype="application/octet-stream"))


def _recording(recording_id: int) -> Recording:
    with database.reading() as session:
        return queries.get_recording(session, recording_id)


def _privately(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    return response
