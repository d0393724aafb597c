"""The cookie of a login. Only the desk has one: who listens is never given any."""

from __future__ import annotations

from flask import Flask, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.wrappers import Request

from catalog.credentials import SESSION_LASTS
from catalog.secret_key import read_secret_key

PREFIXES = ("/desk", "/api/v1/desk")


class DeskCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, for the desk's addresses only, with a key that is read when needed."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """`None`, which stores nothing, outside the desk."""
        if not request.path.startswith(PREFIXES):
            return None
        if app.secret_key is None:
            app.secret_key = read_secret_key()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Over HTTPS the cookie never travels otherwise; on plain loopback it has to."""
        return request.is_secure


def register(app: Flask) -> None:
    """Give an application the desk's cookies."""
    app.session_interface = DeskCookies()
    app.config.update(
        SESSION_COOKIE_NAME="covers_desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
    )
