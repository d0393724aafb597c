"""How exact and how clean renditions are: `python -m tests.benchmarks.renditions`.

Click covers at steady tempi, at half and double time, and swaying as people do are written as AAC,
rendered by the shipped code, decoded, and measured: where each click lies against the Reference's
beat; and of a plain tone, how loud the whole is against the cover, and how far its quietest and its
roughest moment stand out at the joints. A rendition's own map is the identity, so these errors are
what a listener hears on top of the map's.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from align.rendition.making import render_file
from align.rendition.planning import plan_legs
from align.rendition.sound import decode
from catalog.settings import get_settings
from tests.align.rendition.clicks import SAMPLE_RATE, ClickCover, click_cover, click_errors_ms
from tests.library import write_m4a

BEATS = 48
RATIOS = (0.5, 0.67, 0.8, 0.95, 1.05, 1.25, 1.5, 2.0)
SWAYS = (0.02, 0.05, 0.15)
TONE_HZ = 330.0


def main() -> None:
    """Print one line for each cover."""
    get_settings().media_folder.mkdir(parents=True, exist_ok=True)
    print(
        "cover        legs beats  median   p5     p95    max [ms]  level [dB]  hole [dB]  step  x"
    )
    rng = np.random.default_rng(0)
    covers = {f"ratio {ratio}": click_cover([1 / ratio] * BEATS) for ratio in RATIOS}
    for sway in SWAYS:
        covers[f"sway {sway}"] = click_cover(rng.uniform(1 - sway, 1 + sway, BEATS))
    for name, cover in covers.items():
        measure(name, cover)


def measure(name: str, cover: ClickCover) -> None:
    """Render a cover and a plain tone by its map."""
    began_s = time.perf_counter()
    heard = rendered(cover)
    speed = (cover.reference_s[-1] + 1) / (time.perf_counter() - began_s)
    own_ms = np.median(click_errors_ms(cover.sound[0], cover.beats_s))
    errors_ms = click_errors_ms(heard, cover.reference_s[:-1]) - own_ms
    level_db, hole_db, step = joints_of(cover)
    low, middle, high = np.percentile(errors_ms, [5, 50, 95])
    print(
        f"{name:12} {len(plan_legs(cover.time_map)):4} {len(errors_ms):5} {middle:7.2f}"
        f" {low:6.2f} {high:7.2f} {np.abs(errors_ms).max():6.2f} {level_db:13.2f}"
        f" {hole_db:10.2f} {step:6.2f} {speed:4.0f}"
    )


def joints_of(cover: ClickCover) -> tuple[float, float, float]:
    """How loud a plain tone comes out, its quietest 10 ms, and its largest step by its own."""
    time_s = np.arange(cover.sound.shape[1]) / SAMPLE_RATE
    tone = (0.3 * np.sin(2 * np.pi * TONE_HZ * time_s)).astype(np.float32)
    heard = rendered(ClickCover(cover.beats_s, cover.reference_s, np.stack([tone, tone])))
    edges = [round(each * SAMPLE_RATE) for each in cover.reference_s[[0, -1]] + [0.1, -0.1]]
    inside = heard[edges[0] : edges[1]]
    windows = inside[: len(inside) // 441 * 441].reshape(-1, 441).std(axis=1)
    own_step = 0.3 * 2 * np.pi * TONE_HZ / SAMPLE_RATE
    whole_db, hole_db = (
        20 * np.log10(n / (0.3 / np.sqrt(2))) for n in (inside.std(), windows.min())
    )
    return float(whole_db), float(hole_db), float(np.abs(np.diff(inside)).max() / own_step)


def rendered(cover: ClickCover) -> np.ndarray:
    """The left channel of a cover's rendition, through both codecs."""
    with tempfile.TemporaryDirectory(prefix="renditions-") as name:
        folder = Path(name)
        media = write_m4a(cover.sound[0].astype(float), folder / "cover.m4a")
        made = render_file(media, plan_legs(cover.time_map), folder)
        return np.array(decode(made, folder / "heard.f32")[0])


if __name__ == "__main__":
    main()
