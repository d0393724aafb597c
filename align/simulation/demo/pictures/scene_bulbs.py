"""Brass band: a wall of light bulbs; the host's voice first, then the score as a marquee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.simulation.demo.pictures.canvas import Canvas, Field, oklch
from align.simulation.demo.pictures.show import Scene, Show

CELL = 16
COLUMNS, ROWS = 40, 22
MARGIN_TOP = 8  # so that bulbs lie on the blocks of the encoder
NOW_COLUMN = 13
STEPS_PER_BEAT = 2
AMBER = oklch(0.80, 0.13, 72)


def bulbs_scene(show: Show) -> Scene:
    """Columns are half beats, rows are pitches; the score moves on by whole bulbs."""
    kernel = _bulb_kernel()
    edges_s = np.stack([show.starts_s, show.ends_s])
    beats = np.array([[show.beat_at(t) for t in row] for row in edges_s])
    tonal = np.flatnonzero(~show.of_kinds("drums"))
    is_melody = show.of_kinds("melody")
    rows = _rows_of_pitches(show, tonal)
    voice = _voice_envelope(show)

    def wall_at(time_s: float) -> Field:
        wall = np.zeros((ROWS, COLUMNS, 2), dtype=np.float32)
        if time_s < show.beats_s[0] - 0.7:
            _fill_voice(wall, voice, time_s)
            return wall
        step = int(np.floor(show.beat_at(time_s) * STEPS_PER_BEAT + 1e-6))
        columns = np.round(beats * STEPS_PER_BEAT).astype(int) - step + NOW_COLUMN
        for i in tonal[(columns[0, tonal] < COLUMNS - 1) & (columns[1, tonal] > 1)]:
            first, last = max(1, columns[0, i]), max(columns[0, i] + 1, columns[1, i])
            span = slice(first, min(COLUMNS - 1, last))
            bright = 1.0 if is_melody[i] else 0.42
            sounding = columns[0, i] <= NOW_COLUMN < last
            heard = 1.0 if sounding else (0.14 if columns[0, i] > NOW_COLUMN else 0.28)
            level = bright * heard
            wall[rows[i], span, 0] = np.maximum(wall[rows[i], span, 0], level)
            if is_melody[i]:
                wall[rows[i], span, 1] = level
        _fill_rim(wall, show, time_s)
        return wall

    def draw(canvas: Canvas, time_s: float) -> None:
        heat = wall_at(time_s)
        accent = show.accent(time_s, chroma=0.15)
        light = heat[..., :1] * AMBER + heat[..., 1:] * accent * 0.9
        picture = np.einsum("rcx,ij->ricjx", light * 1.5, kernel)
        shape = (ROWS * CELL, COLUMNS * CELL, 3)
        canvas.light[MARGIN_TOP : MARGIN_TOP + shape[0]] += picture.reshape(shape)

    return draw


def _bulb_kernel() -> Field:
    offset = np.arange(CELL) + 0.5 - CELL / 2
    distance = np.hypot(offset[:, None], offset[None, :])
    glass = np.clip(6.4 - distance, 0, 1) * (0.62 + 0.38 * np.exp(-((distance / 2.6) ** 2)))
    return np.asarray(glass, dtype=np.float32)


def _rows_of_pitches(show: Show, tonal: NDArray[np.int64]) -> NDArray[np.int64]:
    low, high = show.pitches[tonal].min(), show.pitches[tonal].max()
    share = (show.pitches - low) / (high - low)
    rows = np.clip(np.round(ROWS - 3 - share * (ROWS - 5)), 2, ROWS - 3)
    return np.asarray(rows, dtype=np.int64)


def _voice_envelope(show: Show) -> Field:
    """Loudness of the talk, 30 values a second, its loudest 1."""
    rendition = show.rendition
    hop = rendition.sample_rate // 30
    talk = rendition.audio[: int(show.beats_s[0] * rendition.sample_rate), 0]
    n_hops = max(1, len(talk) // hop)
    level = np.sqrt((talk[: n_hops * hop].reshape(n_hops, -1) ** 2).mean(axis=1))
    return np.asarray(level / max(1e-6, float(level.max())))


def _fill_voice(wall: Field, voice: Field, time_s: float) -> None:
    now = int(time_s * 10) * 3  # ten pictures a second are enough for a voice
    for column in range(3, COLUMNS - 2, 2):
        index = now - abs(column - COLUMNS // 2) // 2 * 3
        if 0 <= index < len(voice):
            half = round(8 * float(voice[index]) ** 0.7)
            fade = 1 - abs(column - COLUMNS // 2) / (COLUMNS * 0.55)
            wall[ROWS // 2 - half - 1 : ROWS // 2 + half + 1, column, 0] = 0.75 * fade


def _fill_rim(wall: Field, show: Show, time_s: float) -> None:
    """Lamps around the wall chase one another on the beat."""
    pulse = show.pulse(time_s, 0.3)
    step = int(np.floor(show.beat_at(time_s) + 1e-6))
    lamps = np.where((np.arange(COLUMNS) + step) % 3 == 0, 0.25 + 0.6 * pulse, 0.05)
    for edge in (0, -1):
        wall[edge, :, 0] = lamps
