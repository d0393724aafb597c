"""How alike two recordings are, coarsely and finely: what matching and refinement look at.

Matching sees one number for every pair of moments, positive where a moment of the Cover is rather
that place of the song than nothing of it. Refinement sees rows at 50 frames per second that are
compared within a band. Both come from the tracker's networks here; whatever else gives the same
two things may take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.interpolate import interp1d

from align.band import FineRows
from align.descriptors import Descriptors
from align.features import FRAME_RATE
from align.harmony import compare_harmony, with_surroundings
from align.network.hearing import Listener, Places, Pulse
from align.network.inputs import PLACE_RATE, place_times

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]
Seconds = npt.NDArray[np.float64]

PLACE_SHARE = 0.3
"""Of places in the likeness of tones; the rest is attacks, which are sharper in time."""
BOUNDARY_REACH = 2
"""A section begins within so many coarse frames of its bar."""
LEAST_LOG_ODDS, MOST_LOG_ODDS = -6.0, 8.0
"""One frame never says more than this, however sure the network is."""
HARMONY_WEIGHT = 4.0
"""Log-odds that plain chroma adds per unit of correlation: it has no part in what the network was
taught to overhear, the chords that make like sections differ."""


@dataclass(frozen=True)
class Boundaries:
    """Likelihood that a section begins near each coarse frame.

    Attributes:
        reference: (reference frames,)
        cover: (cover frames,)
    """

    reference: Vector
    cover: Vector


def spread(bars_s: Seconds, likelihood: Seconds, n_frames: int) -> Vector:
    """The likelihood of bars, at the place frames around their beginnings, (frames,)."""
    frames = np.searchsorted(place_times(n_frames), bars_s)
    near = np.clip(
        frames[:, None] + np.arange(-BOUNDARY_REACH, BOUNDARY_REACH + 1), 0, n_frames - 1
    )
    spread_out = np.zeros(n_frames, np.float32)
    np.maximum.at(spread_out, near, likelihood[:, None].astype(np.float32))
    return spread_out


class Likeness(Protocol):
    """A reference and a cover, comparable in every key."""

    @property
    def coarse_rate(self) -> float:
        """Frames per second of `log_odds`."""

    def log_odds(self, semitones: int) -> Matrix:
        """Song against not the song when the cover sounds `semitones` higher.

        Returns
        -------
        (cover frames, reference frames), positive where they may be one place
        """

    def boundaries(self) -> Boundaries:
        """Where editors and players cut."""

    def fine_rows(self, semitones: int) -> tuple[FineRows, FineRows]:
        """Rows of reference and cover in one key, 50 frames per second."""


@dataclass(frozen=True)
class Heard:
    """One recording, heard by the networks in its own key and, when asked, in others.

    Attributes:
        harmony: pitch classes that sound, (place frames, surrounding frames, 12)
        attack: pitch classes that begin to sound, C first, (frames, 12)
    """

    listener: Listener
    harmony: Matrix
    attack: Matrix
    places: Places
    pulse: Pulse

    @classmethod
    def of(cls, listener: Listener, descriptors: Descriptors) -> Heard:
        """Hear it."""
        harmony, attack = with_surroundings(descriptors.harmony), descriptors.attack
        return cls(listener, harmony, attack, listener.places(), listener.pulse())

    def places_at(self, semitones: int) -> Places:
        """With the recording `semitones` higher."""
        return self.listener.places(semitones) if semitones else self.places

    def fine_rows(self, semitones: int = 0) -> FineRows:
        """Places and attacks side by side, with the recording `semitones` higher."""
        pulse = self.listener.pulse(semitones) if semitones else self.pulse
        place = self._fine_places(semitones, len(pulse.embedding))
        tone = [np.sqrt(1 - PLACE_SHARE) * pulse.embedding, np.sqrt(PLACE_SHARE) * place]
        return FineRows(
            np.concatenate(tone, axis=1).astype(np.float32),
            np.roll(self.attack, semitones, axis=1),
        )

    def _fine_places(self, semitones: int, n_frames: int) -> Matrix:
        """Embeddings of places between place frames, (frames, embedding)."""
        rows = self.places_at(semitones).embedding
        at = np.clip(np.arange(n_frames) / FRAME_RATE, *place_times(len(rows))[[0, -1]])
        return np.asarray(interp1d(place_times(len(rows)), rows, axis=0)(at), dtype=np.float32)


@dataclass(frozen=True)
class LearnedLikeness:
    """What the networks say, and plain harmony beside them.

    It is the cover that is brought into the reference's key.
    """

    reference: Heard
    cover: Heard
    begin: Boundaries
    harmony_weight: float = HARMONY_WEIGHT
    coarse_rate: float = PLACE_RATE

    def log_odds(self, semitones: int) -> Matrix:
        """See `Likeness`."""
        odds = self.cover.places_at(-semitones).log_odds(self.reference.places)
        harmony = compare_harmony(self.reference.harmony, self.cover.harmony, semitones)
        return np.clip(odds, LEAST_LOG_ODDS, MOST_LOG_ODDS) + self.harmony_weight * harmony

    def boundaries(self) -> Boundaries:
        """See `Likeness`."""
        return self.begin

    def fine_rows(self, semitones: int) -> tuple[FineRows, FineRows]:
        """See `Likeness`."""
        return self.reference.fine_rows(), self.cover.fine_rows(-semitones)


def halved(matrix: Matrix) -> Matrix:
    """Means of two rows each; a last one alone counts twice."""
    padded = np.pad(matrix, ((0, len(matrix) % 2), (0, 0)), mode="edge")
    return np.asarray(padded.reshape(-1, 2, matrix.shape[1]).mean(axis=1))
