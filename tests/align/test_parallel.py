import os
import time

import pytest

from align.parallel import count_cores, map_over_cores
from catalog.errors import InputError


def double(number: int) -> int:
    time.sleep(0.02 * (3 - number))
    return 2 * number


def refuse_two(number: int) -> int:
    if number == 2:
        raise InputError("number=2 is not wanted")
    return number


def threads_allowed(_: int) -> str | None:
    return os.environ.get("OMP_NUM_THREADS")


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


def test_there_is_at_least_one_core() -> None:
    assert count_cores() >= 1
