"""Hosts that are asked for recordings: turns taken politely, and a circuit breaker for each.

A host that refuses everybody, or fails again and again, is paused for all workers of the library
at once. When the pause is over one request is let through; if that succeeds the host works again,
if not the next pause is twice as long. Work that waits for a host keeps its attempts.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from catalog.errors import ErrorClass, HostError, NotFoundError, PostponedError
from catalog.lifecycle import HostState, JobStatus
from catalog.models import Host, Job, Recording, utc_now
from catalog.settings import get_settings

FAILURES_TO_PAUSE = 3
"""Failures in a row that are no refusal, such as no answer."""
PAUSE_S = 60.0
MAX_PAUSE_S = 6 * 3600.0
MAX_RETRY_AFTER_S = 24 * 3600.0
"""What a host may ask for; a stranger's header must not stop us for ever."""
AGAIN_S = 600.0
"""Pause before a page that failed twice, with none delivered in between."""
BEHIND_S = 30.0
"""How much later than others a page is asked for that may itself be why its host is paused."""
BUSY_S = 5.0
REFUND_WITHIN_S = 120.0
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|si|feature|pp|ref|ref_src|igshid|mc_[ce]id")
ONE_HOUSE = {
    "youtu.be": "youtube.com",
    "m.youtube.com": "youtube.com",
    "music.youtube.com": "youtube.com",
    "www.youtube-nocookie.com": "youtube.com",
    "m.soundcloud.com": "soundcloud.com",
}
"""Names of one host."""


def host_of(address: str) -> str | None:
    """The host of a web address as it is kept, with its port where one is named."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    name = ONE_HOUSE.get(parts.hostname, parts.hostname.removeprefix("www."))
    return name if port is None else f"{name}:{port}"


def telling_query(query: str) -> str:
    """A query without what only tells where a visitor came from, in one order."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0])))


def list_hosts(session: Session) -> Sequence[Host]:
    """Every host that was ever asked, those with trouble first."""
    order = (Host.state == HostState.WORKING, Host.name)
    return session.scalars(select(Host).order_by(*order)).all()


def resume_host(session: Session, name: str) -> Host:
    """Let a paused host be asked again at once; what is tried first tells whether it works.

    Searches come again as well: which of them waits for which host is known once they ask.

    Raises:
        NotFoundError: when no such host was ever asked.
    """
    host = session.get(Host, name, with_for_update=True)
    if host is None:
        raise NotFoundError(f"no host {name!r} was asked yet: `covers ingest hosts` shows them")
    now = host.next_probe_at = host.next_request_at = utc_now()
    session.execute(
        update(Job)
        .where(
            or_(
                Job.recording_id.in_(select(Recording.id).where(Recording.host == name)),
                Job.search_id.is_not(None),
            ),
            Job.status == JobStatus.QUEUED,
            Job.error_class == ErrorClass.NETWORK,
            Job.not_before > now,
        )
        .values(not_before=now)
    )
    return host


def is_free() -> ColumnElement[bool]:
    """Whether a host of a query may be asked now: condition on `Host`, true where there is none."""
    now = utc_now()
    holder = aliased(Job)
    is_held = exists().where(holder.worker == Host.held_by, holder.status == JobStatus.RUNNING)
    return or_(
        Host.name.is_(None),
        and_(
            or_(Host.next_request_at.is_(None), Host.next_request_at <= now),
            or_(Host.state != HostState.PAUSED, Host.next_probe_at <= now),
            or_(Host.held_by.is_(None), ~is_held),
        ),
    )


def take_turn(session: Session, name: str, worker: str) -> None:
    """Hold a host for a worker, until `end_turn`, or until the worker's job is taken back.

    Raises:
        PostponedError: when it is paused, was asked a moment ago, or another worker holds it.
    """
    host = _locked(session, name)
    now = utc_now()
    if host.state is HostState.PAUSED and host.next_probe_at and host.next_probe_at > now:
        raise PostponedError(f"{name} is paused: {host.cause}", until=host.next_probe_at)
    if host.next_request_at and host.next_request_at > now:
        raise PostponedError(f"{name} was asked a moment ago", until=host.next_request_at)
    if host.held_by != worker and _is_working(session, host.held_by):
        raise PostponedError(f"{name} is busy", until=now + timedelta(seconds=BUSY_S))
    host.held_by = worker
    if host.state is HostState.PAUSED:
        host.state = HostState.PROBING


def _is_working(session: Session, worker: str | None) -> bool:
    if worker is None:
        return False
    running = select(Job.id).where(Job.worker == worker, Job.status == JobStatus.RUNNING)
    return session.scalar(running.limit(1)) is not None


def end_turn(session: Session, name: str, worker: str, *, pause_s: float) -> None:
    """Let others have a host, after a pause of once to twice the given time."""
    host = _locked(session, name)
    if host.held_by == worker:
        host.held_by = None
    host.next_request_at = utc_now() + timedelta(seconds=random.uniform(pause_s, 2 * pause_s))


def note_success(session: Session, name: str) -> None:
    """A host has answered as it should."""
    host = _locked(session, name)
    host.state = HostState.WORKING
    host.failures = 0
    host.cause = host.next_probe_at = host.paused_at = None
    host.failed_addresses = []
    host.last_success_at = utc_now()


def note_failure(
    session: Session, name: str, error: HostError, *, address: str = ""
) -> tuple[datetime, bool]:
    """A host has failed. Returns when it is worth asking again, and whether that costs an attempt.

    A doubtful failure is the host's once `FAILURES_TO_PAUSE` pages have met it in a row. Until then
    one that fails again proves nothing new and loses attempts: else a page or two that are always
    broken would keep their host paused for ever.
    """
    host = _locked(session, name)
    now = utc_now()
    met = host.failed_addresses
    is_known = error.doubtful and address in met and len(met) < FAILURES_TO_PAUSE
    host.failures += int(not is_known)
    host.cause, host.last_failure_at = str(error), now
    host.failed_addresses = list(dict.fromkeys([*met, address]))[:FAILURES_TO_PAUSE]
    was_down = host.paused_at is not None
    if not (error.refuses or was_down or host.failures >= FAILURES_TO_PAUSE):
        wait_s = AGAIN_S if is_known else BUSY_S * 2**host.failures
        return now + timedelta(seconds=wait_s), True
    pause_s = _pause_s(host.failures, error.retry_after_s)
    host.state, host.paused_at = HostState.PAUSED, host.paused_at or now
    host.next_probe_at = now + timedelta(seconds=pause_s)
    if not was_down:
        _refund_attempts(session, name)
    behind_s = BEHIND_S if error.doubtful else 0.0
    return host.next_probe_at + timedelta(seconds=behind_s), is_known


def _refund_attempts(session: Session, name: str) -> None:
    """Give attempts back to what failed while a host went down: it was not to blame."""
    here = select(Recording.id).where(Recording.host == name)
    session.execute(
        update(Job)
        .where(
            Job.recording_id.in_(here),
            Job.status == JobStatus.QUEUED,
            Job.error_class == ErrorClass.NETWORK,
            Job.attempts > 0,
            Job.not_before > utc_now() - timedelta(seconds=REFUND_WITHIN_S),
        )
        .values(attempts=Job.attempts - 1)
    )


def _pause_s(failures: int, retry_after_s: float | None) -> float:
    doubled_s = min(PAUSE_S * 2.0 ** min(failures - 1, 20), MAX_PAUSE_S)
    if retry_after_s is None:
        return doubled_s * random.uniform(1.0, 1.1)
    return min(max(retry_after_s, get_settings().host_pause_s), MAX_RETRY_AFTER_S)


def _locked(session: Session, name: str) -> Host:
    """The row of a host, inserted where it is new, locked until the session ends."""
    host = session.get(Host, name, with_for_update=True, populate_existing=True)
    if host is None:
        # Another worker may insert it in this moment.
        with suppress(IntegrityError), session.begin_nested():
            session.add(Host(name=name))
        host = session.get_one(Host, name, with_for_update=True)
    return host
