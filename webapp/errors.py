"""One shape for every error: `{"error": {"code", "message"}}` for programs, a page for people.

Error classes of the catalog are translated to HTTP here and nowhere else.
"""

from __future__ import annotations

import logging

from apiflask import APIFlask, HTTPError
from flask import Response, jsonify, make_response, render_template, request
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException

from catalog.errors import (
    CoversError,
    ExternalError,
    NotFoundError,
    StateError,
    TooManyAttemptsError,
)

log = logging.getLogger(__name__)

RETRY_S = 5

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "not_json",
    416: "range_not_satisfiable",
    422: "invalid_parameters",
    429: "too_many_requests",
    503: "unavailable",
}
MESSAGES = {
    404: "there is nothing at this address",
    500: "something went wrong here; the server's log says what",
}


ERROR_SCHEMA = {
    "type": "object",
    "description": "The body of every answer that is not a success.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "examples": sorted(CODES.values())},
                "message": {"type": "string"},
            },
        }
    },
}


def register(app: APIFlask) -> None:
    """Answer every error of an application in the one shape."""
    app.error_processor(_from_api)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(CoversError, from_catalog)
    app.register_error_handler(exc.OperationalError, _from_database)
    app.register_error_handler(exc.TimeoutError, _from_database)
    app.register_error_handler(exc.DataError, _from_unusable)
    app.register_error_handler(Exception, _from_anything)


def _answer(status: int, message: str) -> Response:
    if request.path.startswith("/api/"):
        code = CODES.get(status, "error" if status < 500 else "internal_error")
        response = jsonify({"error": {"code": code, "message": message}})
    else:
        response = make_response(render_template("error.html", status=status, message=message))
    response.status_code = status
    return response


def _from_api(error: HTTPError) -> Response:
    answer = _answer(error.status_code, _validation_message(error.detail) or str(error.message))
    answer.headers.extend(error.headers or {})
    return answer


def _validation_message(detail: object) -> str:
    """`limit: Input should be less than or equal to 100`, for the first thing that is wrong."""
    if not isinstance(detail, dict):
        return ""
    for fields in detail.values():
        for name, messages in fields.items():
            return f"{name}: {_first(messages)}"
    return ""


def _first(messages: object) -> object:
    """The first message, also of a list inside a list."""
    while isinstance(messages, dict | list) and messages:
        messages = next(iter(messages.values())) if isinstance(messages, dict) else messages[0]
    return messages


def _from_http(error: HTTPException) -> Response:
    status = error.code or 500
    answer = _answer(status, MESSAGES.get(status) or error.description or error.name)
    for name, header in error.get_headers():
        if name in ("Allow", "Content-Range"):
            answer.headers[name] = header
    return answer


def from_catalog(error: CoversError) -> Response:
    """The answer that an error of the catalog becomes."""
    if isinstance(error, NotFoundError):
        return _answer(404, str(error))
    if isinstance(error, StateError):
        return _answer(409, str(error))
    if isinstance(error, TooManyAttemptsError):
        return _answer(429, str(error))
    return _answer(503 if isinstance(error, ExternalError) else 400, str(error))


def _from_database(error: exc.SQLAlchemyError) -> Response:
    log.error("%s %s failed: %s", request.method, request.path, error)
    answer = _answer(503, "the database does not answer: try again in a while")
    answer.headers["Retry-After"] = str(RETRY_S)
    return answer


def _from_unusable(error: exc.DataError) -> Response:
    """PostgreSQL keeps no text with a NUL, and is asked for it by programs that try doors."""
    return _answer(400, "that is no text that can be looked for")


def _from_anything(error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer(500, MESSAGES[500])
