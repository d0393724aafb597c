"""Files that a training goes on from, each with the terms that its steps were taken under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from align.writing import write_atomically
from catalog.errors import InputError


@dataclass(frozen=True)
class Checkpoint:
    """One network's file.

    Attributes
    ----------
    terms
        what its steps follow from, by names for people: plain values, digests of all that is large
    """

    path: Path
    terms: Mapping[str, Any]

    def load(self) -> dict[str, Any] | None:
        """The state that was kept last, `None` where none is.

        Raises
        ------
        InputError
            when it was reached under other terms
        """
        require_same_terms([self])
        return self._read()["state"] if self.path.exists() else None

    def keep(self, state: Mapping[str, Any]) -> None:
        """Write a state in place of the one before."""
        kept = {"terms": dict(self.terms), "state": dict(state)}
        write_atomically(self.path, lambda path: torch.save(kept, path))

    def find_changes(self) -> list[str]:
        """Names of the terms that are not those of the file; none where there is no file."""
        if not self.path.exists():
            return []
        kept = self._read().get("terms", {})
        return [name for name, value in self.terms.items() if kept.get(name) != value]

    def _read(self) -> dict[str, Any]:
        kept: dict[str, Any] = torch.load(self.path, weights_only=True)
        return kept


def require_same_terms(checkpoints: Sequence[Checkpoint]) -> None:
    """Refuse to go on from files of another training.

    Raises
    ------
    InputError
        naming the folder, the files and what is other
    """
    changes = {each.path: each.find_changes() for each in checkpoints}
    files = [path for path, names in changes.items() if names]
    if files:
        names = dict.fromkeys(name for each in changes.values() for name in each)
        raise InputError(
            f"{files[0].parent} holds a training with other {', '.join(names)} "
            f"({', '.join(path.name for path in files)}): give the command that it was begun with, "
            "name another --output, or remove these files to begin anew"
        )
