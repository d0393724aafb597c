"""Mixes: sequences of switches that a listener recorded and named, to be played again exactly."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalog.errors import InputError, NotFoundError
from catalog.listener_models import Mix
from catalog.models import Recording, Song
from catalog.strangers_text import clean_line

LONGEST_NAME = 80
MOST_STEPS = 2000
LONGEST_MS = 4 * 3600 * 1000
_KEY_BYTES = 9


@dataclass(frozen=True)
class MixStep:
    """From this moment on a recording sounds, from a place of the Reference's timeline.

    Attributes:
        at_ms: time since the mix began
        recording_id: what sounds
        reference_ms: where in the song it sounds
    """

    at_ms: int
    recording_id: int
    reference_ms: int


def add_mix(
    session: Session, song: Song, *, name: str, duration_ms: int, steps: Sequence[MixStep]
) -> Mix:
    """Keep a mix.

    Raises:
        InputError: when it has no name or no steps, is too long, does not begin at 0, goes back
            in time, or plays what is not a recording of the song.
    """
    named = clean_line(name)
    if not 0 < len(named) <= LONGEST_NAME:
        raise InputError(f"name {named[:20]!r} must have 1 to {LONGEST_NAME} characters")
    _check_steps(session, song, duration_ms, steps)
    mix = Mix(
        key=secrets.token_urlsafe(_KEY_BYTES),
        song_id=song.id,
        name=named,
        duration_ms=duration_ms,
        steps=[asdict(each) for each in steps],
    )
    session.add(mix)
    session.flush()
    return mix


def _check_steps(session: Session, song: Song, duration_ms: int, steps: Sequence[MixStep]) -> None:
    if not 0 < len(steps) <= MOST_STEPS:
        raise InputError(f"a mix of {len(steps)} steps: it must have 1 to {MOST_STEPS}")
    times_ms = [each.at_ms for each in steps]
    if times_ms[0] != 0 or times_ms != sorted(times_ms):
        raise InputError("steps must begin at_ms 0 and go on in time")
    if not times_ms[-1] <= duration_ms <= LONGEST_MS:
        raise InputError(
            f"duration_ms={duration_ms} must lie between the last step and {LONGEST_MS}"
        )
    wanted = {each.recording_id for each in steps}
    own = set(
        session.scalars(
            select(Recording.id).where(Recording.song_id == song.id, Recording.id.in_(wanted))
        )
    )
    if wanted - own:
        raise InputError(f"song {song.slug!r} has no recording {min(wanted - own)}")


def get_mix(session: Session, key: str) -> Mix:
    """A mix with its song.

    Raises:
        NotFoundError: when there is none of that key.
    """
    mix = session.scalar(select(Mix).where(Mix.key == key).options(joinedload(Mix.song)))
    if mix is None:
        raise NotFoundError(f"there is no mix {key[:40]!r}")
    return mix


def latest_mixes(session: Session, song: Song, limit: int) -> Sequence[Mix]:
    """A song's newest mixes."""
    query = select(Mix).where(Mix.song_id == song.id).order_by(Mix.id.desc()).limit(limit)
    return session.scalars(query).all()
