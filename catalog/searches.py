"""Saved searches: where covers of a song are looked for, how often, and how much at a time."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import InputError, NotFoundError, StateError
from catalog.jobs import enqueue_search
from catalog.lifecycle import SearchKind
from catalog.models import DiscoveryRun, Job, Search, Song, utc_now
from catalog.search_queries import normalised_instance, normalised_query

DAY_H = 24.0
MAX_LISTED = 50
MAX_NEW = 20
MOST_LISTED = 500
JITTER = 0.1
"""A period is drawn longer by up to this share, so that hosts are not asked on the hour."""


def add_search(
    session: Session,
    song: Song,
    kind: SearchKind,
    query: str,
    *,
    instance: str = "",
    every_h: float | None = DAY_H,
    max_listed: int = MAX_LISTED,
    max_new: int = MAX_NEW,
    hosted: bool = False,
) -> Search:
    """Save a search. With a period it is due at once.

    Parameters
    ----------
    query
        words, a hashtag, an address or a path, as the kind asks for
    instance
        address of the PeerTube instance, for that kind only
    every_h
        hours between runs, `None` to run only when told to
    max_listed, max_new
        most hits that a run asks for, and most candidates that it adds

    Raises
    ------
    InputError
        when the query does not fit its kind, or a number is out of range
    StateError
        when the song has this search already
    """
    query, instance = normalised_query(kind, query), normalised_instance(kind, instance)
    if hosted and kind not in (SearchKind.FOLDER, SearchKind.CSV):
        raise InputError(f"what {kind.value} finds is not yours to serve: only folders are hosted")
    _check_numbers(every_h, max_listed, max_new)
    same = select(Search.id).where(
        Search.song_id == song.id,
        Search.kind == kind,
        Search.query == query,
        Search.instance == instance,
    )
    if (known := session.scalar(same)) is not None:
        raise StateError(f"song {song.slug!r} has this search already: it is number {known}")
    search = Search(
        song_id=song.id,
        kind=kind,
        query=query,
        instance=instance,
        every_h=every_h,
        max_listed=max_listed,
        max_new=max_new,
        hosted=hosted,
        next_run_at=None if every_h is None else utc_now(),
    )
    session.add(search)
    session.flush()
    return search


def _check_numbers(every_h: float | None, max_listed: int, max_new: int) -> None:
    if every_h is not None and not 1 <= every_h <= 24 * 365:
        raise InputError(f"every {every_h} hours is not usable: 1 to {24 * 365}")
    if not 1 <= max_listed <= MOST_LISTED:
        raise InputError(f"{max_listed} hits a run is not usable: 1 to {MOST_LISTED}")
    if not 1 <= max_new <= max_listed:
        raise InputError(f"{max_new} new ones a run is not usable: 1 to the {max_listed} hits")


def change_search(
    session: Session,
    search_id: int,
    *,
    every_h: float | None,
    max_listed: int,
    max_new: int,
) -> Search:
    """Change a search's period and caps; the new period counts from its last run.

    Raises:
        NotFoundError: when there is no such search.
        InputError: when a number is out of range.
    """
    _check_numbers(every_h, max_listed, max_new)
    search = get_search(session, search_id)
    search.every_h, search.max_listed, search.max_new = every_h, max_listed, max_new
    search.next_run_at = None if every_h is None else _next_run(search.last_run_at, every_h)
    return search


def _next_run(last_run_at: datetime | None, every_h: float) -> datetime:
    if last_run_at is None:
        return utc_now()
    return last_run_at + timedelta(hours=every_h * random.uniform(1.0, 1.0 + JITTER))


def get_search(session: Session, search_id: int) -> Search:
    """A search by its number.

    Raises:
        NotFoundError: when there is none.
    """
    search = session.get(Search, search_id)
    if search is None:
        raise NotFoundError(f"there is no search {search_id}: `covers ingest search list` has them")
    return search


def list_searches(session: Session, song: Song | None = None) -> Sequence[Search]:
    """The searches of one song, or all, with their songs."""
    query = select(Search).options(joinedload(Search.song)).order_by(Search.id)
    return session.scalars(query if song is None else query.where(Search.song_id == song.id)).all()


def set_enabled(session: Session, search_id: int, enabled: bool) -> Search:
    """Pause a search, or let it go on; one that missed runs meanwhile is due once, at once.

    Raises:
        NotFoundError: when there is no such search.
    """
    search = get_search(session, search_id)
    search.enabled = enabled
    return search


def remove_search(session: Session, search_id: int) -> None:
    """Forget a search with its runs. What it found stays.

    Raises:
        NotFoundError: when there is no such search.
    """
    search = get_search(session, search_id)
    session.execute(delete(Job).where(Job.search_id == search_id))
    session.delete(search)
    session.flush()


def run_now(session: Session, search_id: int) -> Job:
    """Queue one run of a search, also of a paused one.

    Raises:
        NotFoundError: when there is no such search.
    """
    return enqueue_search(session, get_search(session, search_id))


def enqueue_due(session: Session) -> int:
    """Queue the searches whose time has come, each once however many runs it missed.

    Returns how many.
    """
    now = utc_now()
    due = session.scalars(
        select(Search)
        .where(Search.enabled, Search.next_run_at <= now)
        .order_by(Search.next_run_at)
        .with_for_update(skip_locked=True)
    ).all()
    for search in due:
        enqueue_search(session, search)
        search.next_run_at = None if search.every_h is None else _next_run(now, search.every_h)
    return len(due)


def list_runs(session: Session, search_id: int, *, limit: int = 20) -> Sequence[DiscoveryRun]:
    """The last runs of a search, newest first."""
    query = select(DiscoveryRun).where(DiscoveryRun.search_id == search_id)
    return session.scalars(query.order_by(DiscoveryRun.id.desc()).limit(limit)).all()
