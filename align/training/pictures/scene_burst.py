"""Rock band: a ring of strings that bursts outwards, shaken by the drums."""

from __future__ import annotations

import numpy as np

from align.training.pictures.canvas import WARM_WHITE, Canvas, Color, oklch
from align.training.pictures.show import Scene, Show

X, Y, RING = 320.0, 180.0, 70.0
KICK, SNARES = 36, (37, 38)
RED = oklch(0.62, 0.20, 28)
N_SPOKES = 28


def burst_scene(show: Show) -> Scene:
    """Each pitch owns a pair of spokes, left and right; kick rings, snare sparks."""
    is_drum = show.of_kinds("drums")
    is_melody = show.of_kinds("melody", "second")
    tonal = show.pitches[~is_drum]
    low, high = tonal.min(), tonal.max()

    def draw(canvas: Canvas, time_s: float) -> None:
        accent = show.accent(time_s, chroma=0.17)
        levels = np.zeros(N_SPOKES)
        hot = np.zeros(N_SPOKES)
        for i in show.during(time_s - 0.7, time_s + 1e-3):
            since = time_s - show.starts_s[i]
            if is_drum[i]:
                _draw_drum(canvas, int(show.pitches[i]), since, accent)
                continue
            spoke = int((show.pitches[i] - low) / (high - low) * (N_SPOKES - 1))
            level = show.velocities[i] * np.exp(-since / 0.38) * (1.35 if is_melody[i] else 0.7)
            for neighbour in range(max(0, spoke - 2), min(N_SPOKES, spoke + 3)):
                spread = level * 0.42 ** abs(neighbour - spoke)
                levels[neighbour] = max(levels[neighbour], spread)
                hot[neighbour] = max(hot[neighbour], is_melody[i] * spread)
        _draw_spokes(canvas, levels, hot, accent)
        pulse = show.pulse(time_s, 0.16)
        canvas.ring(X, Y, RING - 7 + 3 * pulse, 2.2, RED * (0.35 + 1.2 * pulse))
        canvas.disc(X, Y, 16 + 26 * pulse, accent * (0.14 + 0.7 * pulse), 14 * pulse)

    return draw


def _draw_drum(canvas: Canvas, pitch: int, since: float, accent: Color) -> None:
    if since < 0 or since > 0.5:
        return
    fade = float(np.exp(-since / 0.14))
    if pitch == KICK:
        canvas.ring(X, Y, RING + 420 * since, 3.0, RED * fade * 0.8)
    elif pitch in SNARES:
        for angle in np.arange(12) * np.pi / 6 + np.pi / 12:
            direction = np.array([np.cos(angle), np.sin(angle)])
            near, far = 150 + 190 * since, 162 + 330 * since
            ends = np.array([X, Y]) + np.outer([near, far], direction)
            canvas.stroke(ends[:, 0], ends[:, 1], 2.4, WARM_WHITE * 0.8 * fade)


def _draw_spokes(canvas: Canvas, levels: np.ndarray, hot: np.ndarray, accent: Color) -> None:
    for spoke in range(N_SPOKES):
        length = 5 + 100 * levels[spoke]
        color = RED * (0.16 + 0.75 * levels[spoke]) + accent * 1.1 * hot[spoke]
        # Low pitches at the bottom, high ones at the top, mirrored left and right.
        turn = np.pi / 2 - (spoke + 0.5) / N_SPOKES * np.pi
        for side in (-1, 1):
            direction = np.array([side * np.cos(turn), np.sin(turn)])
            ends = np.array([X, Y]) + np.outer([RING, RING + length], direction)
            glow = 6.0 if hot[spoke] > 0.3 else 0.0
            canvas.stroke(ends[:, 0], ends[:, 1], 5.4, color, glow)
