from pathlib import Path

import numpy as np
import pytest
import torch

from align.alignment import MODEL
from align.features import compute_features
from align.network.hearing import Listener
from align.network.melody import MelodyConfig, MelodyNetwork
from align.network.place import PlaceConfig, PlaceNetwork
from align.network.pulse import PulseConfig, PulseNetwork
from align.network.section import SectionConfig, SectionNetwork
from align.network.weights import FOLDER, WEIGHTS_FILE, Networks, load_networks, save_networks
from align.relation import load_judge
from catalog.errors import StorageError
from tests.align.tones import make_song, perform, steady

SMALL = Networks(
    "small",
    PlaceNetwork(PlaceConfig(channels=(2, 3), width=8, hidden=6, embedding=5)),
    PulseNetwork(PulseConfig(channels=2, width=8, hidden=6, embedding=5)),
    SectionNetwork(SectionConfig(width=5, hidden=6)),
    MelodyNetwork(MelodyConfig(channels=(2, 3), hidden=6)),
    {"data": []},
)


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    save_networks(SMALL, tmp_path)
    found = load_networks(tmp_path)
    assert found.name == "small"
    assert found.place.config == SMALL.place.config
    view = torch.rand(1, 20, 4, 216)
    with torch.inference_mode():
        expected = SMALL.place.eval()(view).embedding
        assert torch.equal(found.place(view).embedding, expected)


@pytest.mark.parametrize("damage", ["missing", "cut off", "other sizes"])
def test_damaged_weights_are_one_sentence(tmp_path: Path, damage: str) -> None:
    save_networks(SMALL, tmp_path)
    if damage == "missing":
        (tmp_path / WEIGHTS_FILE).unlink()
    elif damage == "cut off":
        whole = (tmp_path / WEIGHTS_FILE).read_bytes()
        (tmp_path / WEIGHTS_FILE).write_bytes(whole[: len(whole) // 2])
    else:
        card = tmp_path / "tracker.json"
        card.write_text(card.read_text().replace('"hidden": 6', '"hidden": 7'))
    with pytest.raises(StorageError, match="cannot be used"):
        load_networks(tmp_path)


def test_a_recording_is_heard_at_its_frame_rates(tmp_path: Path) -> None:
    save_networks(SMALL, tmp_path)
    features = compute_features(perform(make_song(4, seed=1), steady(0.5)))
    listener = Listener(features, tmp_path)
    places, pulse = listener.places(), listener.pulse()
    assert len(places.embedding) == len(places.outside) == -(-features.n_frames // 8)
    assert len(pulse.embedding) == len(pulse.beat) == features.n_frames
    for embedding in (places.embedding, pulse.embedding):
        assert np.allclose(np.linalg.norm(embedding, axis=1), 1, atol=1e-5)
    assert places.log_odds(places).shape == (len(places.outside), len(places.outside))


def test_what_is_shipped_fits_together() -> None:
    networks = load_networks()
    assert networks.name == MODEL
    assert networks.card["data"]
    assert (FOLDER / WEIGHTS_FILE).stat().st_size < 20 * 2**20
    assert load_judge(FOLDER).relation.weights.shape[1] == 6


def test_the_scaled_product_of_alike_places_is_the_largest_logit() -> None:
    network = SMALL.place
    embedding = torch.nn.functional.normalize(torch.randn(7, 5), dim=-1)
    logits = network.logits(embedding, embedding)
    assert torch.equal(logits.argmax(dim=1), torch.arange(7))
