"""Does a part of the song begin with this bar? A recurrent network over the bars of a recording."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

N_TRAITS = 48


@dataclass(frozen=True)
class SectionConfig:
    """Sizes of the layers.

    Attributes:
        longest: bars of the longest part that is told from still longer ones
    """

    width: int = 24
    hidden: int = 24
    dropout: float = 0.3
    longest: int = 40


class SectionNetwork(nn.Module):
    """Traits of bars (`align.bars`) -> logits that a part begins with them."""

    log_lengths: Tensor

    def __init__(self, config: SectionConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SectionConfig()
        self.bar = nn.Sequential(
            nn.Linear(N_TRAITS, config.width), nn.ReLU(), nn.Dropout(config.dropout)
        )
        self.course = nn.GRU(config.width, config.hidden, batch_first=True, bidirectional=True)
        self.judge = nn.Sequential(
            nn.Dropout(config.dropout), nn.Linear(config.width + 2 * config.hidden, 1)
        )
        # Log probability of a part of so many bars, counted in the training songs.
        self.register_buffer("log_lengths", torch.zeros(config.longest + 1))

    def forward(self, traits: Tensor) -> Tensor:
        """(batch, bars, N_TRAITS) -> (batch, bars)."""
        bars = self.bar(traits)
        course, _ = self.course(bars)
        return torch.as_tensor(self.judge(torch.cat([bars, course], dim=-1))[..., 0])
