"""Lo-fi beats: a city at night; every note lights a window, a tram passes once in a while."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, oklch
from align.simulation.demo.pictures.show import Scene, Show

STREET = 318
KICKS, SNARES = (35, 36), (37, 38, 39, 40)
WALL_NEAR, WALL_FAR = oklch(0.20, 0.025, 280), oklch(0.165, 0.02, 280)
LAMP, LILAC, TRAM = oklch(0.82, 0.11, 75), oklch(0.68, 0.12, 305), oklch(0.80, 0.10, 95)
TRAM_BARS = 8


@dataclass(frozen=True)
class _Tower:
    left: int
    width: int
    top: int

    @property
    def windows(self) -> list[tuple[int, int]]:
        """Left upper corners of its windows."""
        columns = range(self.left + 7, self.left + self.width - 10, 13)
        rows = range(self.top + 12, STREET - 22, 17)
        return [(x, y) for y in rows for x in columns]


def skyline_scene(show: Show) -> Scene:
    """Low notes light the left of the city, high ones the right; the melody in the accent."""
    towers = _build_city(np.random.default_rng(5))
    backdrop = _draw_backdrop(towers)
    melody = show.of_kinds("melody")
    drums = show.of_kinds("drums")
    windows = _assign_windows(show, towers, drums)

    def draw(canvas: Canvas, time_s: float) -> None:
        canvas.light[:] = backdrop
        accent = show.accent(time_s)
        _draw_moon(canvas, show.pulse(time_s, 0.35), accent)
        for i in show.during(time_s - 5.0, time_s + 1e-3):
            since = time_s - float(show.starts_s[i])
            if not drums[i]:
                _draw_window(canvas, windows[i], since, accent if melody[i] else LAMP, melody[i])
        _draw_street(canvas, show, drums, time_s)
        _draw_tram(canvas, show, time_s)

    return draw


def _build_city(rng: np.random.Generator) -> list[_Tower]:
    towers: list[_Tower] = []
    left = 6
    while left < 610:
        width = int(rng.choice([36, 49, 62]))
        middle = 1 - abs(left + width / 2 - 350) / 360
        top = int(205 - 120 * middle * rng.uniform(0.45, 1.0))
        towers.append(_Tower(left, min(width, 634 - left), top))
        left += width + int(rng.choice([2, 3, 9]))
    return towers


def _draw_backdrop(towers: list[_Tower]) -> NDArray[np.float32]:
    canvas = Canvas(640, 360)
    for k, x in enumerate(range(-20, 640, 58)):
        top = 150 + 34 * np.sin(k * 2.1)
        canvas.light[int(top) : STREET, max(0, x) : x + 44] = WALL_FAR
    for tower in towers:
        canvas.light[tower.top : STREET, tower.left : tower.left + tower.width] = WALL_NEAR
        for x, y in tower.windows:
            canvas.light[y : y + 9, x : x + 7] = WALL_NEAR * 0.45
    canvas.light[STREET : STREET + 1] = WALL_NEAR * 2
    return canvas.light.copy()


def _assign_windows(
    show: Show, towers: list[_Tower], drums: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """A window for every note: the tower by its pitch, the window by its number."""
    tonal = show.pitches[~drums]
    low, span = tonal.min(), np.ptp(tonal) + 1
    chosen = []
    for i, pitch in enumerate(show.pitches):
        tower = towers[int((max(pitch, low) - low) / span * len(towers)) % len(towers)]
        chosen.append(tower.windows[(i * 7 + int(pitch)) % len(tower.windows)])
    return chosen


def _draw_moon(canvas: Canvas, pulse: float, accent: Color) -> None:
    canvas.disc(118, 74, 25, WARM_WHITE * (0.42 + 0.10 * pulse), 22)
    canvas.ring(118, 74, 34 + 3 * pulse, 1.4, accent * 0.7 * pulse)


def _draw_window(
    canvas: Canvas, corner: tuple[int, int], since: float, color: Color, is_melody: bool
) -> None:
    if since < 0:
        return
    x, y = corner
    fresh = float(np.exp(-since / 0.25))
    light = color * (0.85 * np.exp(-since / 1.9) + (1.1 if is_melody else 0.4) * fresh)
    canvas.bar(x, y, x + 7, y + 9, light, 1, (10 if is_melody else 5) * max(0.35, fresh))


def _draw_street(canvas: Canvas, show: Show, drums: NDArray[np.bool_], time_s: float) -> None:
    kick = snare = 0.0
    for i in show.during(time_s - 0.7, time_s + 1e-3):
        if drums[i]:
            level = float(np.exp(-max(0.0, time_s - show.starts_s[i]) / 0.2))
            kick = max(kick, level if show.pitches[i] in KICKS else 0)
            snare = max(snare, level if show.pitches[i] in SNARES else 0)
    for k, x in enumerate(range(40, 640, 112)):
        level = kick if k % 2 == 0 else snare
        canvas.bar(x - 0.8, STREET - 34, x + 0.8, STREET, WALL_NEAR * 2.2, 0)
        canvas.disc(x, STREET - 36, 3 + 2.2 * level, LILAC * (0.35 + 1.2 * level), 5 + 10 * level)


def _draw_tram(canvas: Canvas, show: Show, time_s: float) -> None:
    bars = show.beat_at(time_s) / 4
    left = (bars % TRAM_BARS) / TRAM_BARS * 900 - 150
    canvas.bar(left, STREET + 8, left + 118, STREET + 31, TRAM * 0.10, 5)
    for k in range(6):
        x = left + 8 + k * 18
        canvas.bar(x, STREET + 12, x + 13, STREET + 21, TRAM * 0.8, 2, 5)
    canvas.disc(left + 118, STREET + 25, 2.2, WARM_WHITE, 10)
