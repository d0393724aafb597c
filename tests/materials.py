"""Tests on real soundfonts, samples and programs skip where these cannot be had."""

from pathlib import Path

import pytest

from align.materials import fetch_material
from catalog.errors import SourceError


def needs_material(name: str) -> Path:
    """The folder of a material; skips the test, with the reason, where it can be had nowhere."""
    try:
        return fetch_material(name)
    except SourceError as error:
        pytest.skip(f"needs {name}: {error}")
