"""The application: `create_app()` puts routes, errors and headers together.

Nothing connects at import, and nothing but the catalog's tables is touched at start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from apiflask import APIFlask

import catalog
from webapp import api, errors, finding, headers, media, pages, song_cards, static_files, words
from webapp.audience import api as audience_api
from webapp.audience import pages as audience_pages
from webapp.desk import register as desk
from webapp.research import api as research_api
from webapp.research import pages as research_pages
from webapp.supply import api as supply_api

FOLDER = Path(__file__).resolve().parent
STATIC = FOLDER.parent / "static"

DESCRIPTION = """The public interface of an Infinite Covers library.

Times are whole milliseconds. Lists of times (`beats_ms`, `reference_ms`, ...) are delta coded:
the first value is a time, each further one is the distance to its predecessor. Confidence is a
whole number of percent."""


def create_app() -> APIFlask:
    """A WSGI application over the library that the settings name."""
    app = APIFlask(
        "webapp",
        title="Infinite Covers",
        version=catalog.__version__,
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        static_folder=None,  # type: ignore[arg-type]
        template_folder=str(FOLDER / "templates"),
        root_path=str(FOLDER),
        json_errors=False,
    )
    app.config.update(
        DESCRIPTION=DESCRIPTION,
        AUTO_404_RESPONSE=False,
        VALIDATION_ERROR_STATUS_CODE=422,
        VALIDATION_ERROR_SCHEMA=errors.ERROR_SCHEMA,
        HTTP_ERROR_SCHEMA=errors.ERROR_SCHEMA,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    static_files.register(app, STATIC)
    errors.register(app)
    headers.register(app)
    words.register(app)
    app.register_blueprint(api.blueprint)
    song_cards.register(app)
    finding.register(app)
    supply_api.register(app)
    app.register_blueprint(media.blueprint)
    app.register_blueprint(pages.blueprint)
    audience_api.register(app)
    app.register_blueprint(audience_pages.blueprint)
    app.register_blueprint(research_api.blueprint)
    app.register_blueprint(research_pages.blueprint)
    desk.register(app)
    return app


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document, as served at /api/v1/openapi.json."""
    app = create_app()
    with app.test_request_context():
        return dict(app._get_spec("json", force_update=True))  # type: ignore[arg-type]
