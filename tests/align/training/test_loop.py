from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from align.training.loop import Course, Schedule


class Interrupted(Exception):
    pass


def course(checkpoint: Path, steps: int = 30) -> Course[nn.Linear]:
    torch.manual_seed(0)

    def measure(network: nn.Linear, rng: np.random.Generator) -> dict[str, Tensor]:
        inputs = torch.from_numpy(rng.standard_normal((8, 3)).astype(np.float32))
        loss = ((network(inputs) - inputs.sum(dim=1, keepdim=True)) ** 2).mean()
        return {"square": loss, "total": loss}

    schedule = Schedule(steps, rate=0.05, warm_up=2, checkpoint_every=5)
    return Course(nn.Linear(3, 1), measure, schedule, checkpoint)


def test_the_loss_falls(tmp_path: Path) -> None:
    history = course(tmp_path / "a.pt").run(lambda step, losses: None).history
    assert history[-1]["total"] < 0.3 * history[0]["total"]


def test_an_interrupted_training_ends_as_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = course(tmp_path / "whole.pt")
    whole.run(lambda step, losses: None)

    def stop(step: int, losses: dict[str, float]) -> None:
        if step == 13:
            raise Interrupted

    with pytest.raises(Interrupted):
        course(tmp_path / "parts.pt").run(stop)
    resumed = course(tmp_path / "parts.pt")
    seen: list[int] = []
    resumed.run(lambda step, losses: seen.append(step))
    assert seen[0] == 11  # the last checkpoint was after the tenth
    assert torch.equal(resumed.network.weight, whole.network.weight)


def test_a_finished_training_is_not_done_again(tmp_path: Path) -> None:
    course(tmp_path / "a.pt").run(lambda step, losses: None)
    again: list[int] = []
    course(tmp_path / "a.pt").run(lambda step, losses: again.append(step))
    assert again == []
