"""How this package starts Python programs of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def python_module(module: str, *arguments: str) -> list[str]:
    """The command that runs a module without looking for modules in the current folder.

    A curator's folder may hold a `queue.py`; it must not become ours.
    """
    return [sys.executable, "-P", "-m", module, *arguments]


def python_environment(**more: str) -> dict[str, str]:
    """This process's environment, in which a child finds the packages that this one runs."""
    environment = {**os.environ, **more}
    if _ROOT.name not in ("site-packages", "dist-packages"):
        paths = [str(_ROOT), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return environment
