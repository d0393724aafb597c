"""Moments as people read them: how long ago, with the exact moment on hover."""

from __future__ import annotations

from datetime import datetime

from apiflask import APIFlask
from markupsafe import Markup

from catalog.models import utc_now

EXACT = "%Y-%m-%d %H:%M:%S UTC"
UNITS = ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "h"), (60, "min"))


def ago(moment: datetime | None, *, now: datetime | None = None) -> Markup:
    """A `time` element: `3 min ago` or `in 2 h`, exact in its title; a dash for no moment."""
    if moment is None:
        return Markup("–")
    exact = moment.strftime(EXACT)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(), exact, _relative(((now or utc_now()) - moment).total_seconds())
    )


def due(moment: datetime | None) -> Markup:
    """As `ago`, of something that is to come: what should have begun is due."""
    if moment is not None and moment <= utc_now():
        return Markup('<time datetime="{}" title="{}">now</time>').format(
            moment.isoformat(), moment.strftime(EXACT)
        )
    return ago(moment)


def _relative(past_s: float) -> str:
    amount_s = abs(past_s)
    for unit_s, name in UNITS:
        if amount_s >= unit_s:
            count = int(amount_s / unit_s)
            plural = "s" if count > 1 and len(name) > 3 else ""
            words = f"{count} {name}{plural}"
            return f"{words} ago" if past_s > 0 else f"in {words}"
    return "just now" if past_s > 0 else "at once"


def clock(time_s: float | None) -> str:
    """A moment in a recording: minutes, seconds and tenths."""
    if time_s is None:
        return "–"
    minutes, rest_s = divmod(round(time_s, 1), 60)
    return f"{int(minutes)}:{rest_s:04.1f}"


def register(app: APIFlask) -> None:
    """Give them to templates as filters."""
    app.jinja_env.filters.update(ago=ago, due=due, clock=clock)
