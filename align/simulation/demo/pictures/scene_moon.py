"""The Reference: the melody as a line of light across the moon, over a lough that mirrors it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

HORIZON = 252
MOON_X, MOON_Y, MOON_RADIUS = 320.0, 150.0, 104.0
SPEED = 60.0  # two whole pixels a frame, which an encoder follows for nothing
LANTERN = oklch(0.80, 0.10, 70)
HILL_LIGHT = oklch(0.75, 0.035, 250)
HILLS = ((226.0, 15.0, 0.0085, 0.4, 0.026), (240.0, 10.0, 0.0150, 2.2, 0.012))


def moon_scene(show: Show) -> Scene:
    """Future notes come from the right and sound at the moon's centre."""
    melody_y = _melody_curve(show)
    is_melody = show.of_kinds("melody")
    lanterns = show.of_kinds("grid", "second")
    hills = [_hill(*shape[:4]) for shape in HILLS]
    rows = _mirror_rows()
    moon = _moon_light()
    stars = _stars()

    def draw(canvas: Canvas, time_s: float) -> None:
        accent = show.accent(time_s, chroma=0.11)
        canvas.light += stars
        _draw_moon(canvas, moon, accent, show.pulse(time_s, 0.4))
        _draw_hills(canvas, hills)
        for i in show.during(time_s - 5.5, time_s + 5.5):
            if lanterns[i]:
                _draw_lantern(canvas, show, int(i), time_s, accent)
        _draw_melody(canvas, melody_y, time_s, accent)
        _draw_head(canvas, show, melody_y, is_melody, time_s, accent)
        _mirror(canvas, rows)
        canvas.bar(0, HORIZON - 0.6, canvas.width, HORIZON + 0.6, accent * 0.10, 0)

    return draw


def _melody_curve(show: Show) -> PchipInterpolator:
    """Height in pixels over time: level while a note sounds, gliding to the next."""
    chosen = np.flatnonzero(show.of_kinds("melody"))
    order = chosen[np.argsort(show.starts_s[chosen])]
    starts_s, pitches = show.starts_s[order], show.written_pitches()[order]
    ends_s = np.minimum(show.ends_s[order], np.append(starts_s[1:], np.inf))
    low, high = pitches.min(), pitches.max()
    y = 208 - (pitches - low) / (high - low) * 142
    knots_s = np.column_stack([starts_s, starts_s + 0.28 * (ends_s - starts_s)]).ravel()
    before, after = [knots_s[0] - 30], [knots_s[-1] + 30]
    return PchipInterpolator(
        np.concatenate([before, knots_s, after]), np.concatenate([[212], np.repeat(y, 2), [212]])
    )


def _stars() -> Field:
    canvas = Canvas(640, 360, np.zeros(3, np.float32))
    rng = np.random.default_rng(7)
    for x, y, light in zip(*rng.uniform((0, 4, 0.02), (640, 205, 0.22), (70, 3)).T, strict=True):
        if np.hypot(x - MOON_X, y - MOON_Y) > MOON_RADIUS + 12:
            canvas.disc(x, y, 0.8, WARM_WHITE * light)
    return canvas.light.copy()


def _hill(base: float, height: float, pace: float, phase: float) -> Field:
    x = np.arange(640)
    wave = np.sin(pace * x + phase) + 0.5 * np.sin(2.3 * pace * x + 1.7 * phase)
    return np.asarray(base - height * wave)


def _moon_light() -> Field:
    """The moon's brightness, (height, width, 1): full at its upper edge, thin towards the water."""
    canvas = Canvas(640, 360, np.zeros(3, np.float32))
    canvas.disc(MOON_X, MOON_Y, MOON_RADIUS, np.ones(3, np.float32))
    height = (np.arange(360) - MOON_Y + MOON_RADIUS) / (2 * MOON_RADIUS)
    shade = 0.24 - 0.19 * np.clip(height, 0, 1) ** 0.8
    return np.asarray(canvas.light[..., :1] * shade[:, None, None], np.float32)


def _draw_moon(canvas: Canvas, moon: Field, accent: Color, pulse: float) -> None:
    canvas.light += moon * accent
    canvas.ring(MOON_X, MOON_Y, MOON_RADIUS, 1.6, accent * (0.40 + 0.8 * pulse))


def _draw_hills(canvas: Canvas, hills: list[Field]) -> None:
    row = np.arange(canvas.height)[:, None]
    for top, shape in zip(hills, HILLS, strict=True):
        inside = np.clip(row - top + 0.5, 0, 1)[..., None]
        canvas.light *= (1 - inside).astype(np.float32)
        canvas.light += (inside * (canvas.ground * 0.5 + shape[4] * HILL_LIGHT)).astype(np.float32)


def _draw_lantern(canvas: Canvas, show: Show, i: int, time_s: float, accent: Color) -> None:
    since = time_s - show.starts_s[i]
    x = MOON_X - since * SPEED
    y = 236 - (show.pitches[i] - 36) * 1.75
    if since < 0:
        canvas.disc(x, y, 1.3, LANTERN * 0.22)
        return
    fade = (0.3 + 0.7 * float(np.exp(-since / 0.5))) * show.velocities[i]
    size = 2.1 + 2.4 * float(np.exp(-since / 0.15))
    canvas.disc(x, y, size, (LANTERN + 0.3 * accent) * fade, 5)


def _draw_melody(canvas: Canvas, melody_y: PchipInterpolator, time_s: float, accent: Color) -> None:
    x = np.arange(canvas.width) + 0.5
    time_of_x = time_s + (x - MOON_X) / SPEED
    y = melody_y(time_of_x)
    age_s = (MOON_X - x) / SPEED
    heard = np.clip(age_s * 12 + 0.5, 0, 1)
    bright = heard * (0.45 + 0.75 * np.exp(-np.maximum(age_s, 0) / 0.7)) + (1 - heard) * 0.10
    mixed = accent[None] * 0.8 + WARM_WHITE[None] * (0.55 * np.exp(-np.abs(age_s) / 0.5))[:, None]
    color = (mixed * bright[:, None]).astype(np.float32)
    half = 0.7 + heard * (0.8 + 1.2 * np.exp(-np.maximum(age_s, 0) / 0.7))
    canvas.ribbon(y, half, color, 4)


def _draw_head(
    canvas: Canvas,
    show: Show,
    melody_y: PchipInterpolator,
    is_melody: NDArray[np.bool_],
    time_s: float,
    accent: Color,
) -> None:
    y = float(melody_y(time_s))
    sounding = [i for i in show.during(time_s - 0.3, time_s + 1e-3) if is_melody[i]]
    since = min((time_s - show.starts_s[i] for i in sounding), default=9.0)
    strike = float(np.exp(-max(0.0, since) / 0.18))
    canvas.disc(MOON_X, y, 3.6 + 2.4 * strike, WARM_WHITE * (0.8 + 0.8 * strike), 10 + 5 * strike)
    if since < 0.9:
        canvas.ring(MOON_X, y, 7 + 34 * since, 1.4, accent * float(np.exp(-since / 0.25)))


def _mirror_rows() -> NDArray[np.int64]:
    """For each row under the horizon the row above it that it mirrors, a little compressed."""
    depth = np.arange(360 - HORIZON)
    return np.asarray(np.maximum(0, HORIZON - 1 - (depth * 1.9).astype(int)))


def _mirror(canvas: Canvas, rows: NDArray[np.int64]) -> None:
    depth = np.arange(len(rows))
    ripple = (0.4 + depth / 30) * np.sin(9 * np.log1p(depth / 9))
    columns = np.clip(np.arange(canvas.width) + ripple[:, None], 0, canvas.width - 1.001)
    left = columns.astype(int)
    share = (columns - left)[..., None].astype(np.float32)
    mirrored = canvas.light[rows[:, None], left] * (1 - share)
    mirrored += canvas.light[rows[:, None], left + 1] * share
    fade = (0.42 * np.exp(-depth / 60))[:, None, None].astype(np.float32)
    canvas.light[HORIZON:] = canvas.ground * 0.8 + mirrored * fade
