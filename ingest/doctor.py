"""What the harvest rests on, examined: each check says what it found and what would mend it."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata, util
from pathlib import Path

from sqlalchemy import func, or_, select, text
from sqlalchemy.exc import SQLAlchemyError

from catalog import database
from catalog.errors import CoversError, ErrorClass
from catalog.ffmpeg import run_ffmpeg
from catalog.lifecycle import ACTIVE_JOBS, HostState, JobStatus
from catalog.models import Host, Job, Recording
from catalog.settings import get_settings, shown_value
from ingest.broker import Broker, find_server, socket_path_of

OLD_DAYS = 60
"""Sites change faster than that; a yt-dlp of this age is the first thing to suspect."""
OLDEST_YT_DLP = date(2026, 8, 19)
"""Earlier ones have known security holes."""
FIRST_YEAR = 2026
NODE_VERSION = 22


@dataclass(frozen=True)
class Finding:
    """One thing examined. `state` is `good`, `fair` or `bad`."""

    check: str
    state: str
    found: str
    remedy: str | None = None


def examine() -> list[Finding]:
    """All checks, in the order in which a harvest needs them."""
    return [finding for check in CHECKS for finding in _safely(check)]


def _safely(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except (CoversError, OSError, SQLAlchemyError) as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        name = check.__name__.removeprefix("check_").replace("_", " ")
        return [Finding(name, "bad", cause, "see the message")]


def check_yt_dlp() -> Iterator[Finding]:
    """Its version says its age."""
    version = metadata.version("yt-dlp")
    year, month, day = (int(part) for part in version.split(".")[:3])
    released = date(year, month, day)
    age_days = (datetime.now(UTC).date() - released).days
    found = f"{version}, {age_days} days old"
    update = "pip install --upgrade yt-dlp"
    if released < OLDEST_YT_DLP:
        yield Finding("yt-dlp", "bad", f"{found}, with known security holes", update)
    elif age_days > OLD_DAYS:
        yield Finding("yt-dlp", "fair", found, f"{update} where a site stops working")
    else:
        yield Finding("yt-dlp", "good", found)


def check_javascript() -> Iterator[Finding]:
    """YouTube needs a runtime of JavaScript for all of its formats."""
    remedy = "pip install deno"
    deno = shutil.which("deno") or (util.find_spec("deno") and "the package deno")
    if deno:
        yield Finding("JavaScript", "good", str(deno))
    elif node := shutil.which("node"):
        version = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout.strip()
        yield Finding(
            "JavaScript", "fair", f"node {version}, which downloads may not start", remedy
        )
    else:
        yield Finding("JavaScript", "fair", "none: some of YouTube's formats are missing", remedy)


def check_ffmpeg() -> Iterator[Finding]:
    """One that runs."""
    said = run_ffmpeg("-version").stdout.decode(errors="replace")
    yield Finding("ffmpeg", "good", said.splitlines()[0].partition(" Copyright")[0])


def check_decoder() -> Iterator[Finding]:
    """Whose code decodes beats."""
    if util.find_spec("torch") is None:
        remedy = "pip install 'infinite-covers[align]', or run a worker that has it elsewhere"
        yield Finding("tracker", "fair", "not installed: nothing is heard here", remedy)
        return
    has_madmom = util.find_spec("madmom") is not None
    yield Finding("beat decoder", "good", "madmom" if has_madmom else "our own")


def check_disk() -> Iterator[Finding]:
    """Room for what is fetched."""
    settings = get_settings()
    settings.media_folder.mkdir(parents=True, exist_ok=True)
    free_mib = shutil.disk_usage(settings.media_folder).free / 1024**2
    found = f"{free_mib:.0f} MiB free below {settings.media_folder}"
    needed = settings.min_free_mib + settings.max_media_mib
    if free_mib < settings.min_free_mib:
        yield Finding("disk", "bad", found, "make room, or lower COVERS_MIN_FREE_MIB")
    elif free_mib < needed:
        remedy = f"make room: a fetch begins with {needed} MiB"
        yield Finding("disk", "fair", found, remedy)
    else:
        yield Finding("disk", "good", found)


def check_broker() -> Iterator[Finding]:
    """The one that is named answers; else our own could start."""
    settings = get_settings()
    if settings.redis_url:
        shown = str(shown_value(settings.redis_url))
        alive = Broker(settings.redis_url).is_alive()
        remedy = None if alive else "start it, or unset COVERS_REDIS_URL"
        yield Finding("broker", "good" if alive else "bad", shown, remedy)
        return
    is_running = Broker(f"redis+socket://{socket_path_of(settings.data_folder)}").is_alive()
    running = "running" if is_running else "starts with `covers worker`"
    yield Finding("broker", "good", f"our own ({find_server()}), {running}")


def check_database() -> Iterator[Finding]:
    """It answers, and its tables are those of this program."""
    database.upgrade()
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        paused = session.scalars(select(Host).where(Host.state != HostState.WORKING)).all()
    yield Finding("database", "good", str(shown_value(get_settings().database_address)))
    for host in paused:
        probe = f"; asked again {host.next_probe_at:%d %B %H:%M} UTC" if host.next_probe_at else ""
        yield Finding("host", "fair", f"{host.name} is paused: {host.cause}{probe}", "wait")


def check_sites() -> Iterator[Finding]:
    """Whether recordings failed since yt-dlp was installed because their site has changed."""
    with database.reading() as session:
        changed = session.execute(
            select(Recording.host, func.count(Recording.id.distinct()))
            .join(Job, Job.recording_id == Recording.id)
            .where(
                Job.error_class == ErrorClass.EXTRACTOR_OUTDATED,
                or_(Job.status == JobStatus.FAILED, Job.status.in_(ACTIVE_JOBS)),
                Job.started_at >= _yt_dlp_installed_at(),
            )
            .group_by(Recording.host)
            .order_by(Recording.host)
        ).all()
    for host, count in changed:
        found = f"{host or 'a site'} has changed: {count} not fetched by this yt-dlp"
        remedy = "pip install --upgrade yt-dlp, then `covers ingest retry SONG`"
        yield Finding("site", "bad", found, remedy)


def _yt_dlp_installed_at() -> datetime:
    """When pip wrote it; failures before say nothing about the version that is here."""
    distribution = metadata.distribution("yt-dlp")
    written = [each for each in distribution.files or () if each.name == "RECORD"]
    if not written:
        return datetime.fromtimestamp(0, UTC)
    path = Path(str(distribution.locate_file(written[0])))
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def check_clock() -> Iterator[Finding]:
    """Leases and schedules live by it: it is not years off, and agrees with the database's."""
    now = datetime.now(UTC)
    if now.year < FIRST_YEAR:
        yield Finding("clock", "bad", f"{now:%Y-%m-%d %H:%M} UTC", "set the clock")
        return
    off_s = _off_from_database_s()
    state = "good" if abs(off_s) < 2 else "bad"
    remedy = None if state == "good" else "set the clocks: leases would end early or late"
    yield Finding("clock", state, f"{now:%Y-%m-%d %H:%M} UTC, {off_s:+.1f} s off", remedy)


def _off_from_database_s() -> float:
    """How far the database server's clock is ahead; SQLite has this machine's."""
    if database.get_engine().dialect.name == "sqlite":
        return 0.0
    with database.reading() as session:
        theirs = session.scalar(text("SELECT extract(epoch FROM clock_timestamp())"))
    return float(theirs or 0.0) - time.time()


CHECKS = (
    check_yt_dlp,
    check_javascript,
    check_ffmpeg,
    check_decoder,
    check_disk,
    check_broker,
    check_database,
    check_sites,
    check_clock,
)
