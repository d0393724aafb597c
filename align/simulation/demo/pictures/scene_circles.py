"""Waltz: a pair of lights circles once a bar, the melody falls around them as petals."""

from __future__ import annotations

import numpy as np

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

X, Y, FLOOR = 320.0, 180.0, 70.0
BEATS_PER_TURN = 3
FADE_TURNS = 11.0
TURNS_OF_FLOOR = 1 / 66  # a third voice of motion: the floor itself turns, once in 22 bars
ROSE = oklch(0.72, 0.13, 10)


def circles_scene(show: Show) -> Scene:
    """Angle is the place in the bar, distance from the middle the pitch."""
    melody = np.flatnonzero(show.of_kinds("melody"))
    chords = np.flatnonzero(show.of_kinds("grid"))
    beats = np.array([show.beat_at(t) for t in show.starts_s])
    low, high = show.pitches[melody].min(), show.pitches[melody].max()
    radius = 94 + (show.pitches - low) / (high - low) * 72

    def draw(canvas: Canvas, time_s: float) -> None:
        beat = show.beat_at(time_s)
        accent = show.accent(time_s)
        canvas.ring(X, Y, FLOOR, 1.2, accent * 0.30)
        _draw_lamps(canvas, beat, show.pulse(time_s, 0.3), accent)
        ages = (beat - beats) / BEATS_PER_TURN
        for i in chords[(ages[chords] >= 0) & (ages[chords] < 1.2)]:
            _draw_chord(canvas, float(ages[i]), float(beats[i]), int(show.pitches[i]))
        recent = melody[(ages[melody] >= -1) & (ages[melody] < FADE_TURNS)]
        for i in recent:
            _draw_petal(canvas, float(beats[i]), float(radius[i]), float(ages[i]), accent)
        _draw_dancers(canvas, beat)

    return draw


def place(beat: float | Field, radius: float | Field) -> Field:
    """Point of a beat on a circle, the bar's first beat on top, clockwise. (..., 2)."""
    beat = np.asarray(beat)
    angle = 2 * np.pi * beat * (1 / BEATS_PER_TURN + TURNS_OF_FLOOR) - np.pi / 2
    return np.stack([X + radius * np.cos(angle), Y + radius * np.sin(angle)], axis=-1)


def _draw_lamps(canvas: Canvas, beat: float, pulse: float, accent: Color) -> None:
    for k in range(BEATS_PER_TURN):
        now = int(np.floor(beat)) % BEATS_PER_TURN == k
        bar = np.floor(beat / BEATS_PER_TURN) * BEATS_PER_TURN
        x, y = place(bar + k, FLOOR)
        light = 0.25 + (1.6 * pulse if now else 0.0)
        canvas.disc(x, y, 3.2 + (4 * pulse if now else 0), accent * light, 8 if now else 0)


def _draw_petal(canvas: Canvas, beat: float, radius: float, age: float, accent: Color) -> None:
    x, y = place(beat, radius)
    if age < 0:
        canvas.disc(x, y, 2.0, WARM_WHITE * 0.16 * (1 + age))
        return
    # Petals fade by a step a bar, on the beat: what does not change costs an encoder nothing.
    fade = (1 - np.floor(age) / FADE_TURNS) ** 1.3
    fresh = float(np.exp(-age * 5))
    color = accent * (0.08 + 0.67 * fade) * min(1.0, FADE_TURNS - age) + WARM_WHITE * fresh
    inner = place(beat, FLOOR + 10)
    stem = np.array([inner, (x, y)])
    canvas.stroke(stem[:, 0], stem[:, 1], 1.0, color * 0.22)
    canvas.disc(x, y, 2.6 + 4.5 * fade + 3 * fresh, color, 7 + 6 * fresh)


def _draw_chord(canvas: Canvas, age: float, beat: float, pitch: int) -> None:
    fade = float(np.exp(-age * 3.2))
    x, y = place(beat, 16.0 + (pitch - 29) * 0.75)
    canvas.disc(x, y, 2.4, ROSE * 0.8 * fade)


def _draw_dancers(canvas: Canvas, beat: float) -> None:
    for offset, color in ((0.0, WARM_WHITE), (-0.24, ROSE)):
        trail = beat + offset - np.linspace(0, 0.7, 9)
        points = place(trail, FLOOR)
        for k in range(8):
            piece = points[k : k + 2]
            canvas.stroke(piece[:, 0], piece[:, 1], 3.4 * (1 - k / 9), color * 0.55 * (1 - k / 8))
        canvas.disc(points[0, 0], points[0, 1], 5.5, color * 1.1, 8)
