"""What the desk's pages share: a guard, and forms that say what was wrong where it was typed."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import current_app, flash, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from catalog.credits import LONGEST, Credit
from catalog.errors import InputError, NotFoundError
from webapp.desk.access import guard
from webapp.errors import from_catalog

Choice = TypeVar("Choice", bound=StrEnum)


def on_page(blueprint: APIBlueprint) -> None:
    """Guard a blueprint of pages; what a form's data did wrong is told on the form's page."""
    guard(blueprint, takes_tokens=False)

    @blueprint.errorhandler(InputError)
    def tell(error: InputError) -> Response:
        came_from = urlsplit(request.referrer or "")
        is_own = came_from.netloc == request.host and came_from.path.startswith("/desk")
        if request.method != "POST" or isinstance(error, NotFoundError) or not is_own:
            return from_catalog(error)
        if not _is_page(came_from.path):
            return from_catalog(error)
        flash(str(error), "wrong")
        query = f"?{came_from.query}" if came_from.query else ""
        return redirect(came_from.path.replace("//", "/") + query, 303)


def _is_page(path: str) -> bool:
    """Whether an address can be loaded, and not only be sent to."""
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    return True


def chosen(kind: type[Choice], text: str) -> Choice:
    """A choice of a form.

    Raises:
        InputError: when it is none of the choices.
    """
    try:
        return kind(text)
    except ValueError as error:
        choices = ", ".join(each.value for each in kind)
        raise InputError(f"{text[:40]!r} is none of the choices: {choices}") from error


def seconds(text: str) -> float:
    """A moment as a person writes it: seconds, or minutes and seconds.

    Raises:
        InputError: when it is no moment.
    """
    minutes, _, rest = text.strip().rpartition(":")
    try:
        time_s = 60 * int(minutes or 0) + float(rest)
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is no time: write seconds, or minutes:seconds") from error
    if not 0 <= time_s < 1e6:
        raise InputError(f"{text[:40]!r} is no time within a recording")
    return time_s


def ticked(name: str) -> list[int]:
    """Numbers of ticked boxes.

    Raises:
        InputError: when one is no number, or none is ticked.
    """
    try:
        numbers = [int(each) for each in request.form.getlist(name)]
    except ValueError as error:
        raise InputError("a box names no cover: load the page again") from error
    if not numbers:
        raise InputError("nothing is ticked: tick what you mean")
    return numbers


def credit() -> Credit:
    """What a form says of a recording; tags stand between spaces or commas."""
    texts = {name: request.form.get(name, "") for name in LONGEST}
    return Credit(**texts, tags=tuple(request.form.get("tags", "").replace(",", " ").split()))


def share(name: str) -> float | None:
    """A percentage of a form as a share 0..1; `None` where nothing was given.

    Raises:
        InputError: when it is no percentage.
    """
    text = request.form.get(name, "").strip().removesuffix("%").strip()
    if not text:
        return None
    try:
        percent = float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(f"{text[:40]!r} is no percentage: write a number from 0 to 100") from error
    if not 0 <= percent <= 100:
        raise InputError(f"{percent:g} % is no percentage: take 0 to 100")
    return percent / 100


def number(name: str, *, most: float) -> float:
    """A number of a form.

    Raises:
        InputError: when it is none, or out of range.
    """
    text = request.form.get(name, "").strip()
    try:
        found = float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(f"{name.replace('_', ' ')}: {text[:40]!r} is no number") from error
    if not 0 <= found <= most:
        raise InputError(f"{name.replace('_', ' ')}: {found:g} is not usable: 0 to {most:g}")
    return found
