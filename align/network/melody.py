"""Do two recordings, laid on each other, play the same melody? A recurrent network over pairs.

The places of a song are told by its chords as much as by its tune, so another tune over the same
chords is found along the whole song. This network hears both recordings at once, note beside note,
an octave up and down too, and is only asked for a verdict.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

N_SEMITONES, OCTAVE = 72, 12
N_CHANNELS = 8  # level and rise of: one recording, the other, and that an octave up and down


@dataclass(frozen=True)
class MelodyConfig:
    """Sizes of the layers."""

    channels: tuple[int, int] = (12, 20)
    hidden: int = 24
    dropout: float = 0.2


class MelodyNetwork(nn.Module):
    """Aligned pairs of frames (`align.melody`) -> a logit that both play one melody."""

    def __init__(self, config: MelodyConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or MelodyConfig()
        first, second = config.channels
        self.notes = nn.Sequential(
            nn.Conv2d(N_CHANNELS, first, (3, 5), padding=(1, 2)),
            nn.BatchNorm2d(first),
            nn.ReLU(),
            nn.MaxPool2d((1, 2)),
            nn.Conv2d(first, second, 5, padding=2),
            nn.BatchNorm2d(second),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(second, second, (5, 3), padding=(2, 1)),
            nn.BatchNorm2d(second),
            nn.ReLU(),
        )
        self.drop = nn.Dropout(config.dropout)
        self.course = nn.GRU(2 * second, config.hidden, batch_first=True, bidirectional=True)
        self.judge = nn.Linear(2 * second + 2 * config.hidden, 2)

    def forward(self, pairs: Tensor) -> Tensor:
        """(batch, frames, 2 recordings, 2, 72) -> (batch,); frames weigh as they can tell."""
        notes = self.notes(_beside(pairs))  # (batch, channels, frames / 2, 18)
        heard = torch.cat([notes.mean(dim=-1), notes.amax(dim=-1)], dim=1).transpose(1, 2)
        heard = self.drop(heard)
        course, _ = self.course(heard)
        judged = self.judge(torch.cat([heard, self.drop(course)], dim=-1))
        weight = torch.softmax(judged[..., 1], dim=1)
        return torch.as_tensor((judged[..., 0] * weight).sum(dim=1))


def _beside(pairs: Tensor) -> Tensor:
    """Channels of both recordings, the second an octave up and down too."""
    one, other = pairs[:, :, 0], pairs[:, :, 1]
    up, down = torch.zeros_like(other), torch.zeros_like(other)
    up[..., OCTAVE:] = other[..., :-OCTAVE]
    down[..., :-OCTAVE] = other[..., OCTAVE:]
    return torch.cat([one, other, up, down], dim=2).transpose(1, 2)
