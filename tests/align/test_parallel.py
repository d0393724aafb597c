import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from align.parallel import count_cores, map_over_cores
from catalog.errors import InputError
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


def wait_until(condition: Callable[[], bool]) -> None:
    patience_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < patience_s
        time.sleep(0.05)


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


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = (
        "from align.parallel import map_over_cores\n"
        "from tests.align.test_parallel import tell_and_wait\n"
        f"list(map_over_cores(tell_and_wait, [{str(tmp_path)!r}] * 2, n_processes=2))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=Path(__file__).parents[2])
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    parent.kill()
    parent.wait()
    workers = [int(path.name) for path in tmp_path.iterdir()]
    wait_until(lambda: all(is_dead(worker) for worker in workers))


def test_there_is_at_least_one_core() -> None:
    assert count_cores() >= 1
