"""What a harvest would do, with counts, sizes and times, before a request is spent.

Folders and lists of links are read, because that asks nobody. For everything else it is an
estimate from how earlier runs went, and says so.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.lifecycle import JobStatus, Role, SearchKind, Stage
from catalog.models import DiscoveryRun, Job, Recording, Search, Song, utc_now
from catalog.searches import list_searches
from catalog.settings import get_settings
from catalog.songs import find_known
from ingest.discovery.asking import Ask, ask_of
from ingest.discovery.running import saved
from ingest.discovery.wanting import performer_urls

LOCAL_KINDS = (SearchKind.FOLDER, SearchKind.CSV)
RUNS_LOOKED_AT = 10
JOBS_LOOKED_AT = 200
USUAL_DURATION_S = 240.0
SOUND_BYTES_PER_S = 16_000
"""128 kbit/s: what sites offer as sound alone."""
FETCH_S = 8.0
"""What a download of sound takes beside the pause, until some were measured here."""
LISTENING_STAGES = (Stage.SCREEN, Stage.ALIGN)


@dataclass(frozen=True)
class Planned:
    """One run of one search, as it would go now.

    Attributes:
        is_exact: whether `new` was counted, and not estimated
        requests: pages that are asked for before anything is fetched
    """

    search: int
    song: str
    kind: str
    asks: str
    host: str | None
    is_due: bool
    listed: int
    new: int
    is_exact: bool
    requests: int
    download_mib: float
    fetch_min: float


@dataclass(frozen=True)
class Plan:
    """All of them. Hosts are asked side by side, so the longest tells how long fetching takes.

    Attributes:
        listening_min: work of the tracker on all that is new, `None` before any was measured
    """

    searches: tuple[Planned, ...]
    new: int
    download_mib: float
    fetch_min: float
    listening_min: float | None

    def to_json(self) -> dict[str, Any]:
        """As a document for machines."""
        return asdict(self)


def plan_harvest(session: Session, song: Song | None = None) -> Plan:
    """What the enabled searches of a song, or of all, would do now."""
    planned = tuple(_plan(session, each) for each in list_searches(session, song) if each.enabled)
    by_host: dict[str | None, float] = {}
    for each in planned:
        by_host[each.host] = by_host.get(each.host, 0.0) + each.fetch_min
    new = sum(each.new for each in planned)
    listening_s = _mean_s(session, LISTENING_STAGES)
    return Plan(
        searches=planned,
        new=new,
        download_mib=round(sum(each.download_mib for each in planned), 1),
        fetch_min=round(max(by_host.values(), default=0.0), 1),
        listening_min=None if listening_s is None else round(new * listening_s / 60, 1),
    )


def _plan(session: Session, search: Search) -> Planned:
    ask = ask_of(saved(search), performer_urls(session, search.song))
    is_local = search.kind in LOCAL_KINDS
    listed, new = _counted(session, search, ask) if is_local else _expected(session, search, ask)
    fetch_s = new * (0.1 if search.kind is SearchKind.FOLDER else _seconds_each(session))
    is_due = search.next_run_at is not None and search.next_run_at <= utc_now()
    return Planned(
        search=search.id,
        song=search.song.slug,
        kind=search.kind.value,
        asks=ask.shown if ask else "nobody yet",
        host=ask.host if ask else None,
        is_due=is_due,
        listed=listed,
        new=new,
        is_exact=is_local,
        requests=0 if is_local or ask is None else 1 + listed // 30,
        download_mib=0.0
        if search.kind is SearchKind.FOLDER
        else round(new * _bytes_each(session, search) / 1024**2, 1),
        fetch_min=round(fetch_s / 60, 1),
    )


def _counted(session: Session, search: Search, ask: Ask | None) -> tuple[int, int]:
    found = ask.list_found() if ask else []
    unseen = [each for each in found if find_known(session, search.song, each) is None]
    return len(found), min(len(unseen), search.max_new)


def _expected(session: Session, search: Search, ask: Ask | None) -> tuple[int, int]:
    """By the last runs, in which what was left out counts as new; else as many as may come."""
    if ask is None:
        return 0, 0
    runs = session.scalars(
        select(DiscoveryRun)
        .where(DiscoveryRun.search_id == search.id, DiscoveryRun.error.is_(None))
        .order_by(DiscoveryRun.id.desc())
        .limit(RUNS_LOOKED_AT)
    ).all()
    if not runs:
        return search.max_listed, search.max_new
    listed = round(sum(each.listed for each in runs) / len(runs))
    new = round(sum(each.new + each.left_out for each in runs) / len(runs))
    return listed, min(new, search.max_new)


def _seconds_each(session: Session) -> float:
    """One download with the pause after it, one and a half times the shortest on average."""
    fetch_s = _mean_s(session, (Stage.FETCH,))
    return (FETCH_S if fetch_s is None else fetch_s) + 1.5 * get_settings().host_pause_s


def _mean_s(session: Session, stages: tuple[Stage, ...]) -> float | None:
    """How long the last jobs of some stages took together on average, `None` without any."""
    total_s = 0.0
    measured = False
    for stage in stages:
        jobs = session.scalars(
            select(Job)
            .where(Job.stage == stage, Job.status == JobStatus.DONE)
            .order_by(Job.id.desc())
            .limit(JOBS_LOOKED_AT)
        ).all()
        spans = [
            (each.finished_at - each.started_at).total_seconds()
            for each in jobs
            if each.finished_at and each.started_at
        ]
        if spans:
            measured = True
            total_s += sum(spans) / len(spans)
    return total_s if measured else None


def _bytes_each(session: Session, search: Search) -> float:
    """Sound as long as the song's covers are on average, or its reference, or a usual song."""
    mean_s = session.scalar(
        select(func.avg(Recording.duration_s)).where(
            Recording.song_id == search.song_id, Recording.role == Role.COVER
        )
    )
    reference_s = session.scalar(
        select(Recording.duration_s).where(
            Recording.song_id == search.song_id, Recording.role == Role.REFERENCE
        )
    )
    return float(mean_s or reference_s or USUAL_DURATION_S) * SOUND_BYTES_PER_S
