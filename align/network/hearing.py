"""What the networks hear of a recording, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
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
    boundary
        likelihood that a section begins, (place frames,)
    scale
        of the product of two embeddings, to be a logit
    """

    embedding: Matrix
    outside: Vector
    boundary: Vector
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

    def places(self, semitones: int = 0) -> Places:
        """Hear places, with the recording `semitones` higher."""
        network = load_networks(self.weights).place
        view = place_view(Levels.of(self.features).transposed(semitones).pitch)
        with torch.inference_mode():
            output = network(torch.from_numpy(view)[None])
            return Places(
                embedding=output.embedding[0].numpy(),
                outside=output.outside[0].numpy(),
                boundary=torch.sigmoid(output.boundary[0]).numpy(),
                scale=float(network.log_scale.exp()),
            )

    def pulse(self, semitones: int = 0) -> Pulse:
        """Hear attacks and beats, with the recording `semitones` higher."""
        levels = Levels.of(self.features).transposed(semitones)
        views = [torch.from_numpy(pulse_view(each))[None] for each in (levels.pitch, levels.attack)]
        with torch.inference_mode():
            output = load_networks(self.weights).pulse(*views)
            beat, downbeat = torch.sigmoid(output.beat[0]), torch.sigmoid(output.downbeat[0])
            return Pulse(output.embedding[0].numpy(), beat.numpy(), downbeat.numpy())
