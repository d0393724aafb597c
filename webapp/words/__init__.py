"""The language a page speaks, and its words: one file per language, as in the player.

A visitor's language is what the address asks for (`?language=de`), else what the browser asks
for, else English. The player keeps a choice on the device, where the server cannot see it, and
puts it into its links to pages; pages pass it on in theirs. The curator's desk and the research
pages are English.
"""

from __future__ import annotations

from types import ModuleType
from urllib.parse import urlencode

from apiflask import APIFlask
from flask import Response, has_request_context, request

from webapp.words import de, en

LANGUAGES = {"en": en, "de": de}
ENGLISH_ONLY = ("desk", "research")


def language() -> str:
    """The language of the answer to the request under way."""
    if not _has_choice():
        return "en"
    return _asked() or request.accept_languages.best_match(list(LANGUAGES), default="en")


def words() -> ModuleType:
    """Every word of a page, in its language."""
    return LANGUAGES[language()]


def link(path: str, **query: object) -> str:
    """The address of another page, in the language that this one was asked for."""
    asked = _asked()
    query |= {"language": asked} if asked else {}
    return f"{path}?{urlencode(query)}" if query else path


def _has_choice() -> bool:
    return has_request_context() and not (request.blueprint or "").startswith(ENGLISH_ONLY)


def _asked() -> str | None:
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else None


def register(app: APIFlask) -> None:
    """Give templates `words`, `language`, `languages` and `link('/path')`."""

    @app.context_processor
    def speak() -> dict[str, object]:
        choice = LANGUAGES.items() if _has_choice() else ()
        names = {code: each.NAME for code, each in choice}
        return {"words": words(), "language": language(), "languages": names, "link": link}

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("Accept-Language")
        return response
