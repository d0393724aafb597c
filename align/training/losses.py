"""What the networks are told to bring about.

A frame of one recording is a question: where in the other is this place of the song, or is it
nowhere? The answer is a distribution over all frames of the other and "not the song"; its cross
entropy with the truth is the loss, in both directions (van den Oord et al., "Representation
learning with contrastive predictive coding", 2018; with a class for what matches nothing).
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from align.network.place import PlaceNetwork, PlaceOutput
from align.network.pulse import PulseNetwork, PulseOutput
from align.training.batches import PlaceBatch, PulseBatch

PLACE_SPREAD, PULSE_SPREAD = 1.5, 1.3
"""Spread of the true answer in frames of the other recording."""
REACH = 3.0
"""Spreads beyond which the other recording does not have the place."""
IMPOSTOR_WEIGHT, BEAT_WEIGHT = 0.5, 1.0
BEAT_POSITIVE, SECTION_POSITIVE = 4.0, 2.0
NOTHING = -1e4


def place_loss(network: PlaceNetwork, output: PlaceOutput, batch: PlaceBatch) -> dict[str, Tensor]:
    """Losses by name; their sum is `total`."""
    n = len(batch.position_s) // 2
    one, two, impostor = (slice(k * n, (k + 1) * n) for k in range(3))
    there = _there(batch.length, output.embedding.shape[1])
    same = [
        _ask(network, output, batch.position_s, there, asked, answering)
        for asked, answering in ((one, two), (two, one))
    ]
    strange = [
        _ask_stranger(network, output, there, asked, answering)
        for asked, answering in ((impostor, one), (one, impostor))
    ]
    losses = {
        "place": torch.stack(same).mean(),
        "impostor": IMPOSTOR_WEIGHT * torch.stack(strange).mean(),
    }
    return losses | {"total": torch.stack([*losses.values()]).sum()}


def pulse_loss(network: PulseNetwork, output: PulseOutput, batch: PulseBatch) -> dict[str, Tensor]:
    """Losses by name; their sum is `total`."""
    n = len(batch.position_s) // 2
    one, two = slice(0, n), slice(n, 2 * n)
    attacks = [
        _ask_attack(network, output.embedding, batch.position_s, asked, answering)
        for asked, answering in ((one, two), (two, one))
    ]
    losses = {
        "attack": torch.stack(attacks).mean(),
        "beat": BEAT_WEIGHT * _binary(output.beat, batch.beat, positive=BEAT_POSITIVE),
        "downbeat": BEAT_WEIGHT
        * _binary(output.downbeat, batch.downbeat, positive=2 * BEAT_POSITIVE),
    }
    return losses | {"total": torch.stack([*losses.values()]).sum()}


def section_loss(logits: Tensor, begins: Tensor) -> dict[str, Tensor]:
    """Of bars that parts begin with, NaN where there is no bar; (batch, bars) both."""
    return {"total": _binary(logits, begins, positive=SECTION_POSITIVE)}


def melody_loss(logits: Tensor, same: Tensor) -> dict[str, Tensor]:
    """Of pairs that play one melody, 1 or 0; (batch,) both."""
    return {"total": binary_cross_entropy_with_logits(logits, same)}


def answers(asked_s: Tensor, answering_s: Tensor, spread: float) -> tuple[Tensor, Tensor]:
    """The true distribution over frames of the other recording, and whether it has the place.

    Parameters
    ----------
    asked_s, answering_s
        reference times, negative or NaN where there is none, (batch, n) and (batch, k)
    spread
        in frames of the answering recording

    Returns
    -------
    (batch, n, k), rows sum to 1 or 0; (batch, n)
    """
    frame_s = _frame_s(answering_s)  # (batch, 1, 1)
    apart = (asked_s[:, :, None] - answering_s[:, None, :]) / (frame_s * spread)
    known = (asked_s[:, :, None] >= 0) & (answering_s[:, None, :] >= 0)
    near = known & (apart.abs() < REACH)
    weights = torch.where(near, torch.exp(-0.5 * torch.nan_to_num(apart) ** 2), 0.0)
    total = weights.sum(dim=-1, keepdim=True)
    return weights / total.clamp_min(1e-6), total[..., 0] > 0.3


def _frame_s(answering_s: Tensor) -> Tensor:
    """Median step of the reference from frame to frame of a recording, (batch, 1, 1)."""
    steps = answering_s.diff(dim=1)
    steps = torch.where((steps > 0) & (steps < 1), steps, torch.nan)
    return torch.nan_to_num(steps.nanmedian(dim=1).values, nan=0.05).clamp_min(5e-3)[:, None, None]


def _ask(
    network: PlaceNetwork,
    output: PlaceOutput,
    position_s: Tensor,
    there: Tensor,
    asked: slice,
    answering: slice,
) -> Tensor:
    logits = _with_outside(network, output, there, asked, answering)
    truth, has = answers(position_s[asked], position_s[answering], PLACE_SPREAD)
    log_odds = logits.log_softmax(dim=-1)
    inside = -(truth * log_odds[..., :-1]).sum(dim=-1)
    # What is the song, but not in the other recording, belongs to nothing there, unless the other
    # has frames of which nothing is known.
    whole = ~torch.isnan(position_s[asked])
    loss = torch.where(has, inside, -log_odds[..., -1])
    asked_there = there[asked] & whole
    return (loss * asked_there).sum() / asked_there.sum().clamp_min(1)


def _ask_stranger(
    network: PlaceNetwork, output: PlaceOutput, there: Tensor, asked: slice, answering: slice
) -> Tensor:
    log_odds = _with_outside(network, output, there, asked, answering).log_softmax(dim=-1)
    return -(log_odds[..., -1] * there[asked]).sum() / there[asked].sum()


def _with_outside(
    network: PlaceNetwork, output: PlaceOutput, there: Tensor, asked: slice, answering: slice
) -> Tensor:
    """Logits of every frame of the answering recording and of none, (batch, n, k + 1)."""
    logits = network.logits(output.embedding[asked], output.embedding[answering])
    logits = logits.masked_fill(~there[answering][:, None, :], NOTHING)
    n_there = there[answering].sum(dim=1).clamp_min(1).log()
    outside = output.outside[asked] + n_there[:, None]
    return torch.cat([logits, outside[..., None]], dim=-1)


def _ask_attack(
    network: PulseNetwork, embedding: Tensor, position_s: Tensor, asked: slice, answering: slice
) -> Tensor:
    """As for places, but only where the other recording has the place."""
    log_odds = network.logits(embedding[asked], embedding[answering]).log_softmax(dim=-1)
    truth, has = answers(position_s[asked], position_s[answering], PULSE_SPREAD)
    loss = -(truth * log_odds).sum(dim=-1)
    return (loss * has).sum() / has.sum().clamp_min(1)


def _there(length: Tensor, n_frames: int) -> Tensor:
    return torch.arange(n_frames)[None, :] < length[:, None]


def _binary(logits: Tensor, target: Tensor, *, positive: float) -> Tensor:
    known = ~torch.isnan(target)
    loss = binary_cross_entropy_with_logits(
        logits, torch.nan_to_num(target), pos_weight=torch.tensor(positive), reduction="none"
    )
    return (loss * known).sum() / known.sum().clamp_min(1)
