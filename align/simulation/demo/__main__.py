"""Build the demo library: ``python -m align.simulation.demo --output FOLDER --soundfont FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from align.simulation.demo.library import (
    LICENCE,
    Item,
    Library,
    describe_dataset,
    describe_folder,
    describe_item,
    read_library,
    render_item,
)
from align.simulation.demo.pictures.looks import make_scene
from align.simulation.demo.pictures.show import draw_frames, prepare_show
from align.simulation.demo.pictures.video import Encoding, write_video
from align.simulation.demo.rendering import SAMPLE_RATE, Rendition
from align.simulation.score.tune import load_tune
from align.simulation.sound.soundfont import SoundFont
from align.simulation.truth import annotate, write_truth
from align.writing import write_json


def build(
    output: Annotated[Path, typer.Option(help="Folder for films and truth")],
    soundfont: Annotated[
        Path | None, typer.Option(help="General MIDI soundfont; none: own synthesis only")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Write only these items")] = None,
    videos: Annotated[bool, typer.Option(help="Render films, or truth only")] = True,
) -> None:
    """Render every item of the demo library with its truth; the same each time."""
    library = read_library()
    tune = load_tune(library.tune)
    sounds = SoundFont(soundfont, sample_rate=SAMPLE_RATE) if soundfont else None
    output.mkdir(parents=True, exist_ok=True)
    rendered: dict[str, Rendition] = {}
    for number, item in enumerate(library.items, 1):
        if not _is_needed(item, library, only):
            continue
        rendition = render_item(item, tune, soundfont=sounds, rendered=rendered)
        rendered[item.stem] = rendition
        if only and item.stem not in only:
            continue
        reference = rendered[library.reference.stem]
        _write_item(item, library, rendition, reference, output, videos=videos)
        typer.echo(f"{number}/{len(library.items)} {item.stem} {rendition.truth.duration_s:.1f} s")
    write_json(output / "dataset.json", describe_dataset(library))
    (output / "README.md").write_text(describe_folder(library), encoding="utf-8")


def _is_needed(item: Item, library: Library, only: list[str] | None) -> bool:
    return not only or item.stem in only or item is library.reference


def _write_item(
    item: Item,
    library: Library,
    rendition: Rendition,
    reference: Rendition,
    output: Path,
    *,
    videos: bool,
) -> None:
    stem = output / item.stem
    is_reference = item is library.reference
    rows = None if is_reference else annotate(rendition.truth, reference.truth)
    write_truth(stem, rendition.truth, rows)
    duration_s = rendition.truth.duration_s
    write_json(stem.with_suffix(".info.json"), describe_item(item, library, duration_s))
    if videos:
        metadata = {"title": item.title, "artist": item.uploader, "copyright": LICENCE}
        encoding = Encoding(audio_kbps=item.audio_kbps, max_bytes=item.max_bytes, metadata=metadata)
        show = prepare_show(rendition)
        frames = draw_frames(
            show,
            make_scene(item.look, show),
            width=encoding.width,
            height=encoding.height,
            frame_rate=encoding.frame_rate,
        )
        write_video(
            frames,
            rendition.audio,
            stem.with_suffix(".mp4"),
            sample_rate=rendition.sample_rate,
            encoding=encoding,
        )


if __name__ == "__main__":
    typer.run(build)
