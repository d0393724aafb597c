from collections.abc import Callable
from pathlib import Path

import pytest

from align.evaluation.methods import workspace
from align.evaluation.methods.workspace import Workspace

FILE, OTHER = Path("song.wav"), Path("other.wav")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """A computation of 50 ms on a clock of its own."""
    now_s = [0.0]
    monkeypatch.setattr(workspace, "perf_counter", lambda: now_s[0])

    def compute(value: str) -> str:
        now_s[0] += 0.05
        return value

    return compute


def never() -> str:
    raise AssertionError("computed twice")


def test_a_thing_is_computed_once_for_all_processes(tmp_path: Path) -> None:
    assert Workspace(tmp_path).keep(FILE, "chroma", lambda: "first") == "first"
    assert Workspace(tmp_path).keep(FILE, "chroma", never) == "first"
    assert Workspace(tmp_path).keep(OTHER, "chroma", lambda: "second") == "second"


def test_what_is_found_kept_is_charged_with_all_it_was_made_of(
    tmp_path: Path, slow: Callable[[str], str]
) -> None:
    def chroma(workspace: Workspace) -> str:
        return workspace.keep(
            FILE, "chroma", lambda: slow(workspace.keep(FILE, "audio", lambda: slow("sound")))
        )

    chroma(Workspace(tmp_path))
    workspace = Workspace(tmp_path)
    _, bill = workspace.measure(lambda: chroma(workspace))
    assert bill.own_s == pytest.approx(0)
    assert bill.total_s == pytest.approx(0.1)
    assert bill.total_beside_s(FILE) == bill.own_s


def test_what_is_used_twice_is_charged_once(tmp_path: Path, slow: Callable[[str], str]) -> None:
    workspace = Workspace(tmp_path)

    def audio() -> str:
        return workspace.keep(FILE, "audio", lambda: slow("sound"))

    _, bill = workspace.measure(lambda: (audio(), audio()))
    assert bill.total_s == pytest.approx(0.05)


def test_what_fails_is_not_kept(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(AssertionError):
        workspace.keep(FILE, "audio", never)
    assert workspace.keep(FILE, "audio", lambda: "sound") == "sound"
