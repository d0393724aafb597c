"""Music box: a pinned disc turns under its comb, slower and slower."""

from __future__ import annotations

import numpy as np

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

X, Y, EDGE, HUB = 290.0, 180.0, 166.0, 38.0
BEATS_PER_TURN = 24.0
GOLD, BRASS = oklch(0.80, 0.12, 85), oklch(0.55, 0.09, 70)


def disc_scene(show: Show) -> Scene:
    """A note's pin passes the comb (on the right) when it sounds."""
    beats = np.array([show.beat_at(t) for t in show.starts_s])
    low, high = show.pitches.min(), show.pitches.max()
    radius = HUB + 14 + (show.pitches - low) / (high - low) * (EDGE - HUB - 26)
    is_melody = show.of_kinds("melody")
    plate = _draw_plate()

    def draw(canvas: Canvas, time_s: float) -> None:
        canvas.light += plate
        beat = show.beat_at(time_s)
        accent = show.accent(time_s, chroma=0.11)
        _draw_spokes(canvas, beat)
        for i in np.flatnonzero(np.abs(beats - beat) < BEATS_PER_TURN / 2):
            angle = 2 * np.pi * (beats[i] - beat) / BEATS_PER_TURN
            since = time_s - float(show.starts_s[i])
            color = accent if is_melody[i] else GOLD
            _draw_pin(canvas, float(radius[i]), float(angle), since, color, bool(is_melody[i]))
        _draw_comb(canvas, show, radius, time_s, accent)

    return draw


def _draw_plate() -> Field:
    canvas = Canvas(640, 360)
    canvas.light[:] = 0
    canvas.disc(X, Y, EDGE, BRASS * 0.045)
    for k in range(4):
        canvas.ring(X, Y, HUB + 14 + k * (EDGE - HUB - 26) / 3, 1.0, BRASS * 0.06)
    canvas.ring(X, Y, EDGE, 2.4, BRASS * 0.55)
    canvas.ring(X, Y, HUB - 6, 1.4, BRASS * 0.4)
    return canvas.light.copy()


def _draw_spokes(canvas: Canvas, beat: float) -> None:
    for k in range(6):
        angle = -2 * np.pi * beat / BEATS_PER_TURN + k * np.pi / 3
        direction = np.array([np.cos(angle), np.sin(angle)])
        ends = np.array([X, Y]) + np.outer([9, HUB - 10], direction)
        canvas.stroke(ends[:, 0], ends[:, 1], 2.6, BRASS * 0.4)
        x, y = np.array([X, Y]) + (EDGE - 6) * direction
        canvas.disc(x, y, 1.6, BRASS * 0.4)
    canvas.disc(X, Y, 7, GOLD * 0.5)


def _draw_pin(
    canvas: Canvas, radius: float, angle: float, since: float, color: Color, is_melody: bool
) -> None:
    x, y = X + radius * np.cos(angle), Y + radius * np.sin(angle)
    size = 3.4 if is_melody else 2.4
    # Pins wake as they come near, flash under the comb, cool down, and end on the far side.
    far = np.clip((np.pi - abs(angle)) / 0.5, 0, 1)
    if since < 0:
        canvas.disc(x, y, size, color * (0.38 * far))
        return
    flash = float(np.exp(-since / 0.3))
    ember = float(np.exp(-since / 2.5))
    light = color * (far * (0.16 + 0.5 * ember) + 0.8 * flash) + WARM_WHITE * 0.5 * flash
    canvas.disc(x, y, size + 2.6 * flash, light, 9 * flash)


def _draw_comb(
    canvas: Canvas,
    show: Show,
    radius: Field,
    time_s: float,
    accent: Color,
) -> None:
    canvas.bar(X + EDGE + 16, Y - 13, X + EDGE + 128, Y + 13, BRASS * 0.16, 4)
    teeth = np.unique(radius)
    levels = np.zeros(len(teeth))
    for i in show.during(time_s - 0.8, time_s + 1e-3):
        k = int(np.searchsorted(teeth, radius[i]))
        levels[k] = max(levels[k], float(np.exp(-(time_s - show.starts_s[i]) / 0.3)))
    for k, (tooth, level) in enumerate(zip(teeth, levels, strict=True)):
        x = X + EDGE + 22 + k * 100 / len(teeth)
        tremble = 3.0 * level * np.sin(time_s * 60 + k)
        light = WARM_WHITE * 0.10 + accent * 1.2 * level
        length = 48 - 26 * (tooth - teeth[0]) / (teeth[-1] - teeth[0])
        canvas.bar(x - 1, Y - length + tremble, x + 1, Y + length + tremble, light, 1, 5 * level)
    canvas.bar(X + HUB, Y - 0.6, X + EDGE + 16, Y + 0.6, WARM_WHITE * 0.16, 0)
