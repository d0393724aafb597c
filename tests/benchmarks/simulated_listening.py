"""Ten simulated covers listened to by numbers: tempo, key and tuning as librosa hears them.

    python tests/benchmarks/simulated_listening.py DATASET [--pictures FOLDER]

librosa knows nothing of the simulator. Tempo counts as found at 4 %, or at half or double tempo;
keys count when equal, or relative, or a fifth away (marked). Pictures are spectrograms with the
true beats, sections and foreign spans drawn over them.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from align.simulation.plan import CoverPlan
from align.simulation.recipe import Recipe, RecordingRecipe, SongRecipe, read_recipe
from align.simulation.score.chords import parse_chord
from align.simulation.songbook import held_out_songbook

KINDS = (
    "full_band", "acoustic_solo", "metal", "a_cappella", "electronic", "changed_meter", "reordered",
    "tempo_extreme", "rubato", "key_extreme",
)  # fmt: skip
RATIOS = ((1, "="), (2, "x"), (0.5, "x"), (1.5, "~"), (2 / 3, "~"), (3, "~"), (1 / 3, "~"))
NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
# Krumhansl and Kessler, "Tracing the dynamic changes in perceived tonal organization", 1982.
MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])


def main(dataset: Path, pictures: Annotated[Path | None, typer.Option()] = None) -> None:
    """Print one line for each of ten covers."""
    recipe = read_recipe(dataset / "recipe.json")
    columns = ("style", "bpm", "heard", "key", "heard", "cents", "heard")
    print(f"{'cover':44}" + "".join(f"{column:>13}" for column in columns))
    for song, cover in choose_ten(recipe):
        print(describe(dataset, song, cover))
        if pictures:
            draw(dataset / cover.stem, pictures / f"{cover.stem}.png")


def choose_ten(recipe: Recipe) -> list[tuple[SongRecipe, RecordingRecipe]]:
    """The first cover of each of ten kinds, each of another song."""
    chosen: dict[str, tuple[SongRecipe, RecordingRecipe]] = {}
    for kind in KINDS:
        taken = {song.id for song, _ in chosen.values()}
        pairs = [(s, c) for s in recipe.songs for c in s.covers if c.kind == kind]
        chosen[kind] = next((p for p in pairs if p[0].id not in taken), pairs[0])
    return list(chosen.values())


def describe(dataset: Path, song: SongRecipe, cover: RecordingRecipe) -> str:
    """What is true beside what librosa hears."""
    import librosa

    audio, rate = librosa.load(dataset / f"{cover.stem}.flac", sr=None)
    music = cut_foreign(dataset / cover.stem, audio, rate)
    true_bpm = 60 / float(np.median(np.diff(beat_times(dataset / cover.stem))))
    heard_bpm = float(np.atleast_1d(librosa.beat.beat_track(y=music, sr=rate)[0])[0])
    true_key = key_of(song, cover.plan)
    heard_key = find_key(librosa.feature.chroma_cqt(y=music, sr=rate).mean(axis=1))
    heard_cents = 100 * float(librosa.estimate_tuning(y=music, sr=rate))
    cells = (
        cover.plan.arrangement.style, f"{true_bpm:.1f}",
        f"{heard_bpm:.1f} {tempo_verdict(true_bpm, heard_bpm)}", show_key(true_key),
        f"{show_key(heard_key)} {key_verdict(true_key, heard_key)}",
        f"{cover.plan.sound.tuning_cents:.0f}", f"{heard_cents:.0f}",
    )  # fmt: skip
    return f"{cover.stem:44}" + "".join(f"{cell:>13}" for cell in cells)


def beat_times(stem: Path) -> np.ndarray:
    """True beats in seconds."""
    with stem.with_suffix(".beats.csv").open(encoding="utf-8") as source:
        return np.array([float(row["time_s"]) for row in csv.DictReader(source)])


def cut_foreign(stem: Path, audio: np.ndarray, rate: int) -> np.ndarray:
    """The recording without talk and applause around it."""
    beats_s = beat_times(stem)
    return audio[round(beats_s[0] * rate) : round((beats_s[-1] + 1) * rate)]


def key_of(song: SongRecipe, plan: CoverPlan) -> tuple[int, bool]:
    """Pitch class of the tonic as played, and whether it is minor."""
    key = held_out_songbook()[song.tune].key
    tonic = parse_chord(key).root + plan.arrangement.transposition_semitones
    return tonic % 12, key.endswith("m")


def find_key(chroma: np.ndarray) -> tuple[int, bool]:
    """The key whose profile is most like a mean chroma vector, (12,)."""
    fits = {
        (tonic, profile is MINOR): np.corrcoef(np.roll(profile, tonic), chroma)[0, 1]
        for tonic in range(12)
        for profile in (MAJOR, MINOR)
    }
    return max(fits, key=lambda key: fits[key])


def tempo_verdict(true_bpm: float, heard_bpm: float) -> str:
    """Equal, an octave or a triplet away, or wrong."""
    for ratio, sign in (
        (1, "="),
        (2, "x"),
        (0.5, "x"),
        (1.5, "~"),
        (2 / 3, "~"),
        (3, "~"),
        (1 / 3, "~"),
    ):
        if abs(heard_bpm / true_bpm / ratio - 1) < 0.04:
            return sign
    return "!"


def key_verdict(true: tuple[int, bool], heard: tuple[int, bool]) -> str:
    """Equal, relative or a fifth away, or wrong."""
    if true == heard:
        return "="
    shift = (heard[0] - true[0]) % 12
    is_relative = heard[1] != true[1] and shift == (3 if true[1] else 9)
    return "~" if is_relative or (heard[1] == true[1] and shift in (5, 7)) else "!"


def show_key(key: tuple[int, bool]) -> str:
    """Eb, or Cm."""
    return NAMES[key[0]] + ("m" if key[1] else "")


def draw(stem: Path, path: Path) -> None:
    """A spectrogram with the truth over it."""
    import librosa
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    audio, rate = librosa.load(stem.with_suffix(".flac"), sr=None)
    level_db = librosa.amplitude_to_db(np.abs(librosa.cqt(audio, sr=rate, n_bins=84)), ref=np.max)
    figure, axes = plt.subplots(figsize=(16, 5), constrained_layout=True)
    extent = (0.0, len(audio) / rate, 24.0, 108.0)
    axes.imshow(level_db, origin="lower", aspect="auto", extent=extent, cmap="magma", vmin=-60)
    axes.vlines(beat_times(stem), 104, 108, color="white", lw=0.6)
    with stem.with_suffix(".sections.csv").open(encoding="utf-8") as source:
        for row in csv.DictReader(source):
            axes.axvline(float(row["start_s"]), color="cyan", lw=1)
            axes.text(float(row["start_s"]) + 0.3, 100, row["label"], color="cyan", fontsize=8)
    truth = json.loads(stem.with_suffix(".truth.json").read_text(encoding="utf-8"))
    for start_s, end_s in truth["foreign"]:
        axes.axvspan(start_s, end_s, color="white", alpha=0.25)
    axes.set(title=stem.name, xlabel="time in s", ylabel="MIDI pitch")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=70)
    plt.close(figure)


if __name__ == "__main__":
    typer.run(main)
