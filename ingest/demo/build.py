"""Building the demo library: its recordings take the way that every recording takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.console import progress_console
from catalog.errors import SourceError
from catalog.lifecycle import Role, Status
from catalog.models import Recording, Song
from catalog.songs import add_recording, add_song, publish
from ingest.backlog import retry_failed
from ingest.children import python_environment, python_module
from ingest.demo.library import (
    DemoRecordings,
    DemoSong,
    build_dataset,
    read_library,
    read_recordings,
)
from ingest.work import work_until_idle


def build(folder: Path) -> None:
    """Bring the demo library to its finished state, from whatever state it is in.

    Parameters
    ----------
    folder
        holds `library.json` and the data sets that are shipped

    Raises
    ------
    WorkFailedError
        naming what could not be done; everything else is
    BrokerError
        when there is no message broker
    """
    database.upgrade()
    for song in read_library(folder):
        _add(song, folder)
    try:
        work_until_idle()
    finally:
        _publish(read_library(folder))


def _publish(songs: Sequence[DemoSong]) -> None:
    """Publish what waits in review: the demo's covers were listened to when they were made."""
    with database.session() as session:
        for song in songs:
            row = session.scalar(select(Song).where(Song.slug == song.slug))
            if row is None:
                continue
            if ours := _covers_in_review(session, row):  # no ids would mean every cover
                publish(session, row, ours)


def _covers_in_review(session: Session, song: Song) -> list[int]:
    """The demo's own; what a curator added to its songs is the curator's to publish."""
    query = select(Recording.id).where(
        Recording.song_id == song.id,
        Recording.role == Role.COVER,
        Recording.source == "demo",
        Recording.status == Status.IN_REVIEW,
    )
    return list(session.scalars(query))


def _add(song: DemoSong, folder: Path) -> None:
    """Insert what is missing of a song in one transaction, and queue again what failed."""
    with database.session() as session:
        known = session.scalar(select(Song).where(Song.slug == song.slug))
        if known is not None:
            retry_failed(session, known)
    if song.to_be_built and known is not None:
        return
    try:
        dataset = build_dataset(song.dataset) if song.to_be_built else folder / song.dataset
    except SourceError as error:
        progress_console.print(
            f"Going on without {song.slug}: {error}", markup=False, soft_wrap=True
        )
        return
    recordings = read_recordings(song, dataset)
    with database.session() as session:
        _insert(session, song, recordings)


def _insert(session: Session, song: DemoSong, recordings: DemoRecordings) -> None:
    row = session.scalar(select(Song).where(Song.slug == song.slug))
    if row is None:
        row = add_song(session, song.slug, title=song.title, composer=song.composer)
    add_recording(session, row, recordings.reference, role=Role.REFERENCE, hosted=True)
    for cover in recordings.covers:
        add_recording(session, row, cover, role=Role.COVER, hosted=True)


def start_server() -> None:
    """Become `covers serve`."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, python_module("catalog", "serve"), python_environment())  # noqa: S606
