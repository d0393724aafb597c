"""Fields of `dataset.json`, each asked for as what it has to be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from align.datasets.validating import path_problem
from catalog.errors import InputError
from catalog.lifecycle import Relation


@dataclass(frozen=True)
class Fields:
    """One object of the file.

    Every method raises an InputError that says where the field stands and what to write.

    Attributes:
        place: such as `songs[0].covers[2].`, empty for the document
    """

    content: dict[str, Any]
    file: Path
    place: str = ""

    def text(self, name: str) -> str:
        """A text that has to be there."""
        value = self.optional_text(name)
        if not value:
            raise InputError(f"{self.file}: {self.place}{name} is missing: write a text")
        return value

    def optional_text(self, name: str) -> str | None:
        """A text, `None` where it is absent or null."""
        value = self.content.get(name)
        if value is not None and not isinstance(value, str):
            raise InputError(f"{self.file}: {self.place}{name} is {value!r}: write it in quotes")
        return value

    def path(self, name: str) -> str:
        """A path below the folder."""
        value = self.text(name)
        problem = path_problem(value)
        if problem:
            raise InputError(f"{self.file}: {self.place}{name} {problem}")
        return value

    def relation(self, usual: Relation) -> str:
        """A relation by name."""
        value = self.optional_text("relation") or usual.value
        known = [each.value for each in Relation]
        if value not in known:
            raise InputError(
                f"{self.file}: {self.place}relation {value!r} is none of {', '.join(known)}"
            )
        return value

    def tables(self, name: str, *, required: bool = False) -> list[Fields]:
        """The objects of a list, which may be absent where it is not required."""
        value = self.content.get(name, None if required else [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise InputError(
                f'{self.file}: {self.place}{name} is no list of objects: write [{{"...": "..."}}]'
            )
        return [
            Fields(each, self.file, f"{self.place}{name}[{at}].") for at, each in enumerate(value)
        ]
