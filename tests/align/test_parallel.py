import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from align.parallel import count_cores, map_over_cores, processes
from catalog.errors import InputError, StorageError
from catalog.processes import is_dead


def double(number: int) -> int:
    time.sleep(0.02 * (3 - number))
    return 2 * number


def refuse_two(number: int) -> int:
    if number == 2:
        raise InputError("number=2 is not wanted")
    return number


def threads_allowed(_: int) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


def tell_and_wait(folder: str) -> None:
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(60)


def wait_where_told(folder: str) -> None:
    if folder:
        tell_and_wait(folder)


def own_number(_: int) -> int:
    return os.getpid()


def die(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wait_until(condition: Callable[[], bool]) -> None:
    patience_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < patience_s
        time.sleep(0.05)


def all_are_dead(folder: Path) -> bool:
    return all(is_dead(int(path.name)) for path in folder.iterdir())


@pytest.mark.parametrize("n_processes", [1, 2])
def test_results_come_in_the_order_of_the_items(n_processes: int) -> None:
    assert list(map_over_cores(double, [1, 2, 3], n_processes=n_processes)) == [2, 4, 6]


@pytest.mark.parametrize("n_processes", [1, 2])
def test_an_error_is_raised_where_its_result_would_stand(n_processes: int) -> None:
    results = map_over_cores(refuse_two, [1, 2, 3], n_processes=n_processes)
    assert next(results) == 1
    with pytest.raises(InputError, match="number=2"):
        next(results)


def test_a_worker_keeps_to_one_thread() -> None:
    assert list(map_over_cores(threads_allowed, [1, 2], n_processes=2)) == ["1", "1"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_when_their_parent_is_killed_or_interrupted(
    tmp_path: Path, how: signal.Signals
) -> None:
    script = (
        # A background job of a shell ignores Ctrl-C, and so would this one if it inherited that.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from align.parallel import map_over_cores\n"
        "from tests.align.test_parallel import tell_and_wait\n"
        f"list(map_over_cores(tell_and_wait, [{str(tmp_path)!r}] * 2, n_processes=2))"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL
    )
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    parent.send_signal(how)
    parent.wait(timeout=30)
    wait_until(lambda: all_are_dead(tmp_path))


def test_workers_end_when_nobody_waits_for_the_rest(tmp_path: Path) -> None:
    folder = str(tmp_path)
    results = map_over_cores(wait_where_told, ["", folder, folder], n_processes=2)
    assert next(results) is None
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    results.close()
    assert all_are_dead(tmp_path)


def test_a_worker_that_dies_is_one_sentence() -> None:
    with pytest.raises(StorageError, match="one of 2 processes died"):
        list(map_over_cores(die, [1, 2], n_processes=2))


def test_processes_keep_what_they_have_imported() -> None:
    with processes(2) as run:
        first, second = set(run(own_number, range(8))), set(run(own_number, range(8)))
    assert len(first | second) <= 2
    assert os.getpid() not in first


def test_there_is_at_least_one_core() -> None:
    assert count_cores() >= 1
