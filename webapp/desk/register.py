"""Everything of the desk, put into an application."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask
from flask import g
from werkzeug.middleware.proxy_fix import ProxyFix

from catalog import database
from catalog.settings import get_settings
from webapp.desk import (
    api,
    cookies,
    covers,
    inbox,
    login,
    media,
    people,
    queries,
    searches,
    songs,
    takedowns,
    timeline,
    times,
    work,
)
from webapp.desk.access import csrf
from webapp.desk.uploads import UploadRequest

FORM_BYTES = 2 * 2**20
"""The longest form; uploads say themselves how much more they take."""

MODULES = (
    login, inbox, songs, timeline, covers, searches, work, takedowns, media, people, api,
)  # fmt: skip


def register(app: APIFlask) -> None:
    """Routes, cookies, the CSRF guard and what templates need."""
    cookies.register(app)
    times.register(app)
    app.config.update(
        MAX_CONTENT_LENGTH=FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        WTF_CSRF_CHECK_DEFAULT=False,  # asked by the guard, which knows who needs it
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a desk stays open all day
    )
    csrf.init_app(app)
    app.context_processor(_for_templates)
    app.request_class = UploadRequest
    for module in MODULES:
        app.register_blueprint(module.blueprint)
    proxies = get_settings().trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies
        )


def _for_templates() -> dict[str, Any]:
    visitor = g.get("visitor")
    if visitor is None:
        return {"visitor": None}
    with database.reading() as session:
        return {"visitor": visitor, "in_review": queries.count_in_review(session)}
