"""Firefox and WebKitGTK, driven by real input and heard: the few steps that a comparison needs.

Firefox speaks WebDriver BiDi by itself; WebKitGTK has `WebKitWebDriver`, which speaks the older
protocol, and needs a display, for which Xvfb stands in. PulseAudio stands in for a sound device:
without one a browser's audio clock stands still, and nothing is ever played on it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.request import Request, urlopen

import numpy as np
import numpy.typing as npt
from websockets.sync.client import ClientConnection, connect

KEYS = {"ArrowLeft": "\ue012", "ArrowRight": "\ue014", "Escape": "\ue00c"}
DISPLAY = ":97"
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
PREFERENCES = """
user_pref("remote.prefs.recommended", true);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
"""
SAMPLE_RATE = 48_000
SINK = "nowhere"


class SoundDevice:
    """Nobody hears it; what is played on it is written down, silence as well."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def now_s(self) -> float:
        """Seconds of sound written down so far."""
        return self.path.stat().st_size / 4 / SAMPLE_RATE

    def heard(self, from_s: float, to_s: float) -> npt.NDArray[np.float32]:
        """Samples between two moments, mono at `SAMPLE_RATE`."""
        first, last = round(from_s * SAMPLE_RATE), round(to_s * SAMPLE_RATE)
        return np.fromfile(self.path, "<f4", count=last - first, offset=4 * first)


@contextmanager
def sound_device(folder: Path) -> Iterator[SoundDevice]:
    """A sound device for the browsers that are started meanwhile."""
    socket, device = folder / "pulse", SoundDevice(folder / "heard.f32")
    os.environ |= {"PULSE_SERVER": f"unix:{socket}", "PULSE_RUNTIME_PATH": str(folder)}
    server = ["pulseaudio", "-n", "--exit-idle-time=-1", "--use-pid-file=false"]
    server += ["-L", f"module-null-sink sink_name={SINK} rate={SAMPLE_RATE}"]
    server += ["-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"]
    recorder = ["parec", "--raw", f"--device={SINK}.monitor", "--format=float32le"]
    recorder += [f"--rate={SAMPLE_RATE}", "--channels=1", "--latency-msec=50", str(device.path)]
    with _running(server):
        _wait_for(socket)
        with _running(recorder):
            _wait_for(device.path)
            yield device


def _wait_for(path: Path) -> None:
    """
    Raises:
        TimeoutError: when it is not there in time.
    """
    give_up_s = time.monotonic() + 10
    while not path.exists():
        if time.monotonic() > give_up_s:
            raise TimeoutError(
                f"no sound device: {path} did not come; are pulseaudio's tools here?"
            )
        time.sleep(0.1)


class Driver(ABC):
    """One page of one browser."""

    name: ClassVar[str]

    @abstractmethod
    def open(self, address: str) -> None:
        """Go to an address and wait until it has loaded."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """What an expression is worth in the page, as JSON."""

    @abstractmethod
    def press(self, key: str) -> None:
        """Press and release a key, as a hand does."""

    @abstractmethod
    def click(self, selector: str) -> None:
        """Click the middle of an element, as a hand does."""

    def wait(self, expression: str, *, timeout_s: float = 20.0) -> float:
        """Seconds until an expression is true.

        Raises:
            TimeoutError: when it does not become true in time.
        """
        begun_s = time.monotonic()
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() - begun_s > timeout_s:
                raise TimeoutError(f"{self.name}: not within {timeout_s:.0f} s: {expression}")
            time.sleep(0.05)
        return time.monotonic() - begun_s


class Firefox(Driver):
    """WebDriver BiDi (W3C), over a web socket."""

    name = "Firefox"

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.count = socket, 0
        self.send("session.new", capabilities={})
        tree = self.send("browsingContext.getTree")
        self.context = tree["contexts"][0]["context"]

    def send(self, method: str, **parameters: Any) -> Any:
        """A command and its result; events in between are passed over."""
        self.count += 1
        message = {"id": self.count, "method": method, "params": parameters}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv(timeout=60))
            if answer.get("id") == self.count:
                break
        if answer["type"] != "success":
            raise RuntimeError(f"{method}: {answer['message']}")
        return answer["result"]

    def open(self, address: str) -> None:
        self.send("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, expression: str) -> Any:
        answer = self.send(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self.context},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value", "null"))

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        actions = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keys", "actions": actions})

    def click(self, selector: str) -> None:
        x, y = self.evaluate(_MIDDLE % json.dumps(selector))
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        presses = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._perform({"type": "pointer", "id": "mouse", "actions": [move, *presses]})

    def _perform(self, source: dict[str, Any]) -> None:
        self.send("input.performActions", context=self.context, actions=[source])


_MIDDLE = """(({ x, y, width, height }) => [x + width / 2, y + height / 2])(
  document.querySelector(%s).getBoundingClientRect())"""


class WebKit(Driver):
    """WebDriver (W3C), over HTTP."""

    name = "WebKitGTK"

    def __init__(self, address: str, browser: Path) -> None:
        self.address = address
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self.send("", capabilities=wanted)
        self.address = f"{address}/{session['sessionId']}"

    def send(self, path: str, **parameters: Any) -> Any:
        """A command and its result."""
        body = json.dumps(parameters).encode()
        kind = {"Content-Type": "application/json"}
        with urlopen(Request(self.address + path, body, kind), timeout=60) as answer:
            return json.loads(answer.read())["value"]

    def open(self, address: str) -> None:
        self.send("/url", url=address)

    def evaluate(self, expression: str) -> Any:
        return self.send("/execute/sync", script=f"return {expression}", args=[])

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        actions = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self.send("/actions", actions=[{"type": "key", "id": "keys", "actions": actions}])

    def click(self, selector: str) -> None:
        found = self.send("/element", using="css selector", value=selector)
        (number,) = found.values()
        self.send(f"/element/{number}/click")


@contextmanager
def firefox() -> Iterator[Driver]:
    """Firefox without a window, with a profile of its own."""
    with tempfile.TemporaryDirectory() as profile:
        Path(profile, "user.js").write_text(PREFERENCES)
        command = ["firefox-esr", "--headless", "--remote-debugging-port", "0"]
        command += ["--profile", profile]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stderr is not None
            lines = iter(process.stderr.readline, "")
            found = next(each for each in lines if "WebDriver BiDi listening on" in each)
            address = re.findall(r"ws://\S+", found)[0]
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.kill()
            process.wait()


@contextmanager
def webkit() -> Iterator[Driver]:
    """WebKitGTK's small browser on a display that nobody sees."""
    with ExitStack() as stack:
        screen = ["Xvfb", DISPLAY, "-screen", "0", "1440x900x24"]
        stack.enter_context(_running(screen))
        time.sleep(1)
        command = ["env", f"DISPLAY={DISPLAY}", "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS=1"]
        command += ["WebKitWebDriver", "--port=4457"]
        stack.enter_context(_running(command))
        time.sleep(1)
        (browser, *_) = sorted(Path("/").glob(MINI_BROWSERS.removeprefix("/")))
        driver = WebKit("http://127.0.0.1:4457/session", browser)
        yield driver
        urlopen(Request(driver.address, method="DELETE")).close()


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


BROWSERS: dict[str, Callable[[], Any]] = {"firefox": firefox, "webkit": webkit}
