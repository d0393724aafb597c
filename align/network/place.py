"""Where in the song is this moment? A recurrent network over 6.25 frames per second.

Convolutions over pitch hear notes, a bidirectional GRU hears what leads to them and what follows;
an embedding that is the same for one place of the song in any arrangement comes out. The scaled
product of two embeddings is a logit, and one more logit says that a moment belongs to nothing:
together they are a distribution over all moments of the Reference and "not the song".
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

N_VIEWS, N_SEMITONES = 4, 72


@dataclass(frozen=True)
class PlaceConfig:
    """Sizes of the layers."""

    channels: tuple[int, int] = (12, 16)
    width: int = 128
    hidden: int = 128
    layers: int = 1
    embedding: int = 64
    dropout: float = 0.1


@dataclass(frozen=True)
class PlaceOutput:
    """What is heard of each frame.

    Attributes:
        embedding: of norm 1, (batch, frames, embedding)
        outside: logit of "not the song", (batch, frames)
    """

    embedding: Tensor
    outside: Tensor


class PlaceNetwork(nn.Module):
    """Frames of levels and rises -> embeddings of places."""

    def __init__(self, config: PlaceConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or PlaceConfig()
        first, second = config.channels
        self.notes = nn.Sequential(
            nn.Conv2d(N_VIEWS, first, (3, 7), stride=(1, 3), padding=(1, 2)),
            nn.BatchNorm2d(first),
            nn.ReLU(),
            nn.Conv2d(first, second, 3, padding=1),
            nn.BatchNorm2d(second),
            nn.ReLU(),
        )
        self.frame = nn.Sequential(
            nn.Linear(second * N_SEMITONES, config.width),
            nn.LayerNorm(config.width),
            nn.ReLU(),
            nn.Dropout(config.dropout),
        )
        self.course = nn.GRU(
            config.width, config.hidden, config.layers, batch_first=True, bidirectional=True
        )
        seen = config.width + 2 * config.hidden
        self.embed = nn.Linear(seen, config.embedding)
        self.judge = nn.Sequential(nn.Linear(seen, 32), nn.ReLU(), nn.Linear(32, 1))
        self.log_scale = nn.Parameter(torch.tensor(2.5))

    def forward(self, levels: Tensor) -> PlaceOutput:
        """`levels`: (batch, frames, 4, 216)."""
        notes = self.notes(levels.transpose(1, 2))  # (batch, channels, frames, 72)
        frames = self.frame(notes.permute(0, 2, 1, 3).flatten(2))  # (batch, frames, width)
        course, _ = self.course(frames)  # (batch, frames, 2 * hidden)
        seen = torch.cat([frames, course], dim=-1)
        embedding = nn.functional.normalize(self.embed(seen), dim=-1)
        return PlaceOutput(embedding, self.judge(seen)[..., 0])

    def logits(self, cover: Tensor, reference: Tensor) -> Tensor:
        """Of every pair of frames: (..., n, embedding), (..., k, embedding) -> (..., n, k)."""
        return self.log_scale.exp() * cover @ reference.transpose(-1, -2)
