"""Media and stills of recordings that the owner hosts, by id and never by path.

What the catalog holds for analysis only is private and answers 404, as if it were not there.
Addresses carry a part of the media's digest; with it a browser may keep the answer for ever.
Ranges are answered piece by piece, so that a player with enough to play holds no thread.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, request, send_file

from catalog import database
from catalog.errors import NotFoundError
from catalog.models import Recording
from catalog.settings import get_settings
from webapp import queries
from webapp.static_files import FOR_EVER

PIECE_BYTES = 2 * 2**20
"""The longest answer to a range; players ask for the next one when they need it."""

blueprint = APIBlueprint("media", __name__, enable_openapi=False)


@blueprint.get("/media/<int:recording_id>")
def media(recording_id: int) -> Response:
    """The recording itself; answers byte ranges with 206."""
    recording = _public(recording_id)
    return send_media(recording, recording.media_file, recording.media_type)


@blueprint.get("/posters/<int:recording_id>")
def poster(recording_id: int) -> Response:
    """The recording's still."""
    recording = _public(recording_id)
    return send_media(recording, recording.poster_file, None)


@blueprint.get("/captions/<int:recording_id>")
def captions(recording_id: int) -> Response:
    """The recording's captions, in the language asked for where there are some; 204 for none."""
    recording = _public(recording_id)
    name = _captions_of(recording, request.args.get("language", ""))
    return send_media(recording, name, "text/vtt") if name else Response(status=204)


def _captions_of(recording: Recording, language: str) -> str | None:
    """The name of the file: of the language, else of none in particular, else any."""
    media_file = path_of(recording.media_file)
    if media_file is None:
        return None
    names = sorted(each.name for each in media_file.parent.glob("captions*.vtt"))
    wanted = [f"captions.{language}.vtt", "captions.vtt", *names]
    name = next((each for each in wanted if each in names), None)
    return f"{Path(str(recording.media_file)).parent}/{name}" if name else None


@blueprint.get("/renditions/<int:recording_id>")
def rendition(recording_id: int) -> Response:
    """A cover's sound at the Reference's tempo; answers byte ranges with 206."""
    with database.reading() as session:
        found = queries.get_public_rendition(session, recording_id)
    return send_file_of(recording_id, found.file, found.media_type, found.sha256)


def _public(recording_id: int) -> Recording:
    with database.reading() as session:
        return queries.get_public_recording(session, recording_id)


def send_media(recording: Recording, name: str | None, media_type: str | None) -> Response:
    """A file that a recording came with, or the piece of it that was asked for.

    Raises:
        NotFoundError: when it is not here any more.
    """
    return send_file_of(recording.id, name, media_type, recording.media_sha256)


def send_file_of(
    recording_id: int, name: str | None, media_type: str | None, digest: str | None
) -> Response:
    """The same for any file of a recording; `digest` is the one that its addresses carry.

    Raises:
        NotFoundError: when it is not here any more.
    """
    path = path_of(name)
    if path is None:
        raise NotFoundError(f"the media of recording {recording_id} is not here any more")
    _shorten_range(path.stat().st_size)
    kind = media_type or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    etag: str | bool = f"{digest}-{path.name}" if digest else True
    response = send_file(path, mimetype=kind, conditional=True, etag=etag)
    response.headers["Cache-Control"] = FOR_EVER if _names_contents(digest) else "no-cache"
    return response


def _shorten_range(size: int) -> None:
    """Let the request ask for one piece where it asks for more; most players say `bytes=0-`."""
    wanted = None if request.range is None else request.range.range_for_length(size)
    if wanted is not None:
        start, stop = wanted
        request.environ["HTTP_RANGE"] = f"bytes={start}-{min(stop, start + PIECE_BYTES) - 1}"


def path_of(name: str | None) -> Path | None:
    """The file below the media folder, `None` where it is not, or would lie outside."""
    if name is None:
        return None
    folder = get_settings().media_folder.resolve()
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder) and path.is_file() else None


def _names_contents(digest: str | None) -> bool:
    version = request.args.get("v", "")
    return digest is not None and len(version) >= 8 and digest.startswith(version)
