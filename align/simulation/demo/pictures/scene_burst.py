"""Rock band: a ring of strings that bursts outwards, shaken by the drums."""

from __future__ import annotations

import numpy as np

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, oklch
from align.simulation.demo.pictures.show import Scene, Show

X, Y, RING = 320.0, 180.0, 70.0
KICK, SNARES = 36, (37, 38)
RED = oklch(0.66, 0.17, 32)
N_SPOKES = 20
STEP_S = 0.1


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
            level = (
                show.velocities[i] * np.exp(-_steps(since) / 0.38) * (1.35 if is_melody[i] else 0.7)
            )
            for neighbour in range(max(0, spoke - 2), min(N_SPOKES, spoke + 3)):
                spread = level * 0.42 ** abs(neighbour - spoke)
                levels[neighbour] = max(levels[neighbour], spread)
                hot[neighbour] = max(hot[neighbour], is_melody[i] * spread)
        _draw_spokes(canvas, levels, hot, accent)
        pulse = _beat_light(show, time_s)
        canvas.ring(X, Y, RING - 9, 4.0, RED * (0.3 + 0.9 * pulse))
        canvas.disc(X, Y, 20 + 24 * pulse, accent * (0.2 + 0.7 * pulse))

    return draw


def _beat_light(show: Show, time_s: float) -> float:
    index = int(np.searchsorted(show.beats_s, time_s + 1e-6)) - 1
    if index < 0:
        return 0.0
    strength = 1.0 if show.positions[index] == 1 else 0.6
    return strength * float(np.exp(-_steps(time_s - show.beats_s[index]) / 0.16))


def _steps(since: float) -> float:
    """Age in whole steps: light falls in jumps, as on a stage, and is cheap to encode."""
    return float(np.floor(max(0.0, since) / STEP_S) * STEP_S)


def _draw_drum(canvas: Canvas, pitch: int, since: float, accent: Color) -> None:
    if since < 0 or since > 4 * STEP_S:
        return
    step = int(since / STEP_S)
    fade = 0.62**step
    if pitch == KICK:
        canvas.ring(X, Y, RING + 52 + 30 * step, 4.0, RED * fade * 0.7)
    elif pitch in SNARES:
        for angle in np.arange(12) * np.pi / 6 + np.pi / 12:
            direction = np.array([np.cos(angle), np.sin(angle)])
            ends = np.array([X, Y]) + np.outer([186, 214], direction)
            canvas.stroke(ends[:, 0], ends[:, 1], 5.0, WARM_WHITE * 0.7 * fade)


def _draw_spokes(canvas: Canvas, levels: np.ndarray, hot: np.ndarray, accent: Color) -> None:
    for spoke in range(N_SPOKES):
        length = 7 + 100 * levels[spoke]
        color = RED * (0.16 + 0.75 * levels[spoke]) + accent * 1.1 * hot[spoke]
        # Low pitches at the bottom, high ones at the top, mirrored left and right.
        turn = np.pi / 2 - (spoke + 0.5) / N_SPOKES * np.pi
        for side in (-1, 1):
            direction = np.array([side * np.cos(turn), np.sin(turn)])
            ends = np.array([X, Y]) + np.outer([RING, RING + length], direction)
            glow = 6.0 if hot[spoke] > 0.3 else 0.0
            canvas.stroke(ends[:, 0], ends[:, 1], 8.0, color, glow)
