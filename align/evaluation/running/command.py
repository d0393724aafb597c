"""The command that a run was asked for with, as it may be shown to anybody."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path


def shown_command(arguments: Sequence[str]) -> str:
    """What was typed after `covers`, quoted; of absolute paths only the last name is kept."""
    return shlex.join(["covers", *(_without_folder(each) for each in arguments)])


def _without_folder(argument: str) -> str:
    option, equals, value = argument.partition("=")
    if equals and not Path(option).is_absolute():
        return f"{option}={_without_folder(value)}"
    return Path(argument).name or argument if Path(argument).is_absolute() else argument
