"""Dynamic time warping inside a band, one vectorised row at a time.

No just-in-time compiler: a row's horizontal steps are resolved by a running minimum, so four
minutes at 50 frames per second take a fraction of a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating]
Indices = npt.NDArray[np.int64]

VERTICAL, DIAGONAL, HORIZONTAL = 0, 1, 2
STRAIGHT_WEIGHT = 1.5
DIAGONAL_WEIGHT = 2.0


@dataclass(frozen=True)
class Band:
    """Costs of the cells near a diagonal.

    Attributes:
        costs: cost of row `i` and column `starts[i] + j`, (rows, width)
        starts: first column of each row, never falling, (rows,)
    """

    costs: Matrix
    starts: Indices


@dataclass(frozen=True)
class WarpingPath:
    """Cells of a path from the first row to the last.

    Attributes:
        rows: (cells,)
        columns: (cells,)
        costs: cost of each cell, (cells,)
    """

    rows: Indices
    columns: Indices
    costs: Matrix


def warp_in_band(band: Band) -> WarpingPath:
    """Cheapest path through a band, free to begin and end anywhere in its first and last row.

    Steps (1, 0) and (0, 1) weigh 1.5, step (1, 1) weighs 2, after Prätzlich, Driedger and
    Müller, "Memory-restricted multiscale dynamic time warping", ICASSP 2016.
    """
    n_rows, width = band.costs.shape
    steps = np.zeros((n_rows, width), dtype=np.uint8)
    total: Matrix = band.costs[0].astype(float)
    for row in range(1, n_rows):
        shift = int(band.starts[row] - band.starts[row - 1])
        total, steps[row] = _advance(total, band.costs[row], shift)
    return _trace(band, steps, int(np.argmin(total)))


def _advance(before: Matrix, costs: Matrix, shift: int) -> tuple[Matrix, npt.NDArray[np.uint8]]:
    """One row further: its totals and the step that reached each cell."""
    width = len(costs)
    padded = np.full(width + shift + 1, np.inf)
    padded[1 : width + 1] = before
    vertical = padded[shift + 1 :][:width] + STRAIGHT_WEIGHT * costs
    diagonal = padded[shift:][:width] + DIAGONAL_WEIGHT * costs
    entered = np.minimum(vertical, diagonal)
    steps = np.where(diagonal <= vertical, DIAGONAL, VERTICAL).astype(np.uint8)
    walked = np.cumsum(STRAIGHT_WEIGHT * costs)
    total = np.minimum.accumulate(entered - walked) + walked
    steps[1:][total[1:] < entered[1:] - 1e-9] = HORIZONTAL
    return total, steps


def _trace(band: Band, steps: npt.NDArray[np.uint8], last: int) -> WarpingPath:
    row, cell = len(steps) - 1, last
    rows, cells = [row], [cell]
    while row > 0:
        step = steps[row, cell]
        if step == HORIZONTAL:
            cell -= 1
        else:
            cell += int(band.starts[row] - band.starts[row - 1]) - (step == DIAGONAL)
            row -= 1
        rows.append(row)
        cells.append(int(cell))
    row_indices, cell_indices = np.array(rows[::-1]), np.array(cells[::-1])
    return WarpingPath(
        rows=row_indices,
        columns=cell_indices + band.starts[row_indices],
        costs=band.costs[row_indices, cell_indices],
    )
