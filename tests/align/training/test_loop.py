from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from align.training.checkpoint import Checkpoint
from align.training.loop import Course, Schedule
from catalog.errors import InputError


class Interrupted(Exception):
    pass


def course(path: Path, steps: int = 30, *, seed: int = 0, sign: int = 1) -> Course[nn.Linear]:
    """Learn the sum of three numbers, or with another sign the opposite of it."""
    torch.manual_seed(seed)

    def measure(network: nn.Linear, rng: np.random.Generator) -> dict[str, Tensor]:
        inputs = torch.from_numpy(rng.standard_normal((8, 3)).astype(np.float32))
        loss = ((network(inputs) - sign * inputs.sum(dim=1, keepdim=True)) ** 2).mean()
        return {"square": loss, "total": loss}

    schedule = Schedule(steps, rate=0.05, warm_up=2, checkpoint_every=5, seed=seed)
    checkpoint = Checkpoint(path, {"data": sign, "steps": steps, "seed": seed})
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


def test_a_training_under_other_terms_takes_no_weights_over(tmp_path: Path) -> None:
    course(tmp_path / "a.pt", 60).run(lambda step, losses: None)
    before = (tmp_path / "a.pt").read_bytes()
    other = course(tmp_path / "a.pt", 20, seed=1, sign=-1)
    with pytest.raises(InputError, match=r"other data, steps, seed \(a\.pt\)"):
        other.run(lambda step, losses: None)
    assert (tmp_path / "a.pt").read_bytes() == before
