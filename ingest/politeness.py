"""Taking turns at a host: one request at a time, with a pause in between, none while it is paused.

All workers of a library share the turns through its database, so that more workers are no more
visitors. Hosts ban whoever asks without a pause, and then the whole queue fails. Nobody waits
here: whose turn it is not comes again later, and does something else meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from catalog import database
from catalog.errors import HostError, PostponedError, SourceError
from catalog.hosts import (
    end_turn,
    host_of,
    note_failure,
    note_success,
    take_turn,
)
from catalog.jobs import worker_name
from catalog.settings import get_settings


def turn_at_host(address: str) -> AbstractContextManager[None]:
    """`turn_at` for the host of an address."""
    return turn_at(host_of(address), address)


@contextmanager
def turn_at(name: str | None, address: str = "") -> Iterator[None]:
    """Ask a host for something, and note how it behaves; `None` is this machine.

    A private host that the owner opened is the owner's, and needs no pause.

    Raises:
        PostponedError: when it is not our turn.
        HostError: as raised inside; it says when to come again, and costs no attempt where the
            host is now paused.
    """
    if name is None:
        yield
        return
    with database.session() as session:
        take_turn(session, name, worker_name())
    try:
        yield
    except PostponedError:
        raise
    except HostError as error:
        _note(name, error, address)
        raise
    except SourceError:
        _end(name, delivered=True)  # it answered, if not what we wanted
        raise
    except BaseException:
        _end(name, delivered=False)
        raise
    _end(name, delivered=True)


def _note(name: str, error: HostError, address: str) -> None:
    with database.session() as session:
        end_turn(session, name, worker_name(), pause_s=_pause_s(name))
        error.until, error.costs_attempt = note_failure(session, name, error, address=address)


def _end(name: str, *, delivered: bool) -> None:
    with database.session() as session:
        end_turn(session, name, worker_name(), pause_s=_pause_s(name))
        if delivered:
            note_success(session, name)


def _pause_s(name: str) -> float:
    settings = get_settings()
    return 0.0 if name == settings.allowed_private_host else settings.host_pause_s
