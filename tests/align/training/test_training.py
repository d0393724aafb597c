"""What a training goes on from, and what it refuses to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.main import get_command

from align.network.melody import MelodyNetwork
from align.network.place import PlaceNetwork
from align.network.pulse import PulseNetwork
from align.network.section import N_TRAITS, SectionNetwork
from align.network.weights import Networks, load_networks, save_networks
from align.training.commands import train_app
from align.training.loop import Schedule
from align.training.melody_lessons import MelodyLesson
from align.training.section_lessons import SectionLesson
from align.training.training import TrainingPlan, train_melody, train_section
from catalog.errors import InputError
from tests.align.evaluation.small_dataset import write_dataset

BRIEF = Schedule(2)


@pytest.fixture
def plan(tmp_path: Path) -> TrainingPlan:
    folders = (write_dataset(tmp_path / "small"),)
    return TrainingPlan("own", folders, tmp_path / "out" / "work", BRIEF, BRIEF, BRIEF, BRIEF)


def weights(folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    networks = (PlaceNetwork(), PulseNetwork(), SectionNetwork(), MelodyNetwork())
    save_networks(Networks("own", *networks), folder)
    load_networks.cache_clear()
    return folder


def section_lessons() -> list[SectionLesson]:
    begins = np.array([1, 0, 0, 0] * 4, np.float32)
    return [SectionLesson(np.zeros((16, N_TRAITS), np.float32), begins)]


def melody_lessons() -> list[MelodyLesson]:
    pairs = np.zeros((80, 2, 2, 72), np.uint8)
    return [MelodyLesson(pairs, is_same=is_same) for is_same in (True, False)]


def count_steps(train: Callable[..., Any], *arguments: object) -> int:
    taken: list[int] = []
    train(*arguments, lambda step, losses: taken.append(step))
    return len(taken)


@pytest.mark.parametrize(
    ("train", "lessons"), [(train_section, section_lessons()), (train_melody, melody_lessons())]
)
def test_what_others_hear_does_not_teach_on_when_they_hear_otherwise(
    plan: TrainingPlan, tmp_path: Path, train: Callable[..., Any], lessons: object
) -> None:
    heard = weights(tmp_path / "out", seed=0)
    assert count_steps(train, plan, lessons, heard) == 2
    assert count_steps(train, plan, lessons, heard) == 0
    with pytest.raises(InputError, match="holds a training with other networks"):
        count_steps(train, plan, lessons, weights(tmp_path / "out", seed=1))


def train(plan: TrainingPlan, *options: object) -> None:
    arguments = [*plan.folders, "--output", plan.work.parent, *options]
    get_command(train_app)(args=[str(each) for each in arguments], standalone_mode=False)


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        (("--seed", 1), r"seed \(place\.pt, pulse\.pt, section\.pt, melody\.pt\)"),
        (("--part", "pulse", "--seed", 1), r"seed \(pulse\.pt\)"),
        (("--pulse-steps", 7), r"steps \(pulse\.pt\)"),
    ],
)
def test_another_training_is_refused_before_anything_is_listened_to(
    plan: TrainingPlan, options: tuple[object, ...], changed: str
) -> None:
    usual = replace(
        plan,
        place=Schedule(1500),
        pulse=Schedule(3000),
        section=Schedule(1000),
        melody=Schedule(1200),
    )
    for part in ("place", "pulse"):
        usual.checkpoint(part).keep({})
    for part in ("section", "melody"):
        usual.checkpoint(part, networks="of the first training").keep({})
    with pytest.raises(InputError, match=f"holds a training with other {changed}"):
        train(plan, *options)
    assert not (plan.work / "lessons").exists()


def test_other_data_are_refused(plan: TrainingPlan) -> None:
    plan.checkpoint("place").keep({})
    plan.folders[0].joinpath("cover.truth.json").write_text('{"beats_per_mark": 2}')
    with pytest.raises(InputError, match="other data"):
        replace(plan).checkpoint("place").load()
