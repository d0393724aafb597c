"""Candidates of known worth for benchmarks of the harvest, and what must have become of them."""

from __future__ import annotations

import os
import wave
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

from catalog import database
from catalog.lifecycle import ACTIVE_JOBS, JobStatus, Role, Status
from catalog.models import Job, Recording
from catalog.settings import get_settings
from catalog.songs import Found, add_recording, add_song
from tests.conftest import forget_settings
from tests.ingest.web_server import Answer, WebServer

RATE = 8000
SHARES = {
    "file": 0.8,
    "web": 0.07,
    "web_that_refuses_at_first": 0.02,
    "web_not_found": 0.02,
    "cut_off": 0.03,
    "not_media": 0.03,
    "same_file": 0.03,
}
"""Of each kind among the candidates."""
ENDS = {
    "reference": Status.PUBLISHED,
    "file": Status.PUBLISHED,
    "web": Status.PUBLISHED,
    "web_that_refuses_at_first": Status.PUBLISHED,
    "web_not_found": Status.FAILED,
    "cut_off": Status.FAILED,
    "not_media": Status.FAILED,
    "same_file": Status.REJECTED,
}
"""Where each kind must end, whatever fails on the way."""
RESTING = (Status.PUBLISHED, Status.IN_REVIEW, Status.REJECTED, Status.FAILED, Status.GONE)


def library_environment(folder: Path, **more: str) -> None:
    """Let this process and those that it starts find an empty library, and nothing else of ours.

    Parameters
    ----------
    more
        settings by their names without `COVERS_`, in lower case
    """
    for name in [each for each in os.environ if each.startswith("COVERS_")]:
        del os.environ[name]
    settings = {"data_folder": str(folder / "data"), "cache_folder": str(folder / "cache"), **more}
    os.environ |= {f"COVERS_{name.upper()}": value for name, value in settings.items()}
    forget_settings()


def write_sound(path: Path, number: int) -> Path:
    """A second and a half of a tone that no other number has."""
    time_s = np.arange(int(1.5 * RATE)) / RATE
    samples = (8000 * np.sin(2 * np.pi * (200 + 5 * number) * time_s)).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as opened:
        opened.setparams((1, 2, RATE, len(samples), "NONE", ""))
        opened.writeframes(samples.tobytes())
    return path


def refusing_once(sound: bytes) -> Iterator[Answer]:
    """What a host answers that is busy for the first request."""
    yield Answer(b"later", status=503, headers={"Retry-After": "1"})
    while True:
        yield Answer(sound, "audio/wav")


class TurningAnswers(dict[str, Answer]):
    """Answers by path; some change with every request."""

    def __init__(self) -> None:
        super().__init__()
        self.turning: dict[str, Iterator[Answer]] = {}

    def get(self, path: str, default: Answer | None = None) -> Answer | None:  # type: ignore[override]
        """The next answer of a path."""
        turning = self.turning.get(path)
        return super().get(path, default) if turning is None else next(turning)


def add_candidates(folder: Path, server: WebServer, number: int) -> int:
    """Insert a song with that many candidates of all kinds. Returns how many came to be."""
    answers = TurningAnswers()
    server.answers = answers
    counts = {kind: max(round(share * number), 1) for kind, share in SHARES.items()}
    counts["file"] += number - sum(counts.values())
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    with database.session() as session:
        song = add_song(session, "chaos")
        reference = _found(folder, answers, server, "reference", number)
        add_recording(session, song, reference, role=Role.REFERENCE, hosted=True)
        for place, kind in enumerate(kinds):
            found = _found(folder, answers, server, kind, place)
            add_recording(session, song, found, role=Role.COVER, hosted=True)
    return len(kinds)


def _found(
    folder: Path, answers: TurningAnswers, server: WebServer, kind: str, number: int
) -> Found:
    path = write_sound(folder / f"{kind}-{number}.wav", 0 if kind == "same_file" else number)
    name = path.name
    if kind == "cut_off":
        path.write_bytes(path.read_bytes()[:300])
    elif kind == "not_media":
        path.write_text("#EXTM3U\n/etc/passwd\n")
    if not kind.startswith("web"):
        return Found("folder", str(path), str(path), title=kind)
    if kind == "web_that_refuses_at_first":
        answers.turning[f"/{name}"] = refusing_once(path.read_bytes())
    elif kind == "web":
        answers[f"/{name}"] = Answer(path.read_bytes(), "audio/wav")
    return Found("web", name, server.address(f"/{name}"), title=kind)


@dataclass(frozen=True)
class Verdict:
    """What became of the candidates.

    Attributes:
        ends: how many of each kind ended in each status
        lost: candidates without a row, without the media that their row names, or that rest
            nowhere while nobody works on them
        double: stages that were recorded as done twice, and media that belongs to nobody
        unfinished: jobs that still wait or run
        wrong: recordings that ended where they must not, with their reasons
    """

    ends: Counter[tuple[str, Status]]
    lost: int
    double: int
    unfinished: int
    redeliveries: int
    wrong: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing double, everything finished and in its right place."""
        return not (self.lost or self.double or self.unfinished or self.wrong)


def unfinished_jobs() -> int:
    """How many jobs still wait or run."""
    with database.reading() as session:
        active = select(func.count(Job.id)).where(Job.status.in_(ACTIVE_JOBS))
        return session.scalar(active) or 0


def judge(expected: int) -> Verdict:
    """Look at every row and file after the work."""
    with database.reading() as session:
        rows = session.scalars(select(Recording)).all()
        done = session.execute(
            select(Job.recording_id, Job.stage, func.count())
            .where(Job.status == JobStatus.DONE)
            .group_by(Job.recording_id, Job.stage)
            .having(func.count() > 1)
        ).all()
        worked_on = set(
            session.scalars(select(Job.recording_id).where(Job.status.in_(ACTIVE_JOBS)))
        )
        redeliveries = session.scalar(select(func.sum(Job.redeliveries))) or 0
    media = get_settings().media_folder
    owners = {str(each.id) for each in rows if each.media_file is not None}
    orphans = [each for each in media.iterdir() if each.is_dir() and each.name.isdigit()]
    orphans = [each for each in orphans if each.name not in owners]
    torn = [each for each in rows if each.media_file and not (media / each.media_file).is_file()]
    stranded = [x for x in rows if x.status not in RESTING and x.id not in worked_on]
    return Verdict(
        ends=Counter((each.title, each.status) for each in rows),
        lost=expected + 1 - len(rows) + len(torn) + len(stranded),
        double=len(done) + len(orphans),
        unfinished=unfinished_jobs(),
        redeliveries=redeliveries,
        wrong=tuple(
            f"{each.id} {each.title} is {each.status.value}: {each.reason}"
            for each in rows
            if each.status is not ENDS[each.title] and each.id not in worked_on
        ),
    )
