"""Who is asking, and whether they may: asked before every view of the desk.

A view is a curator's unless it says otherwise with `@admin_only` or `@open_to_all`, so that a
forgotten mark shuts a door instead of opening one. A browser proves itself by the session of its
cookie and, for whatever changes something, by a CSRF token; a program by `Authorization: Bearer`,
which no other site can make a browser send.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from catalog import database
from catalog.account_models import User, UserRole
from catalog.audit import Actor
from catalog.credentials import SEEN_EVERY, find_session, find_token, note_seen, note_used
from catalog.models import utc_now
from webapp.desk.uploads import allow_uploads

View = TypeVar("View", bound=Callable[..., Any])

csrf = CSRFProtect()
LOGIN = "login"
"""Where the cookie keeps the token of its login."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is logged in."""

    user: User
    by_token: bool = False

    @property
    def actor(self) -> Actor:
        """As the log names them."""
        return Actor(self.user.name, request.remote_addr)

    @property
    def is_admin(self) -> bool:
        """Whether they keep the accounts too."""
        return self.user.role is UserRole.ADMIN


def admin_only(view: View) -> View:
    """Mark a view that only admins may see."""
    view.desk_role = UserRole.ADMIN  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Mark a view that needs no login; what changes something there needs a CSRF token too."""
    view.desk_role = None  # type: ignore[attr-defined]
    return view


def takes_files(most: int) -> Callable[[View], View]:
    """Mark a view whose request may be as long as so many recordings."""

    def mark(view: View) -> View:
        view.desk_files = most  # type: ignore[attr-defined]
        return view

    return mark


def visitor() -> Visitor:
    """Who is asking; a view that needs a login always has one.

    Raises:
        Unauthorized: when nobody is logged in.
    """
    found: Visitor | None = g.get("visitor")
    if found is None:
        raise Unauthorized("log in first: a browser at /desk/login, a program with a token")
    return found


def guard(blueprint: Blueprint, *, takes_tokens: bool) -> None:
    """Ask before every view of a blueprint, and keep its answers out of every cache."""

    def admit() -> AnyResponse | None:
        view = current_app.view_functions[request.endpoint or ""]
        role = getattr(view, "desk_role", UserRole.CURATOR)
        g.visitor = _by_token() if takes_tokens and _bearer() else _by_cookie()
        if role is not None and g.visitor is None:
            if takes_tokens:
                visitor()
            return _to_login()
        if role is UserRole.ADMIN and not visitor().is_admin:
            raise Forbidden("only an admin may do this: ask one")
        if files := getattr(view, "desk_files", 0):
            allow_uploads(files)  # before anything reads the body
        if g.visitor is None or not g.visitor.by_token:
            csrf.protect()
        return None

    blueprint.before_request(admit)
    blueprint.after_request(_keep_private)


def _bearer() -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _by_token() -> Visitor | None:
    with database.reading() as reading:
        row = find_token(reading, _bearer() or "")
    if row is None:
        return None
    if row.used_at is None or row.used_at < utc_now() - SEEN_EVERY:
        with database.session() as writing:
            note_used(writing, row.id)
    return Visitor(row.user, by_token=True)


def _by_cookie() -> Visitor | None:
    token = session.get(LOGIN)
    if not isinstance(token, str):
        return None
    with database.reading() as reading:
        row = find_session(reading, token)
    if row is None:
        return None
    if row.seen_at < utc_now() - SEEN_EVERY:
        with database.session() as writing:
            note_seen(writing, row.id)
    return Visitor(row.user)


def _to_login() -> AnyResponse:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("desk_login.login", next=wanted), 303)


def _keep_private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
