"""How exact the truth of edited-real is: `python tests/benchmarks/edited_truth.py [FOLDER]`.

Without a folder: clicks are mixed into a real recording at its marks, the mix is edited in every
kind, and the clicks are looked for in the cover. With one: covers of a built data set that keep the
Reference's waveform are correlated with it around every mark.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, correlate, sosfiltfilt

from align.audio import SAMPLE_RATE
from align.datasets.reading import read_dataset
from align.evaluation.datasets.edited.drawing import KINDS, Source, draw_plan
from align.evaluation.datasets.edited.marks import find_annotation
from align.evaluation.datasets.edited.rendering import render_edit
from align.evaluation.datasets.edited.songs import edited_songs

SONGS = ("feelings", "chaos-god", "orbital-elevator")
SEEDS = range(3)
HIGHS = butter(4, 5000, "high", fs=SAMPLE_RATE, output="sos")
CLICK_LEVEL = 3.0
SAME_WAVEFORM = {"cut", "repeat", "reorder", "talk", "talk_over", "other_music", "codec", "phone"}


def main() -> None:
    """Print one line for each kind."""
    if len(sys.argv) > 1:
        measure_dataset(Path(sys.argv[1]))
    else:
        measure_clicks()


def measure_clicks() -> None:
    """Errors of clicks in covers of real recordings."""
    print("kind            clicks  median   p5      p95     abs p90 [ms]")
    for kind in KINDS:
        errors_ms = [e for song in SONGS for seed in SEEDS for e in clicks_of(song, kind, seed)]
        if errors_ms:
            low, middle, high = np.percentile(errors_ms, [5, 50, 95])
            far = np.percentile(np.abs(errors_ms), 90)
            n = len(errors_ms)
            print(f"{kind:15} {n:6} {middle:7.2f} {low:7.2f} {high:7.2f} {far:7.2f}")


def clicks_of(name: str, kind: str, seed: int) -> list[float]:
    """Errors in ms of the clicks of one cover, less what the detector finds in the original."""
    song = edited_songs()[name]
    if kind.startswith("stem_") and "guitar" not in song.stems:
        return []
    marks_s = song.marks_s()
    marks_s = marks_s[(marks_s > 0.1) & (marks_s < song.duration_s - 0.2)]
    stems = {stem: add_clicks(x, marks_s) for stem, x in song.read_stems().items()}
    plan = draw_plan(kind, Source(song.marks_s(), song.duration_s, tuple(stems)), seed=seed)
    heard = render_edit(plan, stems, hum, sample_rate=SAMPLE_RATE)
    annotation = find_annotation(plan, marks_s)
    own = click_times(np.sum(list(stems.values()), axis=0), marks_s)
    return [float(e) for e in click_times(heard, annotation.cover_s) - np.median(own)]


def hum(kind: str, duration_s: float, seed: int) -> np.ndarray:
    """Foreign sound without attacks."""
    time_s = np.arange(round(duration_s * SAMPLE_RATE)) / SAMPLE_RATE
    return np.asarray(np.sin(2 * np.pi * 150 * time_s), dtype=np.float32)


def add_clicks(samples: np.ndarray, marks_s: np.ndarray) -> np.ndarray:
    """Bursts of noise, several times louder than the music."""
    rng = np.random.default_rng(0)
    burst_s = np.arange(round(0.03 * SAMPLE_RATE)) / SAMPLE_RATE
    burst = rng.standard_normal(len(burst_s)) * np.exp(-burst_s / 0.006)
    clicked = samples.copy()
    for mark_s in marks_s:
        at = round(mark_s * SAMPLE_RATE)
        clicked[at : at + len(burst)] += CLICK_LEVEL * samples.std() * burst
    return clicked.astype(np.float32)


def click_times(samples: np.ndarray, expected_s: np.ndarray) -> np.ndarray:
    """By how many ms each click is later than expected."""
    window = np.hanning(round(0.003 * SAMPLE_RATE))
    power = np.convolve(sosfiltfilt(HIGHS, samples) ** 2, window / window.sum(), "same")
    near = round(0.05 * SAMPLE_RATE)
    errors_ms = []
    for expected in expected_s:
        first = max(0, round(expected * SAMPLE_RATE) - near)
        around = power[first : first + 2 * near]
        begins = first + int(np.argmax(around > around.max() / 4)) if len(around) else first
        errors_ms.append(1000 * (begins / SAMPLE_RATE - expected))
    return np.array(errors_ms)


def measure_dataset(folder: Path) -> None:
    """Residual of each cover that keeps the waveform: lag of the best correlation at each mark."""
    print("cover                                     marks  found  median  abs p90 [ms]")
    for cover in read_dataset(folder).covers:
        if cover.kind in SAME_WAVEFORM and cover.annotation is not None:
            lags_ms = waveform_lags(cover.reference, cover.file, cover.annotation)
            n, found = len(cover.annotation.cover_s), len(lags_ms)
            far = np.percentile(np.abs(lags_ms), 90) if found else np.nan
            middle = np.median(lags_ms) if found else np.nan
            print(f"{cover.file.stem:40} {n:6} {found:6} {middle:7.3f} {far:7.3f}")


def waveform_lags(reference: Path, cover: Path, annotation: object) -> np.ndarray:
    """Lags in ms of quarter-second windows at the marks whose correlation is clear."""
    original, rate = soundfile.read(reference, dtype="float32")
    heard, _ = soundfile.read(cover, dtype="float32")
    half, reach = rate // 8, round(0.03 * rate)
    lags_ms = []
    for r, c in zip(annotation.reference_s, annotation.cover_s, strict=True):
        at, to = round(r * rate), round(c * rate)
        window = original[at - half : at + half] if at >= half else original[:0]
        field = heard[to - half - reach : to + half + reach] if to >= half + reach else heard[:0]
        if len(window) < 2 * half or len(field) < 2 * (half + reach) or not window.any():
            continue
        likeness = correlate(field, window, mode="valid")
        power = np.sqrt((window**2).sum() * (field**2).sum())
        if power > 0 and likeness.max() > 0.4 * power:
            exact = (to / rate - c) - (at / rate - r)
            lags_ms.append(1000 * ((int(np.argmax(likeness)) - reach) / rate + exact))
    return np.array(lags_ms)


if __name__ == "__main__":
    main()
