"""A coarse run -> where every fine frame of it lies, by warping in narrowing bands around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from align.band import Band, CostWeights, FineRows, compare_in_band
from align.features import FRAME_RATE
from align.runs import Run
from align.steering import lead_through, wall_in
from align.warping import warp_in_band

Seconds = npt.NDArray[np.float64]
Curve = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pass:
    """One warping.

    Attributes:
        half_width_s: of the band around the curve so far
        off_step_price: stiffness: cost of every step that deviates from the curve's tempo
        smoothing_s: half width of the window that rounds off the deviation
    """

    half_width_s: float
    off_step_price: float
    smoothing_s: float


@dataclass(frozen=True)
class RefinementConfig:
    """The warpings in turn, and how far beyond the run's ends they go to place splices."""

    passes: tuple[Pass, ...] = (Pass(1.0, 0.4, 1.0), Pass(0.4, 0.25, 0.06))
    weights: CostWeights = field(default_factory=CostWeights)
    margin_s: float = 1.0


@dataclass(frozen=True)
class FineRun:
    """A run on the cover's fine frames, from `margin_s` before it to as much after it.

    Attributes:
        cover_s: evenly spaced, (frames,)
        reference_s: strictly increasing, (frames,)
        cost: unlikeness along the run, 0 for identical frames, (frames,)
        chance_cost: mean cost around the run: what a wrong place costs, (frames,)
    """

    cover_s: Seconds
    reference_s: Seconds
    cost: Seconds
    chance_cost: Seconds

    @property
    def tempo_ratio(self) -> float:
        """Seconds of reference per second of cover, over the whole run."""
        rise_s = self.reference_s[-1] - self.reference_s[0]
        return float(rise_s / (self.cover_s[-1] - self.cover_s[0]))

    @property
    def contrast(self) -> Seconds:
        """How far the run stands out from its surroundings: 1 exact, 0 chance, (frames,)."""
        return np.asarray(1 - self.cost / np.maximum(self.chance_cost, 1e-6))

    def reference_at(self, cover_s: Seconds | float) -> Seconds:
        """Reference time of cover times inside the run."""
        return np.asarray(np.interp(cover_s, self.cover_s, self.reference_s))

    def cover_at(self, reference_s: Seconds | float) -> Seconds:
        """Cover time of reference times inside the run."""
        return np.asarray(np.interp(reference_s, self.reference_s, self.cover_s))


def refine_run(
    run: Run,
    reference: FineRows,
    cover: FineRows,
    *,
    config: RefinementConfig | None = None,
) -> FineRun:
    """Warp one run at 50 frames per second.

    Every pass samples the reference along the curve that the one before it found, so a steady
    tempo, whatever its ratio, and slow changes of it cost nothing. The run's anchors lie on every
    curve, and no path leaves one faster than a tempo can.

    Parameters
    ----------
    reference, cover
        in the same key
    """
    config = config or RefinementConfig()
    rate = FRAME_RATE
    first = max(0, round((run.start_s - config.margin_s) * rate))
    last = min(len(cover.tone) - 1, round((run.end_s + config.margin_s) * rate))
    frames = np.arange(first, last + 1)
    curve = lead_through(run.reference_at(frames / rate) * rate, frames, run.anchors, rate)
    for each in config.passes:
        half_width = round(each.half_width_s * rate)
        band = compare_in_band(
            reference, cover, frames, curve, half_width=half_width, weights=config.weights
        )
        walled = wall_in(band.costs, frames, run.anchors, rate)
        cells = warp_in_band(walled, off_step_price=each.off_step_price)
        curve = _follow(curve, band, cells, round(each.smoothing_s * rate))
        curve = lead_through(curve, frames, run.anchors, rate)
    return FineRun(
        cover_s=frames / rate,
        reference_s=strictly_increasing(curve / rate),
        cost=np.take_along_axis(band.costs, cells[:, None], axis=1)[:, 0].astype(float),
        chance_cost=band.costs.mean(axis=1).astype(float),
    )


def strictly_increasing(times_s: Seconds, *, least_step_s: float = 1e-4) -> Seconds:
    """The same times, each at least `least_step_s` after the one before it."""
    ramp = least_step_s * np.arange(len(times_s))
    return np.asarray(np.maximum.accumulate(times_s - ramp) + ramp)


def _follow(curve: Curve, band: Band, cells: npt.NDArray[np.int64], reach: int) -> Curve:
    """The curve moved onto the path, whole-frame steps rounded off."""
    path = band.columns[cells + np.arange(len(curve))]
    return np.asarray(curve + _smooth(path - curve, min(reach, (len(curve) - 1) // 2)))


def _smooth(values: Curve, reach: int) -> Curve:
    if reach < 1:
        return values
    window = np.hanning(2 * reach + 3)[1:-1]
    padded = np.pad(values, reach, mode="reflect", reflect_type="odd")
    return np.convolve(padded, window / window.sum(), "valid")
