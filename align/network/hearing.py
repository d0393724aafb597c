"""What the networks hear of a recording, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from align.features import Features
from align.network.inputs import Levels, place_view, pulse_view
from align.network.weights import FOLDER, load_networks

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Places:
    """Where in a song each moment may be; `align.network.inputs.place_times` has the times.

    Attributes
    ----------
    embedding
        of norm 1, (place frames, embedding)
    outside
        logit of "not the song" for each place of a reference, (place frames,)
    scale
        of the product of two embeddings, to be a logit
    """

    embedding: Matrix
    outside: Vector
    scale: float

    def log_odds(self, reference: Places) -> Matrix:
        """How much likelier each moment sounds at a place of a reference than outside the song.

        In training "not the song" competes with as many places as the reference has, so what is
        left without their number is the ratio of likelihoods, whatever the length of the song.

        Returns
        -------
        (place frames, place frames of the reference)
        """
        logits = self.scale * self.embedding @ reference.embedding.T
        return np.asarray(logits - self.outside[:, None], dtype=np.float32)


@dataclass(frozen=True)
class Pulse:
    """Attacks and beats.

    Attributes
    ----------
    embedding
        of norm 1, (frames, embedding)
    beat, downbeat
        likelihoods, strictly inside 0..1, (frames,)
    """

    embedding: Matrix
    beat: Vector
    downbeat: Vector


@dataclass(frozen=True)
class Listener:
    """A recording that can be heard in any key, each time by one network.

    Attributes
    ----------
    weights
        folder of the networks' weights
    """

    features: Features
    weights: Path = FOLDER

    @cached_property
    def levels(self) -> Levels:
        """What every network hears of the recording."""
        return Levels.of(self.features)

    def places(self, semitones: int = 0) -> Places:
        """Hear places, with the recording `semitones` higher."""
        network = load_networks(self.weights).place
        view = place_view(self.levels.transposed(semitones).pitch)
        with torch.inference_mode():
            output = network(torch.from_numpy(view)[None])
            return Places(
                embedding=output.embedding[0].numpy(),
                outside=output.outside[0].numpy(),
                scale=float(network.log_scale.exp()),
            )

    def pulse(self, semitones: int = 0) -> Pulse:
        """Hear attacks and beats, with the recording `semitones` higher."""
        levels = self.levels.transposed(semitones)
        views = [torch.from_numpy(pulse_view(each))[None] for each in (levels.pitch, levels.attack)]
        with torch.inference_mode():
            output = load_networks(self.weights).pulse(*views)
            beat, downbeat = torch.sigmoid(output.beat[0]), torch.sigmoid(output.downbeat[0])
            return Pulse(output.embedding[0].numpy(), beat.numpy(), downbeat.numpy())

    def begins(self, traits: Matrix) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Hear where parts of the song begin, by the traits of all bars; see `align.bars`.

        Returns
        -------
        log odds that a part begins with each bar, (bars,); log probability of a part of so many
        bars, (longest + 1,)
        """
        network = load_networks(self.weights).section
        with torch.inference_mode():
            log_odds = network(torch.from_numpy(traits)[None])[0].numpy()
        return log_odds.astype(float), network.log_lengths.numpy().astype(float)

    def same_melody(self, pairs: Matrix) -> float:
        """Logit that the recordings of aligned pairs play one melody; see `align.melody`."""
        with torch.inference_mode():
            return float(load_networks(self.weights).melody(torch.from_numpy(pairs)[None])[0])
