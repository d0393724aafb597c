"""How many questions are worked on at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from webapp.gate import Gate


class Slow:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.inside, self.most = 0, 0
        self.go = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.go.wait(5)
        with self._lock:
            self.inside -= 1
        return [b"done"]

    def come_in(self, count: int) -> None:
        """Wait until so many are inside, and see that nobody follows."""
        give_up_s = time.monotonic() + 5
        while self.inside < count and time.monotonic() < give_up_s:
            time.sleep(0.01)
        time.sleep(0.1)
        assert self.inside == count


def ask(gate: Gate, method: str, count: int, path: str = "/") -> list[threading.Thread]:
    asked = {"REQUEST_METHOD": method, "PATH_INFO": path}
    threads = [threading.Thread(target=gate, args=(asked, None)) for _ in range(count)]
    for each in threads:
        each.start()
    return threads


def test_no_more_than_so_many_are_worked_on_at_once() -> None:
    slow = Slow()
    threads = ask(Gate(slow, at_once=2), "GET", 8)
    slow.come_in(2)
    slow.go.set()
    for each in threads:
        each.join(5)
    assert slow.most == 2 and slow.inside == 0


@pytest.mark.parametrize(
    ("path", "inside"), [("/desk/peaks/7", 3), ("/performers/x/desk/peaks/7", 1)]
)
def test_only_what_is_decoded_for_the_desk_goes_past_it(path: str, inside: int) -> None:
    slow = Slow()
    threads = ask(Gate(slow, at_once=1), "GET", 3, path)
    slow.come_in(inside)
    slow.go.set()
    for each in threads:
        each.join(5)


def test_what_comes_at_its_clients_pace_keeps_nobody_waiting() -> None:
    slow = Slow()
    gate = Gate(slow, at_once=1)
    uploads = ask(gate, "POST", 3)
    slow.come_in(3)
    slow.go.set()
    assert list(gate({"REQUEST_METHOD": "GET"}, None)) == [b"done"]
    for each in uploads:
        each.join(5)


def test_an_error_gives_its_turn_away() -> None:
    def fails(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise ValueError("no")

    gate = Gate(fails, at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            gate({"REQUEST_METHOD": "GET"}, None)
