"""A fingerprint of everything that a data set holds to be true."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from align.datasets.reading import Dataset


def digest_truth(dataset: Dataset, folder: Path) -> str:
    """SHA-256 of all entries and their truth, wherever the folder lies; not of the recordings."""
    content = asdict(dataset)
    known = {name: content[name] for name in ("covers", "negatives", "recordings")}

    def plain(value: Any) -> Any:
        if isinstance(value, Path):
            return value.relative_to(folder).as_posix()
        assert isinstance(value, np.ndarray), f"{type(value)} is in no data set"
        return value.tolist()

    text = json.dumps(known, default=plain, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
