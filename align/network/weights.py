"""The networks' weights, and beside them what they are and what they learned from.

`tracker.json` holds the sizes of the layers, the names of the training data and the scores that
were measured; a network is only ever built with the sizes that its weights were trained with.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from align.network.melody import MelodyConfig, MelodyNetwork
from align.network.place import PlaceConfig, PlaceNetwork
from align.network.pulse import PulseConfig, PulseNetwork
from align.network.section import SectionConfig, SectionNetwork
from align.writing import write_atomically, write_json
from catalog.errors import StorageError

FOLDER = Path(__file__).parents[1] / "weights"
WEIGHTS_FILE, CARD_FILE = "tracker.safetensors", "tracker.json"


@dataclass(frozen=True)
class Networks:
    """All networks, ready to hear.

    Attributes
    ----------
    name
        of the model, on every document and row
    card
        data, settings and scores of the training
    """

    name: str
    place: PlaceNetwork
    pulse: PulseNetwork
    section: SectionNetwork
    melody: MelodyNetwork
    card: dict[str, Any] = field(default_factory=dict)

    def parts(self) -> dict[str, PlaceNetwork | PulseNetwork | SectionNetwork | MelodyNetwork]:
        """Every network by the name of its part."""
        return {
            "place": self.place,
            "pulse": self.pulse,
            "section": self.section,
            "melody": self.melody,
        }


@lru_cache(maxsize=2)
def load_networks(folder: Path = FOLDER) -> Networks:
    """Build all networks with their weights; the shipped ones by default.

    Raises
    ------
    StorageError
        when a file is missing or damaged
    """
    try:
        card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
        tensors = load_file(folder / WEIGHTS_FILE)
        place = PlaceNetwork(PlaceConfig(**_sizes(card["place"])))
        pulse = PulseNetwork(PulseConfig(**_sizes(card["pulse"])))
        section = SectionNetwork(SectionConfig(**_sizes(card["section"])))
        melody = MelodyNetwork(MelodyConfig(**_sizes(card["melody"])))
        networks = Networks(card["model"], place, pulse, section, melody, card)
        for part, network in networks.parts().items():
            of_it = {
                name.removeprefix(f"{part}."): tensor
                for name, tensor in tensors.items()
                if name.startswith(f"{part}.")
            }
            network.load_state_dict(of_it)
            network.eval().requires_grad_(requires_grad=False)
        return networks
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise StorageError(
            f"the tracker's weights in {folder} cannot be used: {error}; install the project again"
        ) from error


def save_networks(networks: Networks, folder: Path) -> None:
    """Write weights and card."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{part}.{name}": tensor.contiguous()
        for part, network in networks.parts().items()
        for name, tensor in network.state_dict().items()
    }
    write_atomically(folder / WEIGHTS_FILE, lambda path: save_file(tensors, path))
    sizes = {part: asdict(network.config) for part, network in networks.parts().items()}
    write_json(folder / CARD_FILE, {**networks.card, "model": networks.name, **sizes})


def _sizes(table: dict[str, Any]) -> dict[str, Any]:
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
