import threading
import time
from pathlib import Path

import pytest

from ingest import politeness
from ingest.politeness import turn_at_host


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "MIN_PAUSE_S", 0.3)
    monkeypatch.setattr(politeness, "MAX_PAUSE_S", 0.4)


def seconds_of_two_turns(first: str, second: str) -> float:
    """Between the end of one turn and the beginning of the next."""
    with turn_at_host(first):
        pass
    ended_at = time.monotonic()
    with turn_at_host(second):
        return time.monotonic() - ended_at


def test_a_host_is_left_alone_for_a_while(library: Path):
    waited_s = seconds_of_two_turns("https://example.org/a", "https://user:word@EXAMPLE.org/b")
    assert 0.25 <= waited_s <= 1


def test_another_host_is_not_waited_for(library: Path):
    assert seconds_of_two_turns("https://example.org/a", "https://example.net/a") < 0.2


def test_two_workers_do_not_visit_one_host_together(library: Path):
    visiting: list[int] = []
    together: list[int] = []

    def visit() -> None:
        with turn_at_host("https://example.org/a"):
            visiting.append(1)
            together.append(len(visiting))
            time.sleep(0.1)
            visiting.pop()

    threads = [threading.Thread(target=visit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [1, 1, 1]


@pytest.mark.parametrize("content", ["", "half a numb", "99999999999"])
def test_a_file_that_makes_no_sense_costs_a_pause_at_most(library: Path, content: str):
    (library / "hosts").mkdir(parents=True)
    (library / "hosts" / "example.org").write_text(content)
    began_at = time.monotonic()
    with turn_at_host("https://example.org/a"):
        assert time.monotonic() - began_at < 0.8


def test_a_host_of_the_owner_needs_no_pause(web):
    assert seconds_of_two_turns(web.address("/a"), web.address("/b")) < 0.2
