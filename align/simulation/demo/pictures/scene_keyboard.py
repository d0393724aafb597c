"""Solo piano: bars of light fall onto a keyboard and ring on in its keys."""

from __future__ import annotations

import numpy as np

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, oklch
from align.simulation.demo.pictures.show import Scene, Show

BLACK_STEPS = (1, 3, 6, 8, 10)
SPEED = 90.0  # three whole pixels a frame, which an encoder follows for nothing
FALL_S = 3.4
KEYBOARD_HEIGHT = 54.0
LEFT_HAND = oklch(0.66, 0.12, 250)


class _Keys:
    """Where the keys from A0 upwards stand; white keys share the width evenly."""

    def __init__(self, width: float, lowest: int, highest: int) -> None:
        self.pitches = range(lowest, highest + 1)
        whites = [p for p in self.pitches if p % 12 not in BLACK_STEPS]
        self.white_width = width / len(whites)
        self._rank = {p: i for i, p in enumerate(whites)}

    def is_black(self, pitch: int) -> bool:
        return pitch % 12 in BLACK_STEPS

    def centre(self, pitch: int) -> float:
        if self.is_black(pitch):
            return (self._rank[pitch - 1] + 1) * self.white_width
        return (self._rank[pitch] + 0.5) * self.white_width

    def width(self, pitch: int) -> float:
        return self.white_width * (0.62 if self.is_black(pitch) else 0.92)


def keyboard_scene(show: Show) -> Scene:
    """Notes fall for FALL_S and arrive at the keys when they sound."""
    lowest = int(show.pitches.min()) // 12 * 12
    keys = _Keys(640, lowest, (int(show.pitches.max()) // 12 + 1) * 12 - 1)
    is_melody = show.of_kinds("melody")

    def draw(canvas: Canvas, time_s: float) -> None:
        line = canvas.height - KEYBOARD_HEIGHT
        accent = show.accent(time_s)
        for k in np.flatnonzero(np.abs(show.beats_s - time_s - FALL_S / 2) < FALL_S / 2):
            y = line - (show.beats_s[k] - time_s) * SPEED
            if show.positions[k] == 1:
                canvas.bar(0, y - 0.5, canvas.width, y + 0.5, WARM_WHITE * 0.05, 0)
        for i in show.during(time_s - 0.6, time_s + FALL_S):
            color = accent if is_melody[i] else LEFT_HAND * 0.55
            _falling_bar(canvas, show, int(i), keys, time_s, line, color)
        _draw_keys(canvas, show, keys, time_s, line, is_melody, accent)
        pulse = show.pulse(time_s)
        canvas.bar(0, line - 1.2, canvas.width, line + 0.6, accent * (0.35 + 0.9 * pulse), 0)

    return draw


def _falling_bar(
    canvas: Canvas,
    show: Show,
    i: int,
    keys: _Keys,
    time_s: float,
    line: float,
    color: Color,
) -> None:
    x, half = keys.centre(int(show.pitches[i])), keys.width(int(show.pitches[i])) / 2
    bottom = min(line, line - (show.starts_s[i] - time_s) * SPEED)
    top = line - (show.ends_s[i] - time_s) * SPEED + 3
    sounding = show.starts_s[i] <= time_s
    if top < bottom - 1:
        strength = 1.15 if sounding else 0.75
        canvas.bar(x - half + 0.5, top, x + half - 0.5, bottom, color * strength, 3.5, 5)
    since = time_s - show.starts_s[i]
    if 0 <= since < 0.5:
        glow = np.exp(-since / 0.12)
        canvas.disc(x, line, 2 + 3 * glow, color * 1.6 * glow, 9)


def _draw_keys(
    canvas: Canvas,
    show: Show,
    keys: _Keys,
    time_s: float,
    line: float,
    is_melody: np.ndarray,
    accent: Color,
) -> None:
    lit: dict[int, Color] = {}
    for i in show.during(time_s, time_s + 1e-3):
        fade = float(np.exp(-(time_s - show.starts_s[i]) / 1.2))
        lit[int(show.pitches[i])] = (accent if is_melody[i] else LEFT_HAND) * fade
    for black in (False, True):
        for pitch in keys.pitches:
            if keys.is_black(pitch) == black:
                _draw_key(canvas, keys, pitch, line, lit.get(pitch))


def _draw_key(canvas: Canvas, keys: _Keys, pitch: int, line: float, light: Color | None) -> None:
    x, half = keys.centre(pitch), keys.width(pitch) / 2
    if keys.is_black(pitch):
        bottom = line + KEYBOARD_HEIGHT * 0.62
        columns = slice(round(x - half), round(x + half))
        canvas.light[round(line) + 1 : round(bottom), columns] = canvas.ground
        if light is not None:
            canvas.bar(x - half, line, x + half, bottom, light * 0.8, 2)
        return
    color = WARM_WHITE * 0.11
    if light is not None:
        color = color + light * 0.9
    canvas.bar(x - half, line + 1, x + half, canvas.height - 4, color, 2)
