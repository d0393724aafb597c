"""What a scene knows of the music: its notes as arrays, the beat, the section's colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from align.simulation.demo.pictures.canvas import Canvas, Color, oklch
from align.simulation.demo.rendering import Rendition

Scene = Callable[[Canvas, float], None]
SECTION_HUES = {"intro": 75, "verse": 195, "chorus": 35, "ending": 300}
FADE_S = 0.6


@dataclass(frozen=True)
class Show:
    """The rendition as pictures see it. Arrays have one entry per note or beat."""

    starts_s: NDArray[np.float64]
    ends_s: NDArray[np.float64]
    pitches: NDArray[np.int64]
    velocities: NDArray[np.float64]
    parts: NDArray[np.int64]
    beats_s: NDArray[np.float64]
    positions: NDArray[np.int64]
    rendition: Rendition

    @property
    def duration_s(self) -> float:
        """Length of the film."""
        return self.rendition.truth.duration_s

    def during(self, start_s: float, end_s: float) -> NDArray[np.int64]:
        """Indices of notes that sound at any time between the two."""
        return np.flatnonzero((self.starts_s < end_s) & (self.ends_s > start_s))

    def of_kinds(self, *kinds: str) -> NDArray[np.bool_]:
        """Which notes belong to parts of these kinds."""
        wanted = [i for i, part in enumerate(self.rendition.style.parts) if part.kind in kinds]
        return np.isin(self.parts, wanted)

    def written_pitches(self) -> NDArray[np.int64]:
        """Pitches without the octave shift of their parts, so that a melody stays one line."""
        octaves = np.array([part.octave for part in self.rendition.style.parts])
        return np.asarray(self.pitches - 12 * octaves[self.parts])

    def beat_at(self, time_s: float) -> float:
        """Heard beats since the first one, negative before it."""
        n = len(self.beats_s)
        before = (time_s - self.beats_s[0]) / (self.beats_s[1] - self.beats_s[0])
        after = n - 1 + (time_s - self.beats_s[-1]) / (self.beats_s[-1] - self.beats_s[-2])
        if time_s < self.beats_s[0]:
            return float(before)
        within = np.interp(time_s, self.beats_s, np.arange(n))
        return float(after if time_s > self.beats_s[-1] else within)

    def pulse(self, time_s: float, fall_s: float = 0.25) -> float:
        """1 on a downbeat (0.55 on other beats), falling to nothing; 0 outside the music."""
        index = int(np.searchsorted(self.beats_s, time_s + 1e-6)) - 1
        if index < 0 or time_s > self.beats_s[-1] + 1.5:
            return 0.0
        strength = 1.0 if self.positions[index] == 1 else 0.55
        return float(strength * np.exp(-(time_s - self.beats_s[index]) / fall_s))

    def accent(self, time_s: float, *, lightness: float = 0.72, chroma: float = 0.14) -> Color:
        """The section's colour, fading over at a boundary."""
        sections = self.rendition.truth.sections
        color = oklch(lightness, chroma, SECTION_HUES[sections[0].label])
        for section in sections[1:]:
            share = float(np.clip((time_s - section.start_s) / FADE_S, 0, 1))
            if share > 0:
                next_color = oklch(lightness, chroma, SECTION_HUES[section.label])
                color = color * (1 - share) + next_color * share
        return color

    def fade(self, time_s: float) -> float:
        """1, but rising from black at the start and falling to it at the end of the film."""
        return float(np.clip(min(time_s / 0.5, (self.duration_s - time_s) / 1.2), 0, 1))


def prepare_show(rendition: Rendition) -> Show:
    """Collect what scenes need."""
    notes = rendition.notes
    return Show(
        np.array([note.start_s for note in notes]),
        np.array([note.end_s for note in notes]),
        np.array([note.pitch for note in notes]),
        np.array([note.velocity for note in notes]),
        np.array([note.part for note in notes]),
        np.array(rendition.truth.beats_s),
        np.array(rendition.truth.positions),
        rendition,
    )


def draw_frames(
    show: Show, scene: Scene, *, width: int, height: int, frame_rate: int
) -> Iterator[NDArray[np.uint8]]:
    """All frames of the film; frame i shows the time i / frame_rate."""
    canvas = Canvas(width, height)
    for i in range(int(show.duration_s * frame_rate)):
        canvas.clear()
        scene(canvas, i / frame_rate)
        fade = show.fade(i / frame_rate)
        if fade < 1:
            canvas.light *= fade
        yield canvas.to_srgb()
