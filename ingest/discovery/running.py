"""Running a search: ask, sort out what is known, judge the rest, and queue what is worth fetching.

Whatever happens, the run's row says what was asked and what became of every hit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog import database
from catalog.decisions import decide
from catalog.errors import CoversError, PostponedError
from catalog.jobs import Outcome, enqueue
from catalog.lifecycle import DecisionStep, Role, Stage, Status
from catalog.models import DiscoveryRun, Recording, Search, Sighting, Song, utc_now
from catalog.opt_outs import has_opted_out
from catalog.songs import Found, find_known, insert_recording
from ingest.discovery.asking import Ask, Saved, ask_of
from ingest.discovery.wanting import performer_urls, wanted_of
from ingest.politeness import turn_at
from ingest.screening.documents import candidate_of
from ingest.screening.metadata import SOME_TRUST, TRUST, Verdict, screen_metadata

Report = Callable[[float], None]


def run_search(search_id: int, report: Report) -> Outcome:
    """Ask what a search asks this time, and add what is new and promising.

    Raises:
        CoversError: when its source does not deliver; the run is kept with the reason.
    """
    started_at = utc_now()
    with database.reading() as session:
        search = session.get_one(Search, search_id)
        ask = ask_of(saved(search), performer_urls(session, search.song))
    try:
        with turn_at(ask.host if ask else None, f"search {search_id}"):
            found = ask.list_found() if ask else []
    except PostponedError:
        raise  # nothing was asked
    except CoversError as error:
        with database.session() as session:
            _keep_run(session, search_id, ask, started_at=started_at, error=error)
        raise
    report(0.8)
    with database.session() as session:
        counts = take_in(session, session.get_one(Search, search_id), found)
        _keep_run(session, search_id, ask, started_at=started_at, counts=counts)
    return Outcome()


def saved(search: Search) -> Saved:
    """A search apart from its session."""
    return Saved(search.kind, search.query, search.instance, search.rotation, search.max_listed)


@dataclass
class Counts:
    """What became of the hits of one run; every hit is counted once."""

    listed: int = 0
    new: int = 0
    known: int = 0
    rejected: int = 0
    left_out: int = 0


@dataclass(frozen=True)
class Judged:
    """A hit that the song does not have yet."""

    found: Found
    verdict: Verdict


def take_in(session: Session, search: Search, found: Sequence[Found]) -> Counts:
    """Add what a search has found to its song. The best come first where the cap leaves some out.

    What is left out is not kept: a later run finds it again.
    """
    song = search.song
    # The song's row is the lock: of two searches that find the same, one sees the other's.
    session.execute(select(Song.id).where(Song.id == song.id).with_for_update())
    counts = Counts(listed=len(found))
    unseen: list[Found] = []
    for each in _each_once(found):
        known = find_known(session, song, each)
        if known is not None:
            _see(session, search, known)
        elif not has_opted_out(session, each.performer_url):
            unseen.append(each)
    judged = _judge(session, search, unseen)
    accepted = sorted(
        (each for each in judged if each.verdict.accepted), key=lambda each: -each.verdict.points
    )
    for one in accepted[: search.max_new]:
        enqueue(session, _insert(session, search, one.found), Stage.FETCH)
    for one in judged:
        if not one.verdict.accepted:
            _insert_rejected(session, search, one)
    counts.new = min(len(accepted), search.max_new)
    counts.left_out = len(accepted) - counts.new
    counts.rejected = len(judged) - len(accepted)
    counts.known = counts.listed - len(judged)
    return counts


def _each_once(found: Sequence[Found]) -> list[Found]:
    """Without second spellings of one address."""
    first: dict[str, Found] = {}
    for each in found:
        first.setdefault(each.canonical_url or each.location, each)
    return list(first.values())


def _judge(session: Session, search: Search, unseen: Sequence[Found]) -> list[Judged]:
    wanted = wanted_of(session, search.song)
    trust = TRUST.get(search.kind, SOME_TRUST)
    performers = set(performer_urls(session, search.song))
    return [
        Judged(
            each,
            screen_metadata(candidate_of(each, trust=trust, known_performers=performers), wanted),
        )
        for each in unseen
    ]


def _insert(session: Session, search: Search, found: Found) -> Recording:
    recording = insert_recording(session, search.song, found, role=Role.COVER, hosted=search.hosted)
    _see(session, search, recording)
    return recording


def _insert_rejected(session: Session, search: Search, judged: Judged) -> None:
    recording = _insert(session, search, judged.found)
    decide(
        session,
        recording,
        Status.REJECTED,
        step=DecisionStep.METADATA,
        reasons=judged.verdict.reasons,
        resumes_in=Status.DISCOVERED,
    )


def _see(session: Session, search: Search, recording: Recording) -> None:
    if session.get(Sighting, (recording.id, search.id)) is None:
        session.add(Sighting(recording_id=recording.id, search_id=search.id))
        session.flush()


def _keep_run(
    session: Session,
    search_id: int,
    ask: Ask | None,
    *,
    started_at: datetime,
    counts: Counts | None = None,
    error: CoversError | None = None,
) -> None:
    """Keep what a run did; only one that was answered moves the rotation on."""
    search = session.get_one(Search, search_id)
    counted = counts or Counts()
    session.add(
        DiscoveryRun(
            search_id=search_id,
            asked=ask.shown if ask else "nobody: no performer is published yet",
            started_at=started_at,
            finished_at=utc_now(),
            error=str(error) if error else None,
            error_class=error.error_class if error else None,
            **vars(counted),
        )
    )
    search.last_run_at = started_at
    search.rotation += int(error is None)
