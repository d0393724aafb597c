"""YouTube's players on another port of this machine, as good or as bad as a test wants them."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from flask import Flask, Response
from markupsafe import escape
from werkzeug.serving import make_server

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Knobs:
    """How one video's player behaves.

    Attributes:
        rates: takes any rate, the nearest step of 0.25, or none but 1
        start_s, seek_s: how long it takes to begin, and to go on after a seek
        stall_at_s, stall_s: where it loses its data once, and for how long
        advert_s: says that it plays so long before it does
        error: number it sends instead of playing
        blocked: begins only by a click on its own button
        silent: never answers
        attack: somebody lies about it, saying that it broke
    """

    rates: Literal["fine", "steps", "none"] = "fine"
    start_s: float = 0.3
    seek_s: float = 0.15
    stall_at_s: float = 4.0
    stall_s: float = 0.0
    advert_s: float = 0.0
    error: int | None = None
    blocked: bool = False
    silent: bool = False
    attack: Literal["wrong origin", "other window", "spoofed id"] | None = None
    duration_s: float = 120.0


PAGE = """<!doctype html><meta charset="utf-8"><title>stand-in</title>
<style>
body {{ margin: 0; height: 100vh; display: grid; place-content: center; justify-items: center;
  gap: 8px; background: linear-gradient(135deg, #{hue}, #111); color: #fff; font: 16px sans-serif }}
button {{ font: inherit; padding: 10px 24px }} iframe {{ display: none }}
</style>
<div>{video}</div><div id="time">0.0</div><button id="button">play / pause</button>
<script type="application/json" id="knobs">{knobs}</script>
<script src="/player.js"></script>"""

LIAR = """<!doctype html><script>
const { message, to } = Object.fromEntries(new URLSearchParams(location.search));
setInterval(() => top.postMessage(message, to), 200);
</script>"""

STILL = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 360">
<rect width="480" height="360" fill="#{hue}"/><text x="240" y="190" fill="#fff" font-size="30"
text-anchor="middle" font-family="sans-serif">{video}</text></svg>"""


@contextmanager
def standing_in(knobs: Mapping[str, Knobs]) -> Iterator[str]:
    """Serve players of these videos, and well-behaved ones of all others. Yields HOST:PORT."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server("127.0.0.1", 0, _app(knobs), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def _app(knobs: Mapping[str, Knobs]) -> Flask:
    app = Flask("youtube-stand-in", static_folder=None)

    @app.get("/embed/<video>")
    def player(video: str) -> str:
        own = json.dumps(asdict(knobs.get(video, Knobs()))).replace("<", "\\u003c")
        return PAGE.format(video=escape(video), knobs=own, hue=_hue(video))

    @app.get("/player.js")
    def script() -> Response:
        return Response((HERE / "youtube_stand_in.js").read_text(), mimetype="text/javascript")

    @app.get("/liar")
    def liar() -> str:
        return LIAR

    @app.get("/vi/<video>/hqdefault.jpg")
    def still(video: str) -> Response:
        picture = STILL.format(video=escape(video), hue=_hue(video))
        return Response(picture, mimetype="image/svg+xml")

    return app


def _hue(video: str) -> str:
    return f"{sum(ord(each) * 7919 for each in video) % 0x888888:06x}"
