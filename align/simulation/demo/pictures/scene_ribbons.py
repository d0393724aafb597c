"""String quartet: four ribbons of light, one a player, drawn as by bows."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import PchipInterpolator

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

NOW_X = 470.0
SPEED = 90.0
COLORS = (
    oklch(0.82, 0.12, 80),
    oklch(0.70, 0.15, 25),
    oklch(0.66, 0.14, 330),
    oklch(0.62, 0.13, 265),
)
STEP_S = 0.01


class _Ribbon:
    """Height and half width of one player's ribbon over time, sampled every STEP_S."""

    def __init__(self, show: Show, part: int, color: Color) -> None:
        own = np.flatnonzero(show.parts == part)
        own = own[np.argsort(show.starts_s[own])]
        self.starts_s, self.color = show.starts_s[own], color
        pitches = show.pitches[own]
        y = 336 - (pitches - 36) * 6.3
        knots_s = np.concatenate([[-20], self.starts_s, [show.duration_s + 20]])
        self._y = PchipInterpolator(knots_s, np.concatenate([[y[0]], y, [y[-1]]]))
        self._clock_s = np.arange(0, show.duration_s + 10, STEP_S)
        self._half = np.full(len(self._clock_s), 0.6)
        for i in own:
            self._swell(show.starts_s[i], show.ends_s[i], show.velocities[i])

    def _swell(self, start_s: float, end_s: float, velocity: float) -> None:
        window = slice(int(start_s / STEP_S), int((end_s + 0.25) / STEP_S))
        clock_s = self._clock_s[window]
        bow = np.clip((clock_s - start_s) / 0.12, 0, 1) * np.clip(
            (end_s + 0.25 - clock_s) / 0.4, 0, 1
        )
        self._half[window] = np.maximum(self._half[window], 0.6 + 8.5 * velocity * bow)

    def y(self, time_s: Field) -> Field:
        sway = 3 * np.sin(time_s * 1.1 + self.starts_s[0])
        return np.asarray(self._y(time_s - 0.05) + sway)

    def half(self, time_s: Field) -> Field:
        return np.asarray(np.interp(time_s, self._clock_s, self._half, left=0.6, right=0.6))


def ribbons_scene(show: Show) -> Scene:
    """Time flows to the left; at NOW_X the bows touch the strings."""
    ribbons = [_Ribbon(show, part, color) for part, color in enumerate(COLORS)]

    def draw(canvas: Canvas, time_s: float) -> None:
        _draw_beat_lines(canvas, show, time_s)
        for ribbon in reversed(ribbons):
            _draw_ribbon(canvas, ribbon, time_s)
        pulse = show.pulse(time_s)
        light = WARM_WHITE * (0.05 + 0.22 * pulse)
        canvas.bar(NOW_X - 0.6, 14, NOW_X + 0.6, canvas.height - 14, light, 0)
        for ribbon in ribbons:
            _draw_bow(canvas, ribbon, time_s)

    return draw


def _draw_ribbon(canvas: Canvas, ribbon: _Ribbon, time_s: float) -> None:
    x = np.arange(canvas.width) + 0.5
    time_of_x = time_s + (x - NOW_X) / SPEED
    heard = np.clip((NOW_X - x) / 3 + 0.5, 0, 1)
    half = ribbon.half(time_of_x) * heard + 0.45 * (1 - heard)
    bright = heard * 0.8 * np.clip(x / 110, 0.12, 1) + (1 - heard) * 0.14
    y = ribbon.y(time_of_x)
    color = (ribbon.color[None] * bright[:, None]).astype(np.float32)
    canvas.ribbon(y, half, color * 0.6, 3)
    # A lit upper edge makes the band look like silk.
    canvas.ribbon(y - half * 0.72, 0.55 * heard, color * 0.9)


def _draw_bow(canvas: Canvas, ribbon: _Ribbon, time_s: float) -> None:
    now = np.array([time_s])
    y, half = float(ribbon.y(now)[0]), float(ribbon.half(now)[0])
    begun = ribbon.starts_s[ribbon.starts_s <= time_s + 1e-3]
    strike = float(np.exp(-(time_s - begun[-1]) / 0.2)) if len(begun) else 0.0
    light = ribbon.color * (0.5 + 0.9 * strike) + WARM_WHITE * 0.5 * strike
    canvas.disc(NOW_X, y, 2.2 + 0.45 * half + 2.5 * strike, light, 9)


def _draw_beat_lines(canvas: Canvas, show: Show, time_s: float) -> None:
    for beat_s, position in zip(show.beats_s, show.positions, strict=True):
        x = NOW_X + (beat_s - time_s) * SPEED
        if position == 1 and -2 < x < canvas.width:
            canvas.bar(x - 0.5, 20, x + 0.5, canvas.height - 20, WARM_WHITE * 0.08, 0)
