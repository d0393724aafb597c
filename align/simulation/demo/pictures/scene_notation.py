"""The copy of the Reference: its melody as sheet music, four bars a page, lit as it is heard."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from align.simulation.demo.pictures.canvas import WARM_WHITE, Canvas, Color, Field
from align.simulation.demo.pictures.show import Scene, Show

LEFT, RIGHT = 96.0, 606.0
SYSTEM_TOPS = (88.0, 222.0)
GAP = 11.0
BARS_PER_SYSTEM = 2
INK = WARM_WHITE * 0.36
DIATONIC = {0: 0, 2: 1, 4: 2, 5: 3, 7: 4, 9: 5, 10: 6, 11: 6}
E4_STEP = 4 * 7 + 2
CLEF = np.array([
    (0.2, 1.1), (-0.5, 0.5), (-0.3, -0.5), (0.55, -0.7), (1.1, 0.1), (0.8, 1.1), (-0.1, 1.6),
    (-1.2, 1.1), (-1.5, -0.1), (-0.9, -1.5), (0.3, -2.7), (0.75, -3.7), (0.5, -4.5), (0.1, -4.2),
    (-0.15, -3.3), (0.2, -1.2), (0.6, 1.6), (0.75, 3.0), (0.4, 3.8), (-0.3, 3.8), (-0.45, 3.2),
])  # fmt: skip


class _Page:
    """Where the melody's notes stand: page, system, x and y, stem and value of each."""

    def __init__(self, show: Show) -> None:
        chosen = np.flatnonzero(show.of_kinds("melody"))
        self.notes = chosen[np.argsort(show.starts_s[chosen])]
        self.starts_s, self.ends_s = show.starts_s[self.notes], show.ends_s[self.notes]
        exact = np.array([show.beat_at(t) for t in self.starts_s])
        self.beats = np.round(exact)
        ends = np.round([show.beat_at(t) for t in self.ends_s])
        self.values = np.maximum(1, ends - self.beats)
        self.pitches = show.written_pitches()[self.notes]

    def on_page(self, page: int) -> NDArray[np.int64]:
        return np.flatnonzero(self.beats // (8 * BARS_PER_SYSTEM) == page)


def note_x(beat: float) -> float:
    """Place of a beat in its system."""
    per_system = 4 * BARS_PER_SYSTEM
    share = (beat % per_system + 0.5) / per_system
    return LEFT + 44 + share * (RIGHT - LEFT - 44)


def notation_scene(show: Show) -> Scene:
    """Ink appears a little before its bar; a note glows in the accent from its start on."""
    page_notes = _Page(show)
    beats_per_page = 8 * BARS_PER_SYSTEM

    def draw(canvas: Canvas, time_s: float) -> None:
        beat = show.beat_at(time_s)
        accent = show.accent(time_s)
        # The page turns half a beat early, so that the first note is seen before it sounds.
        page = max(0, int((beat + 0.5) // beats_per_page))
        written = np.clip((time_s - 0.6) / 2.4, 0, 1)
        for k, top in enumerate(SYSTEM_TOPS):
            _draw_system(canvas, top, float(np.clip(written * 2 - k, 0, 1)))
        if written == 1:
            for i in page_notes.on_page(page):
                _draw_note(canvas, page_notes, int(i), time_s, accent)
            _draw_beat(canvas, beat, page, show.pulse(time_s), accent)

    return draw


def _system_top(beat: float) -> float:
    return SYSTEM_TOPS[int(beat // (4 * BARS_PER_SYSTEM)) % 2]


def _draw_system(canvas: Canvas, top: float, written: float) -> None:
    if written <= 0:
        return
    right = LEFT - 40 + (RIGHT - LEFT + 40) * written
    for line in range(5):
        y = top + line * GAP
        canvas.bar(LEFT - 40, y - 0.5, right, y + 0.5, INK * 0.55, 0)
    for bar in range(BARS_PER_SYSTEM + 1):
        x = LEFT + 44 + bar * (RIGHT - LEFT - 44) / BARS_PER_SYSTEM
        if bar > 0 and x <= right + 1:
            canvas.bar(x - 0.6, top, x + 0.6, top + 4 * GAP, INK * 0.8, 0)
    if written > 0.1:
        along, down = _smooth(CLEF, 6)
        clef_x, clef_y = LEFT - 20 + along * GAP * 0.78, top + 3 * GAP + down * GAP * 0.86
        canvas.stroke(clef_x, clef_y, 2.0, INK * 1.3)
        _draw_flat(canvas, LEFT + 6, top + 2 * GAP)


def _draw_flat(canvas: Canvas, x: float, y: float) -> None:
    curve = np.array([(0, -2.2), (0, 0.75), (0.75, 0.1), (0.8, -0.45), (0.35, -0.6), (0, -0.2)])
    along, down = _smooth(curve, 5)
    canvas.stroke(x + along * GAP, y + down * GAP, 1.5, INK * 1.2)


def _smooth(points: Field, times: int) -> tuple[Field, ...]:
    """Points of a Catmull-Rom curve through `points`."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    share = np.linspace(0, 1, times, endpoint=False)[:, None]
    pieces = []
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        linear = (p2 - p0) * share
        square = (2 * p0 - 5 * p1 + 4 * p2 - p3) * share**2
        cubic = (3 * p1 - p0 - 3 * p2 + p3) * share**3
        pieces.append(p1 + 0.5 * (linear + square + cubic))
    curve = np.concatenate(pieces)
    return curve[:, 0], curve[:, 1]


def _draw_note(canvas: Canvas, page: _Page, i: int, time_s: float, accent: Color) -> None:
    beat, value = float(page.beats[i]), float(page.values[i])
    top, x = _system_top(beat), note_x(beat)
    step = 7 * (int(page.pitches[i]) // 12 - 1) + DIATONIC[int(page.pitches[i]) % 12] - E4_STEP
    y = top + 4 * GAP - step * GAP / 2
    since = time_s - page.starts_s[i]
    heard = since >= 0
    fresh = float(np.exp(-since / 0.5)) if heard else 0.0
    color = accent * (0.75 + 0.9 * fresh) if heard else INK * 1.15
    _draw_ledgers(canvas, x, top, step)
    _draw_head(canvas, x, y, value, color, fresh)
    if value < 4:
        up = step < 4
        stem_x, far = (x + 5.6, y - 3.2 * GAP) if up else (x - 5.6, y + 3.2 * GAP)
        canvas.bar(stem_x - 0.7, min(y, far), stem_x + 0.7, max(y, far), color, 0)
    if value == 3:
        canvas.disc(x + 12.5, y - (GAP / 2 if step % 2 == 0 else 0), 1.7, color)


def _draw_head(
    canvas: Canvas, x: float, y: float, value: float, color: Color, fresh: float
) -> None:
    """A tilted oval; hollow for half and whole notes."""
    along = np.array([-2.6, 2.6])
    tilt = along * -0.32
    if value < 2:
        canvas.stroke(x + along, y + tilt, 8.2, color, 9 * fresh)
        return
    turn = np.linspace(0, 2 * np.pi, 17)
    oval = np.stack([5.0 * np.cos(turn), 3.1 * np.sin(turn)])
    sheared = oval[1] - 0.32 * oval[0]
    canvas.stroke(x + oval[0], y + sheared, 2.3, color, 9 * fresh)


def _draw_ledgers(canvas: Canvas, x: float, top: float, step: int) -> None:
    for ledger in [*range(-2, step - 1, -2), *range(10, step + 1, 2)]:
        y = top + 4 * GAP - ledger * GAP / 2
        canvas.bar(x - 9, y - 0.5, x + 9, y + 0.5, INK * 0.7, 0)


def _draw_beat(canvas: Canvas, beat: float, page: int, pulse: float, accent: Color) -> None:
    """A lamp under the system glides with the beat and hops on it."""
    if beat < page * 8 * BARS_PER_SYSTEM or beat < 0:
        return
    top, x = _system_top(beat), note_x(beat)
    if x < RIGHT:
        canvas.disc(x, top + 4 * GAP + 40, 2.4 + 3.0 * pulse, accent * (0.4 + 0.9 * pulse), 9)
