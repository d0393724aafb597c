"""One song's places, sharpened by covers whose maps are known to be good.

The tracker knows a place of a song by one embedding, heard in the Reference alone. What verified
covers sound like at that place moves the embedding towards what covers have in common there; the
moved ones are the song's prototypes (Snell, Swersky, Zemel, "Prototypical networks for few-shot
learning", 2017). Each cover is then asked by the prototypes of the others whether they are
better, and without a clear yes the Reference's own embeddings stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from align.network.hearing import Places
from align.network.inputs import PLACE_RATE, place_times
from catalog.time_map import TimeMap

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]

LEAST_COVERS = 3
"""Fewer verified covers are not asked."""
SPREAD, REACH = 1.0, 3
"""Of a cover's frame over the Reference's, in frames, and where it ends."""
WEIGHT, HALF_WEIGHT_COVERS = 1.0, 1.0
"""Of any number of covers beside the Reference, and how many covers have half of it."""
NEAR_FRAMES = 1
"""So many frames beside the true place are still the place."""
LEAST_GAIN, LEAST_SHARE_GAINING = 0.02, 0.5
"""Nats per frame that all covers gain on average, and the share of covers of which more gain."""


@dataclass(frozen=True)
class VerifiedCover:
    """A cover with a good map.

    Attributes
    ----------
    places
        heard in the Reference's key
    reference_frame
        where each place frame lies in the Reference, in its place frames, NaN where it is not
        the song, (place frames,)
    """

    name: str
    places: Places
    reference_frame: Vector

    @classmethod
    def of(cls, name: str, places: Places, time_map: TimeMap) -> VerifiedCover:
        """Read the map at each frame."""
        times_s = place_times(len(places.embedding))
        read = [time_map.reference_at(float(each)) for each in times_s]
        reference_s = np.array([np.nan if each is None else each for each in read])
        return cls(name, places, (reference_s - place_times(1)[0]) * PLACE_RATE)


@dataclass(frozen=True)
class Prototypes:
    """What stands in the place of a Reference's own embeddings.

    Attributes
    ----------
    embedding
        of norm 1, (place frames of the reference, embedding)
    n_covers
        how many covers they were learned from
    """

    embedding: Matrix
    n_covers: int

    def instead_of(self, reference: Places) -> Places:
        """The Reference's places with these embeddings."""
        return replace(reference, embedding=self.embedding)


@dataclass(frozen=True)
class Gain:
    """How well a cover's true places are known, in nats per frame: higher is better.

    Attributes
    ----------
    before, after
        mean logarithm of their probability by the Reference alone and by the prototypes that
        the other covers made
    """

    cover: str
    before: float
    after: float

    @property
    def nats(self) -> float:
        """What sharpening gained, negative where it lost."""
        return self.after - self.before


@dataclass(frozen=True)
class Sharpening:
    """Prototypes from all covers, and what each cover had of those from the others."""

    prototypes: Prototypes
    gains: tuple[Gain, ...]

    @property
    def mean_nats(self) -> float:
        """What a cover gained on average."""
        return float(np.mean([each.nats for each in self.gains]))

    @property
    def kept(self) -> bool:
        """Whether the prototypes are better than the Reference's own embeddings."""
        share_gaining = float(np.mean([each.nats > 0 for each in self.gains]))
        return self.mean_nats >= LEAST_GAIN and share_gaining > LEAST_SHARE_GAINING


def sharpen(reference: Places, covers: Sequence[VerifiedCover]) -> Sharpening:
    """Learn prototypes from all covers and judge them by leaving out one cover at a time."""
    voices = [_voice(cover, len(reference.embedding)) for cover in covers]
    gains = []
    for index, cover in enumerate(covers):
        others = _learn(reference, [*voices[:index], *voices[index + 1 :]])
        before, after = reference, others.instead_of(reference)
        gains.append(Gain(cover.name, log_posterior(before, cover), log_posterior(after, cover)))
    return Sharpening(_learn(reference, voices), tuple(gains))


def learn_prototypes(reference: Places, covers: Sequence[VerifiedCover]) -> Prototypes:
    """The Reference's embeddings, moved towards the mean of the covers' where these are mapped."""
    return _learn(reference, [_voice(cover, len(reference.embedding)) for cover in covers])


def log_posterior(reference: Places, cover: VerifiedCover) -> float:
    """Mean logarithm of the probability of the true place, over the mapped frames, in nats.

    0 for a cover none of whose frames is mapped into the Reference: nothing is to be known.
    """
    n_places = len(reference.embedding)
    apart = np.abs(cover.reference_frame[:, None] - np.arange(n_places))  # (cover frames, places)
    near = apart <= NEAR_FRAMES + 0.5
    inside = near.any(axis=1)
    if not inside.any():
        return 0.0
    logits = cover.places.log_odds(reference)[inside] - np.log(n_places)  # (mapped, places)
    true = logsumexp(np.where(near[inside], logits, -np.inf), axis=1)
    everything = np.logaddexp(logsumexp(logits, axis=1), 0)  # with "not the song"
    return float(np.mean(true - everything))


@dataclass(frozen=True)
class _Voice:
    """What one cover says of each place of the song.

    Attributes
    ----------
    embedding
        mean of its frames there, smaller where it is hardly there, (places, embedding)
    present
        0..1, (places,)
    """

    embedding: Matrix
    present: Vector


def _voice(cover: VerifiedCover, n_places: int) -> _Voice:
    apart = np.nan_to_num(cover.reference_frame - np.arange(n_places)[:, None], nan=np.inf)
    near = np.abs(apart) <= REACH * SPREAD  # (places, cover frames)
    weights = np.where(near, np.exp(-0.5 * (apart / SPREAD) ** 2), 0).astype(np.float32)
    heard = weights.sum(axis=1)
    embedding = weights @ cover.places.embedding / np.maximum(heard, 1)[:, None]
    return _Voice(embedding, np.minimum(heard, 1))


def _learn(reference: Places, voices: Sequence[_Voice]) -> Prototypes:
    moved = reference.embedding
    if voices:
        total = np.sum([each.embedding for each in voices], axis=0)
        present = np.sum([each.present for each in voices], axis=0)
        moved = moved + WEIGHT * total / (present + HALF_WEIGHT_COVERS)[:, None]
    norm = np.linalg.norm(moved, axis=1, keepdims=True)
    return Prototypes((moved / norm).astype(np.float32), len(voices))
