"""Beats and loudness on both sides of a switch, whatever the two tempi are.

A cover is measured where it plays at rate 1 only: the old one before the fade, the new one after
it. Its clicks there are its own, at its own pitch and distance, however far apart the tempi are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import freqz

from tests.browser import listening
from tests.browser.listening import InvalidRun, Sound, Switch

EARLY_S = 0.06
LOUDNESS_S = 1.2
HEAD = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
RUMBLE = ((1.0, -2.0, 1.0), (1, -1.99004745483398, 0.99007225036621))
"""The two filters of ITU-R BS.1770 at 48 kHz: the head, and low rumble."""


@dataclass(frozen=True)
class Crossing:
    """One grid of beats meets the other.

    Attributes:
        centre_s: middle of the fade after the beat, or half-beat, of the old cover that it was for
        beat_s: the new cover's beat after where the old one's would have been
    """

    centre_s: float
    beat_s: float


def measure_crossing(switch: Switch, old_beat_s: float, new_beat_s: float) -> Crossing:
    """Both grids at a switch; `..._beat_s` are the covers' own distances between beats.

    Raises:
        InvalidRun: when one of the two has no click where it has to.
    """
    excerpt = switch.excerpt
    old_s = _clicks_s(switch, switch.old, excerpt.start_s, switch.fade_start_s)
    new_s = _clicks_s(
        switch, switch.new, switch.fade_end_s - EARLY_S, excerpt.clock_s(len(excerpt.mix))
    )
    if not old_s or not new_s:
        raise InvalidRun("no clicks were heard around the switch")
    halves = round(2 * (switch.fade_end_s - old_s[-1]) / old_beat_s)
    intended_s = old_s[-1] + halves * old_beat_s / 2
    expected_s = intended_s + (new_beat_s / 2 if halves % 2 else 0.0)
    beat_s = min(new_s, key=lambda each: abs(each - expected_s)) - expected_s
    centre_s = (switch.fade_start_s + switch.fade_end_s) / 2 - intended_s
    return Crossing(centre_s, beat_s)


def _clicks_s(switch: Switch, recording: int, from_s: float, to_s: float) -> list[float]:
    excerpt = switch.excerpt
    sound = excerpt.between(excerpt.players[recording], from_s, to_s)
    first_s = max(from_s, excerpt.start_s)
    found = listening.find_clicks(sound, excerpt.sample_rate)
    return [first_s + sample / excerpt.sample_rate for sample in found]


def loudness_step_lu(switch: Switch, old_beat_s: float, new_beat_s: float) -> float:
    """How much louder it is after the switch, over whole beats on either side of the fade.

    Raises:
        InvalidRun: when the recording is too short for that.
    """
    excerpt = switch.excerpt
    before_s, after_s = _whole_beats_s(old_beat_s), _whole_beats_s(new_beat_s)
    before = excerpt.between(
        excerpt.mix, switch.fade_start_s - 0.01 - before_s, switch.fade_start_s - 0.01
    )
    after = excerpt.between(
        excerpt.mix, switch.fade_end_s + 0.01, switch.fade_end_s + 0.01 + after_s
    )
    if min(len(before) / before_s, len(after) / after_s) < 0.98 * excerpt.sample_rate:
        raise InvalidRun("the recording is too short to say how loud it is")
    return _loudness_db(after, excerpt.sample_rate) - _loudness_db(before, excerpt.sample_rate)


def _whole_beats_s(beat_s: float) -> float:
    return float(np.ceil(LOUDNESS_S / beat_s) * beat_s)


def _loudness_db(sound: Sound, sample_rate: float) -> float:
    spectrum = np.fft.rfft(sound) / len(sound)
    frequency_hz = np.fft.rfftfreq(len(sound), 1 / sample_rate)
    power = 2 * np.abs(spectrum) ** 2
    for numerator, denominator in (HEAD, RUMBLE):
        response = freqz(numerator, denominator, worN=frequency_hz, fs=48000)[1]
        power *= np.abs(response) ** 2
    return float(10 * np.log10(power.sum() + 1e-12))
