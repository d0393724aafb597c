"""A demo library as a folder: what each item is, and the files that describe it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from align.simulation.arranging.styles import StyleError
from align.simulation.demo.copies import CopyPlan, copy_recording
from align.simulation.demo.rendering import SAMPLE_RATE, CoverPlan, Rendition, simulate
from align.simulation.score.tune import Tune
from align.simulation.sound.soundfont import SoundFont
from align.simulation.sound.speech import speak

DEMO_ITEMS = Path(__file__).parent / "items.toml"
LICENCE = "CC0 1.0 Universal"
NOTICE = "Simulated: played by a program, dedicated to the public domain (CC0 1.0)."


@dataclass(frozen=True)
class Item:
    """One recording of the library, as `items.toml` tells it."""

    stem: str
    kind: str
    look: str
    seed: int
    title: str
    uploader: str
    upload_date: str
    text: str
    hashtags: tuple[str, ...]
    role: str = "cover"
    style: str = ""
    order: tuple[str, ...] = ()
    tempo_bpm: float | None = None
    transposition_semitones: int = 0
    tuning_cents: float = 0.0
    talk: str = ""
    talk_voice: str = "en-gb"
    copy_of: str = ""
    audio_kbps: int = 80
    max_bytes: int = 1_890_000


@dataclass(frozen=True)
class Library:
    """A song's items; the first is the Reference."""

    name: str
    tune: str
    tags: tuple[str, ...]
    items: tuple[Item, ...]

    @property
    def reference(self) -> Item:
        """The recording that owns the timeline."""
        return next(item for item in self.items if item.role == "reference")


def read_library(path: Path = DEMO_ITEMS) -> Library:
    """Read a library's description."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    items = tuple(
        Item(**{**row, "hashtags": tuple(row["hashtags"]), "order": tuple(row.get("order", ()))})
        for row in table["items"]
    )
    return Library(table["name"], table["tune"], tuple(table["tags"]), items)


def render_item(
    item: Item, tune: Tune, *, soundfont: SoundFont | None, rendered: Mapping[str, Rendition]
) -> Rendition:
    """Audio and truth of one item; a copy is made of what is in `rendered` already."""
    if item.copy_of:
        if item.copy_of not in rendered:
            raise StyleError(f"copy_of={item.copy_of!r} must come before {item.stem!r}")
        return copy_recording(rendered[item.copy_of], CopyPlan())
    rng = np.random.default_rng(item.seed + 1)
    opening = (
        speak(item.talk, voice=item.talk_voice, sample_rate=SAMPLE_RATE, rng=rng)
        if item.talk
        else None
    )
    plan = CoverPlan(
        item.style,
        item.order,
        item.tempo_bpm,
        item.transposition_semitones,
        item.tuning_cents,
        opening=opening,
    )
    return simulate(tune, plan, seed=item.seed, soundfont=soundfont)


def describe_item(item: Item, library: Library, duration_s: float) -> dict[str, Any]:
    """The item's info in the field names of yt-dlp's info JSON."""
    hashtags = " ".join(f"#{tag}" for tag in (*library.tags, *item.hashtags))
    return {
        "id": item.stem,
        "title": item.title,
        "description": f"{item.text}\n{NOTICE}\n\n{hashtags}",
        "uploader": item.uploader,
        "uploader_id": item.uploader.lower().replace(" ", "-").replace(",", ""),
        "upload_date": item.upload_date,
        "duration": round(duration_s, 3),
        "license": LICENCE,
        "tags": [tag.lower() for tag in (*library.tags, *item.hashtags)],
        "ext": "mp4",
        "width": 640,
        "height": 360,
        "fps": 30,
        "extractor": "folder",
        "extractor_key": "Folder",
    }


def describe_dataset(library: Library) -> dict[str, Any]:
    """The folder's `dataset.json`."""
    covers = [
        {
            "file": f"{item.stem}.mp4",
            "annotation": f"{item.stem}.csv",
            "kind": item.kind,
            "relation": "same_recording" if item.copy_of else "performance",
        }
        for item in library.items
        if item is not library.reference
    ]
    song = {
        "id": library.name,
        "reference": f"{library.reference.stem}.mp4",
        "covers": covers,
        "negatives": [],
    }
    return {"name": library.name, "licence": LICENCE, "songs": [song]}


def describe_folder(library: Library) -> str:
    """The folder's README, with licence and credit of every file."""
    rows = "\n".join(_table_row(item) for item in library.items)
    template = (Path(__file__).parent / "readme.md").read_text(encoding="utf-8")
    return template.replace("{rows}", rows)


def _table_row(item: Item) -> str:
    sound = "own synthesis" if item.style in ("chip-tune", "music-box") else "FluidR3 GM (MIT)"
    if item.talk:
        sound += ", speech by espeak-ng"
    form = " ".join(item.order) or f"the reference, {CopyPlan().lead_in_s} s later"
    return f"| `{item.stem}.mp4` | {item.uploader} | {form} | {sound} | {LICENCE} |"
