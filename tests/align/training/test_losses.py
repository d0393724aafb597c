import numpy as np
import pytest
import torch
from scipy.ndimage import gaussian_filter1d

from align.network.place import PlaceNetwork, PlaceOutput
from align.training.batches import PlaceBatch
from align.training.losses import answers, place_loss

N_FRAMES = 60


def test_answers_stand_at_the_same_place_of_the_song() -> None:
    asked_s = torch.arange(10.0)[None] * 0.16
    answering_s = torch.arange(20.0)[None] * 0.08
    truth, has = answers(asked_s, answering_s, 1.0)
    assert has.all()
    assert torch.equal(truth[0].argmax(dim=1), 2 * torch.arange(10))
    assert torch.allclose(truth.sum(dim=-1), torch.ones(1, 10))


def test_what_is_not_there_has_no_answer() -> None:
    asked_s = torch.tensor([[1.0, -1.0, torch.nan, 50.0]])
    answering_s = torch.arange(30.0)[None] * 0.16
    truth, has = answers(asked_s, answering_s, 1.0)
    assert has.tolist() == [[True, False, False, False]]
    assert not torch.isnan(truth).any()


def loss_of(embedding: torch.Tensor, outside: torch.Tensor) -> dict[str, float]:
    """Two songs of two recordings, and two strangers."""
    position_s = (torch.arange(N_FRAMES) * 0.16).repeat(4, 1)
    batch = PlaceBatch(
        levels=torch.zeros(0),
        position_s=position_s,
        length=torch.full((6,), N_FRAMES),
    )
    output = PlaceOutput(embedding, outside)
    losses = place_loss(PlaceNetwork(), output, batch)
    return {name: loss.item() for name, loss in losses.items()}


def test_embeddings_of_places_have_a_small_loss_and_shuffled_ones_a_large_one() -> None:
    course = gaussian_filter1d(
        np.random.default_rng(0).standard_normal((N_FRAMES, 64)), 2.0, axis=0
    )
    places = torch.nn.functional.normalize(torch.from_numpy(course).float(), dim=-1)
    strangers = torch.nn.functional.normalize(torch.randn(2, N_FRAMES, 64), dim=-1)
    right = torch.cat([places.repeat(4, 1, 1), strangers])
    none = torch.cat([torch.full((4, N_FRAMES), -9.0), torch.full((2, N_FRAMES), 9.0)])
    good = loss_of(right, none)
    shuffled = right.clone()
    shuffled[:2] = shuffled[:2, torch.randperm(N_FRAMES)]
    assert good["place"] < 3
    assert loss_of(shuffled, none)["place"] > 2 * good["place"]
    accepting = none.clone()
    accepting[4:] = -9
    assert loss_of(right, accepting)["impostor"] > good["impostor"] + 1


def test_unknown_frames_cost_nothing() -> None:
    embedding = torch.nn.functional.normalize(torch.randn(6, N_FRAMES, 64), dim=-1)
    losses = loss_of(embedding, torch.zeros(6, N_FRAMES))
    assert losses["total"] == pytest.approx(losses["place"] + losses["impostor"], rel=1e-5)
    assert np.isfinite(list(losses.values())).all()
