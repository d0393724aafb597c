"""A plan and the recording it edits -> the samples of the cover.

Every block is rendered with some of its surroundings and cut to its exact place in the cover, so
that no error adds up along the timeline. Blocks and frames are faded into each other around the
borders that the truth names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from align.audio import Samples
from align.evaluation.datasets.edited.plan import EditPlan, Frame, Play
from align.stretching import stretch

MakeForeign = Callable[[str, float, int], Samples]
"""Kind, seconds, seed -> foreign sound at the rate of the recording, (n,)."""

CONTEXT_S = 0.3
FADE_S = 0.010
FOREIGN_RMS = 0.1


def render_edit(
    plan: EditPlan, stems: Mapping[str, Samples], make_foreign: MakeForeign, *, sample_rate: int
) -> Samples:
    """The cover.

    Parameters
    ----------
    stems
        of the Reference on one timeline, (n,) each

    Returns
    -------
    (round(plan.duration_s * sample_rate),), full scale 1.0
    """
    edited = _overlaid(
        _edit(plan, mix_stems(plan, stems), make_foreign, sample_rate),
        plan, make_foreign, sample_rate,
    )  # fmt: skip
    return _record(plan, edited, sample_rate)


def mix_stems(plan: EditPlan, stems: Mapping[str, Samples]) -> Samples:
    """The stems that are heard, at their levels. Returns (n,)."""
    heard = [10 ** (gain_db / 20) * stems[name] for name, gain_db in plan.gains_db.items()]
    return np.asarray(np.sum(heard, axis=0), dtype=np.float32)


def _edit(plan: EditPlan, source: Samples, make_foreign: MakeForeign, sample_rate: int) -> Samples:
    margin = round(CONTEXT_S * sample_rate)
    edited = np.zeros(round(plan.duration_s * sample_rate) + 2 * margin, dtype=np.float32)
    for index, (block, start_s) in enumerate(zip(plan.blocks, plan.starts_s, strict=False)):
        if isinstance(block, Play):
            sound = _play(plan, block, source, sample_rate)
        else:
            sound = _frame(block, make_foreign, plan.seed + index, sample_rate)
        at = round((start_s - FADE_S) * sample_rate) + margin
        edited[at : at + len(sound)] += sound[: len(edited) - at]
    return edited[margin : len(edited) - margin]


def _play(plan: EditPlan, block: Play, source: Samples, sample_rate: int) -> Samples:
    """A block with a faded `FADE_S` on each side of it."""
    first = round((block.start_s - CONTEXT_S) * sample_rate)
    last = round((block.end_s + CONTEXT_S) * sample_rate)
    left, right = max(0, -first), max(0, last - len(source))
    context = np.pad(source[max(0, first) : last], (left, right))
    stretched = stretch(
        context, block.rate, plan.semitones, sample_rate=sample_rate, on_tape=plan.on_tape
    )
    # [reference s] / [reference s / cover s] = [cover s]
    lead_s = (block.start_s - first / sample_rate) / block.rate
    begin = round((lead_s - FADE_S) * sample_rate)
    wanted = round((block.duration_s + 2 * FADE_S) * sample_rate)
    piece = stretched[begin : begin + wanted]
    return _faded(np.pad(piece, (0, wanted - len(piece))), sample_rate)


def _frame(block: Frame, make_foreign: MakeForeign, seed: int, sample_rate: int) -> Samples:
    duration_s = block.duration_s + 2 * FADE_S
    sound = make_foreign(block.sound, duration_s, seed)
    return _faded(sound if block.sound == "silence" else _levelled(sound), sample_rate)


def _faded(samples: Samples, sample_rate: int) -> Samples:
    """Raised-cosine ends of twice `FADE_S`, which add up to one where two blocks meet."""
    n_fade = min(round(2 * FADE_S * sample_rate), len(samples) // 2)
    ramp = np.sin(np.linspace(0, np.pi / 2, n_fade, dtype=np.float32)) ** 2
    faded = samples.copy()
    faded[:n_fade] *= ramp
    faded[len(faded) - n_fade :] *= ramp[::-1]
    return faded


def _overlaid(
    edited: Samples, plan: EditPlan, make_foreign: MakeForeign, sample_rate: int
) -> Samples:
    mixed = edited.copy()
    for index, overlay in enumerate(plan.overlays):
        sound = make_foreign(overlay.sound, overlay.duration_s, plan.seed + 100 + index)
        at = round(overlay.start_s * sample_rate)
        sound = _faded(_levelled(sound), sample_rate)[: max(0, len(mixed) - at)]
        gain = 10 ** (overlay.level_db / 20) * _rms(edited) / FOREIGN_RMS
        mixed[at : at + len(sound)] += gain * sound
    return mixed


def _levelled(samples: Samples) -> Samples:
    rms = _rms(samples)
    return samples * np.float32(FOREIGN_RMS / rms) if rms > 0 else samples


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2, dtype=np.float64))) if len(samples) else 0.0


def _record(plan: EditPlan, edited: Samples, sample_rate: int) -> Samples:
    from align.simulation.sound.recording import record_mix

    stereo = np.stack([edited, edited], axis=1)
    rng = np.random.default_rng(plan.seed)
    recorded = record_mix(stereo, plan.sound, sample_rate=sample_rate, rng=rng)
    mono = recorded[: len(edited)].mean(axis=1)
    peak = float(np.abs(mono).max(initial=0.0))
    return np.asarray(mono / max(1.0, peak / 0.98), dtype=np.float32)
