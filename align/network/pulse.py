"""Which attacks are here, and is this a beat? Convolutions, then a recurrent network, 50 frames/s.

The embedding of attacks comes from convolutions alone, so it is sharp in time: it refines what
the places say. Beats need their course, which a bidirectional GRU hears.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

PITCH_SEMITONES, ATTACK_SEMITONES = 72, 48


@dataclass(frozen=True)
class PulseConfig:
    """Sizes of the layers."""

    channels: int = 8
    width: int = 96
    hidden: int = 64
    embedding: int = 32
    dropout: float = 0.1


@dataclass(frozen=True)
class PulseOutput:
    """What is heard of each frame.

    Attributes:
        embedding: of norm 1, (batch, frames, embedding)
        beat, downbeat: logits, (batch, frames)
    """

    embedding: Tensor
    beat: Tensor
    downbeat: Tensor


class PulseNetwork(nn.Module):
    """Frames of levels and rises -> embeddings of attacks, beats and downbeats."""

    def __init__(self, config: PulseConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or PulseConfig()
        self.pitches = nn.Sequential(
            nn.Conv2d(2, config.channels, (3, 7), stride=(1, 3), padding=(1, 2)), nn.ReLU()
        )
        self.attacks = nn.Sequential(nn.Conv2d(2, config.channels, 3, padding=1), nn.ReLU())
        n_heard = config.channels * (PITCH_SEMITONES + ATTACK_SEMITONES)
        self.frame = nn.Sequential(
            nn.Linear(n_heard, config.width), nn.LayerNorm(config.width), nn.ReLU()
        )
        self.near = nn.Sequential(
            nn.Conv1d(config.width, config.width, 5, padding=2),
            nn.ReLU(),
            nn.Dropout(config.dropout),
        )
        self.embed = nn.Conv1d(config.width, config.embedding, 3, padding=1)
        self.course = nn.GRU(config.width, config.hidden, batch_first=True, bidirectional=True)
        self.judge = nn.Linear(config.width + 2 * config.hidden, 2)
        self.log_scale = nn.Parameter(torch.tensor(2.0))

    def forward(self, pitches: Tensor, attacks: Tensor) -> PulseOutput:
        """`pitches`: (batch, frames, 2, 216); `attacks`: (batch, frames, 2, 48)."""
        heard = [
            self.pitches(pitches.transpose(1, 2)).permute(0, 2, 1, 3).flatten(2),
            self.attacks(attacks.transpose(1, 2)).permute(0, 2, 1, 3).flatten(2),
        ]
        frames = self.frame(torch.cat(heard, dim=-1)).transpose(1, 2)  # (batch, width, frames)
        near = frames + self.near(frames)
        embedding = nn.functional.normalize(self.embed(near), dim=1).transpose(1, 2)
        rows = near.transpose(1, 2)
        course, _ = self.course(rows)
        judged = self.judge(torch.cat([rows, course], dim=-1))
        return PulseOutput(embedding, judged[..., 0], judged[..., 1])

    def logits(self, cover: Tensor, reference: Tensor) -> Tensor:
        """Of every pair of frames: (..., n, embedding), (..., k, embedding) -> (..., n, k)."""
        return self.log_scale.exp() * cover @ reference.transpose(-1, -2)
