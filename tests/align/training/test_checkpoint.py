import re
from pathlib import Path

import pytest
import torch

from align.training.checkpoint import Checkpoint, require_same_terms
from catalog.errors import InputError


def test_a_state_is_read_as_it_was_kept(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "work" / "a.pt", {"seed": 1})
    assert checkpoint.load() is None
    checkpoint.keep({"step": 3, "weights": torch.ones(2)})
    state = checkpoint.load()
    assert state is not None
    assert state["step"] == 3
    assert torch.equal(state["weights"], torch.ones(2))


def test_a_refusal_names_the_folder_the_terms_and_every_file(tmp_path: Path) -> None:
    for name in ("a.pt", "b.pt", "c.pt"):
        terms = {"data": "x", "seed": 0 if name == "c.pt" else 1}
        Checkpoint(tmp_path / name, terms).keep({})
    asked = [Checkpoint(tmp_path / name, {"data": "x", "seed": 0}) for name in ("a.pt", "b.pt")]
    expected = f"{tmp_path} holds a training with other seed (a.pt, b.pt): give the command"
    with pytest.raises(InputError, match=re.escape(expected)):
        require_same_terms([*asked, Checkpoint(tmp_path / "c.pt", {"data": "x", "seed": 0})])


def test_a_file_without_terms_is_refused(tmp_path: Path) -> None:
    torch.save({"step": 5}, tmp_path / "a.pt")
    with pytest.raises(InputError, match="remove these files to begin anew"):
        Checkpoint(tmp_path / "a.pt", {"seed": 0}).load()
