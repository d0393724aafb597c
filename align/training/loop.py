"""Steps of training, with a checkpoint that it goes on from after any interruption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from align.training.checkpoint import Checkpoint

Network = TypeVar("Network", bound=nn.Module)
Losses = dict[str, float]
Rng = np.random.Generator


@dataclass(frozen=True)
class Schedule:
    """How long and how fast.

    Attributes
    ----------
    steps
        in all
    rate
        highest learning rate, reached after `warm_up` steps and left along a cosine
    checkpoint_every
        steps between two checkpoints
    seed
        of weights and batches: the same seed, the same steps
    """

    steps: int
    rate: float = 2e-3
    warm_up: int = 50
    checkpoint_every: int = 100
    seed: int = 0


@dataclass
class Progress:
    """What is known after some steps."""

    step: int = 0
    history: list[Losses] = field(default_factory=list)


@dataclass(frozen=True)
class Course(Generic[Network]):
    """One network's training.

    Attributes
    ----------
    network
        trained in place
    measure
        draws a batch and returns the losses by name, of which `total` is followed
    """

    network: Network
    measure: Callable[[Network, Rng], dict[str, Tensor]]
    schedule: Schedule
    checkpoint: Checkpoint

    def run(self, report: Callable[[int, Losses], None]) -> Progress:
        """Train to the end of the schedule, from the checkpoint where there is one.

        Every step draws from a generator of its own number, so that an interrupted training
        takes the very steps that an uninterrupted one would have taken.

        Raises
        ------
        InputError
            when the checkpoint is of a training under other terms
        """
        torch.manual_seed(self.schedule.seed)
        optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=self.schedule.rate, weight_decay=1e-2
        )
        slope = torch.optim.lr_scheduler.LambdaLR(optimizer, self._rate)
        progress = self._resume(optimizer, slope)
        self.network.train()
        while progress.step < self.schedule.steps:
            rng = np.random.default_rng((self.schedule.seed, progress.step))
            torch.manual_seed(self.schedule.seed * 1_000_003 + progress.step)
            losses = self.measure(self.network, rng)
            optimizer.zero_grad()
            losses["total"].backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            optimizer.step()
            slope.step()
            progress.step += 1
            progress.history.append({name: each.item() for name, each in losses.items()})
            report(progress.step, progress.history[-1])
            if progress.step % self.schedule.checkpoint_every == 0:
                self._keep(optimizer, slope, progress)
        self._keep(optimizer, slope, progress)
        self.network.eval()
        return progress

    def _rate(self, step: int) -> float:
        schedule = self.schedule
        if step < schedule.warm_up:
            return (step + 1) / schedule.warm_up
        done = (step - schedule.warm_up) / max(1, schedule.steps - schedule.warm_up)
        return 0.02 + 0.98 * 0.5 * (1 + float(np.cos(np.pi * min(1.0, done))))

    def _resume(self, optimizer: Any, slope: Any) -> Progress:
        kept = self.checkpoint.load()
        if kept is None:
            return Progress()
        self.network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        slope.load_state_dict(kept["slope"])
        return Progress(kept["step"], kept["history"])

    def _keep(self, optimizer: Any, slope: Any, progress: Progress) -> None:
        self.checkpoint.keep(
            {
                "network": self.network.state_dict(),
                "optimizer": optimizer.state_dict(),
                "slope": slope.state_dict(),
                "step": progress.step,
                "history": progress.history,
            }
        )
