"""Chip tune: a small runner hops along the melody, one platform a note, in big pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

PIXEL = 4
WIDTH, HEIGHT = 160, 90
RUNNER_X = 52
SPEED = 30.0
HOP = 11.0
STANDING = """
..###...
.#####..
.##.#.#.
.#####..
..###...
.#####..
..#..#..
.#....#.
"""
STRIDING = """
..###...
.#####..
.##.#.#.
.#####..
..###...
######..
..##....
..#.#...
"""
RUNNER = (STANDING.split(), STRIDING.split())
BRICK, SKY, COIN = oklch(0.34, 0.05, 290), oklch(0.22, 0.035, 285), oklch(0.85, 0.15, 95)
BODY = oklch(0.80, 0.16, 145)


def pixels_scene(show: Show) -> Scene:
    """Platforms come from the right; the runner lands on each as it sounds."""
    melody = np.flatnonzero(show.of_kinds("melody"))
    melody = melody[np.argsort(show.starts_s[melody])]
    starts_s, ends_s = show.starts_s[melody], show.ends_s[melody]
    pitches = show.pitches[melody]
    tops = 64 - ((pitches - pitches.min()) * 44 / np.ptp(pitches)).astype(int)
    coins = np.flatnonzero(show.of_kinds("second"))
    basses = np.flatnonzero(show.parts == _bass_part(show))

    def draw(canvas: Canvas, time_s: float) -> None:
        small = np.tile(canvas.ground, (HEIGHT, WIDTH, 1))
        accent = show.accent(time_s, chroma=0.15)
        _draw_stars(small, time_s, show.pulse(time_s))
        _draw_ground(small, show, basses, time_s, accent)
        for start_s, end_s, top in zip(starts_s, ends_s, tops, strict=True):
            if abs(start_s - time_s) < 6:
                _draw_platform(small, start_s - time_s, end_s - time_s, int(top), accent)
        for i in coins[np.abs(show.starts_s[coins] - time_s) < 5]:
            _draw_coin(small, show.starts_s[i] - time_s, int(show.pitches[i]))
        y = runner_height(starts_s, tops, time_s)
        step = int(show.beat_at(time_s) * 4) % 2
        _stamp(small, RUNNER[step], RUNNER_X - 4, round(y) - 8, BODY)
        canvas.light[:] = np.repeat(np.repeat(small, PIXEL, axis=0), PIXEL, axis=1)

    return draw


def runner_height(starts_s: Field, tops: NDArray[np.int64], time_s: float) -> float:
    """Row of the runner's feet: on a platform, then in a hop that ends as the next note sounds."""
    k = int(np.searchsorted(starts_s, time_s, side="right")) - 1
    if k < 0:
        return float(tops[0])
    if k + 1 == len(starts_s):
        return float(tops[k])
    leap_s = min(0.36, 0.8 * (starts_s[k + 1] - starts_s[k]))
    share = 1 - (starts_s[k + 1] - time_s) / leap_s
    if share <= 0:
        return float(tops[k])
    return float(tops[k] + (tops[k + 1] - tops[k]) * share - 4 * HOP * share * (1 - share))


def _bass_part(show: Show) -> int:
    names = [part.name for part in show.rendition.style.parts]
    return names.index("bass") if "bass" in names else -1


def _fill(small: Field, left: int, top: int, right: int, bottom: int, color: Color) -> None:
    small[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = color


def _draw_stars(small: Field, time_s: float, pulse: float) -> None:
    for k in range(26):
        x = int(k * 47.3 - time_s * 2.5 * (1 + k % 3)) % WIDTH
        small[(k * 31) % 58, x] = SKY * (1 + 3 * pulse * (k % 4 == 0))


def _draw_ground(
    small: Field,
    show: Show,
    basses: NDArray[np.int64],
    time_s: float,
    accent: Color,
) -> None:
    shift = int(time_s * SPEED)
    for x in range(-(shift % 8), WIDTH, 8):
        _fill(small, x, 80, x + 7, 84, BRICK)
        _fill(small, x - 4, 85, x + 3, 89, BRICK * 0.6)
    for i in basses[np.abs(show.starts_s[basses] - time_s) < 5]:
        left = RUNNER_X + round((show.starts_s[i] - time_s) * SPEED)
        lit = show.starts_s[i] <= time_s < show.starts_s[i] + 0.22
        height = 2 + int(show.pitches[i] - 36) // 4
        _fill(small, left, 79 - height, left + 3, 79, accent * (0.9 if lit else 0.22))


def _draw_platform(small: Field, start_s: float, end_s: float, top: int, accent: Color) -> None:
    left = RUNNER_X + round(start_s * SPEED)
    right = max(left + 4, RUNNER_X + round(end_s * SPEED) - 1)
    lit = start_s <= 0 < end_s
    color = accent + WARM_WHITE * 0.25 if lit else accent * (0.5 if start_s > 0 else 0.22)
    _fill(small, left, top, right, top + 2, color)
    _fill(small, left, top + 2, right, top + 4, color * 0.35)


def _draw_coin(small: Field, start_s: float, pitch: int) -> None:
    left = RUNNER_X + round(start_s * SPEED)
    if start_s > 0:
        row = 70 - (pitch - 60) // 2
        _fill(small, left, row, left + 2, row + 3, COIN * 0.55)


def _stamp(small: Field, sprite: list[str], left: int, top: int, color: Color) -> None:
    for row, line in enumerate(sprite):
        for column, sign in enumerate(line):
            if sign == "#" and 0 <= top + row < HEIGHT:
                small[top + row, left + column] = color
