"""Hearing what the player plays: recordings stamped with the audio clock, and their analysis.

Each recording of a click song has clicks of its own pitch over a quiet steady tone. The probe
gives every player's sound before its fader and the mix after all faders, frame for frame, so the
faders' positions follow from least squares.
"""

from __future__ import annotations

import base64
import logging
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import Response
from playwright.sync_api import Page
from werkzeug.serving import make_server

Sound = npt.NDArray[np.float64]

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KEEP_S = 12.0
SILENCING_MS = 200
ALONE_S = 0.9
"""Nobody else may change over so shortly before or after a switch that is measured."""
EDGE_S = 0.012
CLICKS_ABOVE_HZ = 1800.0
"""Between the steady tones and the clicks, at a cover's own tempo."""
FOLLOWERS_CLICKS_ABOVE_HZ = 1000.0
"""A follower at half the Reference's tempo or less plays its clicks so low."""


class InvalidRun(Exception):
    """The machine was too busy to record what was played; the run says nothing."""


class LostFrames(InvalidRun):
    """The recorder was not given everything that was played."""


class Starved(InvalidRun):
    """A player's own sound, before any fader, has a hole."""


@contextmanager
def serving() -> Iterator[str]:
    """The real application over the library in force. Yields its address.

    It also serves the recorder's worklet, which has to come from the page's own origin.
    """
    from webapp.app import create_app

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app = create_app()
    app.add_url_rule("/sound-probe-worklet.js", view_func=_worklet)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _worklet() -> Response:
    return Response((HERE / "sound_probe_worklet.js").read_text(), mimetype="text/javascript")


def prepare_probe(page: Page) -> None:
    """Wrap the browser's audio before the page is opened."""
    page.add_init_script(path=HERE / "sound_probe.js")


def open_stage(page: Page, address: str, slug: str, *, audio: str = "elements") -> None:
    """Open a song, sounding through elements or buffers, and wait until it can be played.

    `slug` may go on with a place, as links do: `air#at=12`.
    """
    path, mark, place = slug.partition("#")
    page.goto(f"{address}/songs/{path}?audio={audio}{mark}{place}")
    page.wait_for_selector("#opening:not([disabled])", timeout=20_000)


def start_listening(page: Page) -> None:
    """Press play and begin to record; what plays by then begins anew.

    Chromium starts the sound device again for the first audio worklet: its clock goes on for up to
    20 ms without the sources that are scheduled on it, which are so late from then on.
    """
    page.click("#opening")
    page.wait_for_selector("body.open", timeout=10_000)
    page.evaluate(f"soundProbe.listen({KEEP_S})")
    wait_until(page, "soundProbe.chunks.length > 0")
    page.keyboard.press("Space")
    page.wait_for_selector("body:not(.playing)")
    page.wait_for_timeout(SILENCING_MS)
    page.keyboard.press("Space")
    page.wait_for_selector("body.playing")


def wait_in_step(page: Page, *slots: str, timeout_ms: float = 15_000) -> None:
    """Wait until the players in these slots say that they are in step."""
    for slot in slots:
        dot = f'.plate[data-slot="{slot}"] .dot[data-step="in-step"]'
        page.wait_for_selector(dot, timeout=timeout_ms)


def wait_until(page: Page, expression: str, *, timeout_s: float = 10.0) -> None:
    """Ask again and again; Playwright's own waiting needs `eval`, which the page forbids.

    Raises:
        InvalidRun: when it does not become true in time.
    """
    give_up_s = time.monotonic() + timeout_s
    while not page.evaluate(expression):
        if time.monotonic() > give_up_s:
            raise InvalidRun(f"not within {timeout_s:.0f} s: {expression}")
        page.wait_for_timeout(40)


@dataclass(frozen=True)
class Excerpt:
    """Sound between two moments of the audio clock.

    Attributes:
        start_s: audio clock at the first sample
        players: sound of each player before its fader, by the id of its recording
        mix: what is heard
    """

    start_s: float
    sample_rate: float
    players: dict[int, Sound]
    mix: Sound

    def clock_s(self, sample: float) -> float:
        """Moment of the audio clock of a sample."""
        return self.start_s + sample / self.sample_rate

    def until(self, end_s: float) -> Excerpt:
        """The part before a moment."""
        players = {
            each: self.between(sound, self.start_s, end_s) for each, sound in self.players.items()
        }
        mix = self.between(self.mix, self.start_s, end_s)
        return Excerpt(self.start_s, self.sample_rate, players, mix)

    def between(self, sound: Sound, from_s: float, to_s: float) -> Sound:
        """A part of a channel, by the audio clock."""
        first = max(0, round((from_s - self.start_s) * self.sample_rate))
        return sound[first : max(first, round((to_s - self.start_s) * self.sample_rate))]


@dataclass(frozen=True)
class Switch:
    """One switch: who sounded, who sounds, and the fade as it was scheduled."""

    old: int
    new: int
    fade_start_s: float
    fade_end_s: float
    excerpt: Excerpt


def record_switch(page: Page, press: Any, *, before_s: float = 1.6, after_s: float = 2.0) -> Switch:
    """Press something, wait for the switch it causes, and take the sound around it.

    Raises:
        LostFrames: when the recording has holes.
        InvalidRun: when the player changed over by itself a moment before or after, or gave one of
            the two recordings up.
    """
    old = sounding_id(page)
    known = page.evaluate("soundProbe.plans.length")
    press()
    wait_until(page, f"soundProbe.plans.length > {known}")
    plan = page.evaluate("soundProbe.plans.at(-1)")
    end_s = plan["start_s"] + plan["length_s"]
    wait_until(page, f"soundProbe.context.currentTime > {end_s}")
    at_switch = _who(page)
    wait_until(page, f"soundProbe.context.currentTime > {end_s + after_s + 0.3}")
    if other_s := _other_switch(page, plan["start_s"]):
        raise InvalidRun(f"another switch came {other_s:+.2f} s from this one")
    new = sounding_id(page)
    if new == old:
        raise InvalidRun(f"recording {old} was coming already when it was to go")
    ids = whose(old, at_switch, _who(page))
    excerpt = take(page, plan["start_s"] - before_s, end_s + after_s, ids=ids)
    if gone := {old, new} - set(excerpt.players):
        raise InvalidRun(f"recording {gone} had left its player before the end")
    return Switch(old, new, plan["start_s"], end_s, excerpt)


def _other_switch(page: Page, start_s: float) -> float | None:
    """How far the nearest other switch is, where it is so near that both are heard as one."""
    apart_s = [each["start_s"] - start_s for each in page.evaluate("soundProbe.plans")]
    near_s = [each for each in apart_s if each != 0 and -ALONE_S < each < ALONE_S]
    return min(near_s, key=abs, default=None)


def sounding_id(page: Page) -> int:
    """Id of the recording in the centre."""
    return _media_id(page, "centre")


def _media_id(page: Page, slot: str) -> int:
    address = page.get_attribute(f'.deck[data-slot="{slot}"] video', "src") or ""
    return int(re.split("/media/|/renditions/", address)[1].split("?")[0])


def _who(page: Page) -> list[int]:
    """Id of the recording in each player, 0 where none is."""
    return list(page.evaluate("soundProbe.who()"))


def whose(old: int, at_switch: list[int], at_end: list[int]) -> list[int]:
    """Whose each player's sound is, though the old one may have left its player by the end."""
    others = [0 if each == old else each for each in at_end]
    return [
        old if before == old else after for before, after in zip(at_switch, others, strict=True)
    ]


def take(page: Page, from_s: float, to_s: float, *, ids: Sequence[int] | None = None) -> Excerpt:
    """The recorded sound between two moments.

    Parameters
    ----------
    ids
        whose sound each player's is; without it, who is there now

    Raises
    ------
    LostFrames
        when frames are missing
    """
    taken = page.evaluate(f"soundProbe.take({from_s}, {to_s})")
    if not taken["contiguous"]:
        raise LostFrames("the recorder lost frames")
    channels = [
        np.frombuffer(base64.b64decode(each), dtype="<i2").astype(float) / 30000
        for each in taken["channels"]
    ]
    named = zip(_who(page) if ids is None else ids, channels[:-1], strict=True)
    players = {each: sound for each, sound in named if each}
    return Excerpt(taken["start_s"], taken["rate"], players, channels[-1])


def check_sources(switch: Switch) -> None:
    """See to it that each player was given its sound while it was heard.

    Raises:
        InvalidRun: when nothing at all was recorded of one.
        Starved: when a player's own sound, before any fader, has a hole: its decoder starved.
    """
    excerpt = switch.excerpt
    end_s = excerpt.clock_s(len(excerpt.mix))
    audible = {
        switch.old: (excerpt.start_s, switch.fade_start_s),
        switch.new: (switch.fade_end_s, end_s),
    }
    for each, (from_s, to_s) in audible.items():
        sound = excerpt.between(excerpt.players[each], from_s, to_s)
        if not sound.any():
            raise InvalidRun(f"nothing was recorded of player {each}")
        if weakest_window(sound, excerpt.sample_rate, 0.006) < 0.2:
            raise Starved(f"the browser starved player {each} of data")


def find_clicks(
    sound: Sound, sample_rate: float, *, above_hz: float = CLICKS_ABOVE_HZ
) -> list[float]:
    """Samples at which clicks begin: half of each peak's height on its rising side."""
    envelope = _envelope_above(sound, sample_rate, above_hz)
    edge = int(EDGE_S * sample_rate)
    envelope[:edge] = envelope[-edge:] = 0  # a sound cut in two clicks at both its ends
    if not len(envelope) or envelope.max() < 0.05:
        return []
    threshold = 0.4 * np.percentile(envelope, 99.5)
    above = envelope > threshold
    rises = np.flatnonzero(above[1:] & ~above[:-1]) + 1
    clicks: list[float] = []
    for rise in rises:
        if not clicks or rise - clicks[-1] > 0.08 * sample_rate:
            clicks.append(_half_height(envelope, int(rise), sample_rate))
    return clicks


def _half_height(envelope: Sound, rise: int, sample_rate: float) -> float:
    around = envelope[rise : rise + int(0.012 * sample_rate)]
    half = around.max() / 2
    at = max(1, rise - int(0.004 * sample_rate))
    while at < len(envelope) - 1 and envelope[at] < half:
        at += 1
    below, over = envelope[at - 1], envelope[at]
    return at - 1 + float((half - below) / (over - below)) if over > below else float(at)


def _envelope_above(sound: Sound, sample_rate: float, above_hz: float) -> Sound:
    """Magnitude of the analytic signal of what lies above a frequency."""
    spectrum = np.fft.fft(sound)
    frequency_hz = np.fft.fftfreq(len(sound), 1 / sample_rate)
    spectrum[frequency_hz < above_hz] = 0
    return np.abs(np.fft.ifft(2 * spectrum))


def click_offset_s(switch: Switch) -> float:
    """New grid against old grid at the beat nearest to the switch, positive when late.

    Both players' clicks are compared before their faders, where both are always there.

    Raises:
        InvalidRun: when one of the two has no click there.
    """
    excerpt = switch.excerpt
    clicks = {
        each: [
            excerpt.clock_s(sample)
            for sample in find_clicks(excerpt.players[each], excerpt.sample_rate)
        ]
        for each in (switch.old, switch.new)
    }
    if not clicks[switch.old] or not clicks[switch.new]:
        raise InvalidRun("no clicks were heard around the switch")
    old_s = min(clicks[switch.old], key=lambda each: abs(each - switch.fade_end_s))
    new_s = min(clicks[switch.new], key=lambda each: abs(each - old_s))
    return new_s - old_s


def ids_beside(page: Page) -> list[int]:
    """Ids of the recordings at the sides."""
    return [_media_id(page, side) for side in ("left", "right")]


def offsets_in_step_s(excerpt: Excerpt, leader: int, followers: list[int]) -> list[float]:
    """Every follower's clicks against the leader's nearest ones."""
    lead_s = find_clicks(excerpt.players[leader], excerpt.sample_rate)
    offsets = []
    for each in set(followers) & set(excerpt.players):
        clicks = find_clicks(
            excerpt.players[each], excerpt.sample_rate, above_hz=FOLLOWERS_CLICKS_ABOVE_HZ
        )
        for click in clicks:
            nearest = min(lead_s, key=lambda lead: abs(lead - click), default=None)
            if nearest is not None and abs(nearest - click) < 0.2 * excerpt.sample_rate:
                offsets.append((click - nearest) / excerpt.sample_rate)
    return offsets


@dataclass(frozen=True)
class Fade:
    """What the faders did, found from the sound alone."""

    crossover_s: float
    old_before: float
    new_after: float


def measure_fade(switch: Switch, *, window_s: float = 0.004) -> Fade:
    """Positions of both faders through the switch by least squares in short windows."""
    excerpt = switch.excerpt
    moments, gains = [], []
    at_s = switch.fade_start_s - 0.1
    while at_s < switch.fade_end_s + 0.1:
        parts = [
            excerpt.between(excerpt.players[each], at_s, at_s + window_s)
            for each in (switch.old, switch.new)
        ]
        heard = excerpt.between(excerpt.mix, at_s, at_s + window_s)
        solution = np.linalg.lstsq(np.stack(parts, axis=1), heard, rcond=None)[0]
        moments.append(at_s + window_s / 2)
        gains.append(solution)
        at_s += window_s / 2
    old, new = np.array(gains).T
    turned = np.flatnonzero(new > old)
    crossover_s = moments[int(turned[0])] if len(turned) else float("nan")
    return Fade(crossover_s, float(np.median(old[:20])), float(np.median(new[-20:])))


def stray_share(switch: Switch, *, window_s: float = 0.006) -> float:
    """How far the mix strays from both players' own sounds, faded as planned.

    Of the short window around the switch in which it does so most: the level of the difference as
    a share of the usual level. A hole is near 1; two tones that cancel each other in the middle of
    a fade, as they would on any mixing desk, are not a hole.
    """
    excerpt = switch.excerpt
    from_s, to_s = switch.fade_start_s - 0.6, switch.fade_end_s + 0.8
    heard = excerpt.between(excerpt.mix, from_s, to_s)
    times_s = from_s + np.arange(len(heard)) / excerpt.sample_rate
    length_s = switch.fade_end_s - switch.fade_start_s
    angle = np.pi / 2 * np.clip((times_s - switch.fade_start_s) / length_s, 0, 1)
    planned = np.zeros(len(heard))
    for player, gain, alone in (
        (switch.old, np.cos(angle), times_s < switch.fade_start_s),
        (switch.new, np.sin(angle), times_s > switch.fade_end_s),
    ):
        sound = excerpt.between(excerpt.players[player], from_s, to_s)
        level = float(heard[alone] @ sound[alone] / (sound[alone] @ sound[alone]))
        planned += level * gain * sound
    length = int(window_s * excerpt.sample_rate)
    strays = np.convolve((heard - planned) ** 2, np.ones(length) / length, mode="valid")
    return float(np.sqrt(strays.max() / np.mean(heard**2)))


def weakest_window(sound: Sound, sample_rate: float, window_s: float = 0.006) -> float:
    """Level of the quietest short window, as a share of the usual level."""
    low = _without_clicks(sound, sample_rate)
    length = int(window_s * sample_rate)
    power = np.convolve(low**2, np.ones(length) / length, mode="valid")
    level = np.sqrt(np.maximum(power, 0))
    return float(level.min() / np.median(level))


def _without_clicks(sound: Sound, sample_rate: float) -> Sound:
    """Only the steady tones, all of which lie below the clicks."""
    edge = int(0.02 * sample_rate)
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / sample_rate) > CLICKS_ABOVE_HZ] = 0
    return np.fft.irfft(spectrum, n=len(sound))[edge:-edge]


def click_intervals_s(switch: Switch) -> list[float]:
    """Intervals between the new cover's clicks after the switch, as they are heard."""
    excerpt = switch.excerpt
    heard = excerpt.between(excerpt.mix, switch.fade_end_s + 0.005, switch.fade_end_s + 2.0)
    return list(np.diff(find_clicks(heard, excerpt.sample_rate)) / excerpt.sample_rate)
