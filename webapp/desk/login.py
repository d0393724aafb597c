"""Logging in and out, and the first admin of a new library."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import redirect, render_template, request, session, url_for
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from catalog import database
from catalog.account_models import User, UserRole
from catalog.accounts import add_user, has_users, log_in
from catalog.audit import Actor
from catalog.credentials import begin_session, end_session
from catalog.errors import InputError, TooManyAttemptsError
from catalog.secret_key import setup_code
from webapp.desk.access import LOGIN, guard, open_to_all

blueprint = APIBlueprint("desk_login", __name__, url_prefix="/desk", enable_openapi=False)
guard(blueprint, takes_tokens=False)

HOME = "/desk"
WRONG = (
    "That name and password do not belong together. Forgotten? An admin sets a new one, or "
    "`covers user password NAME` does."
)


@blueprint.get("/login")
@open_to_all
def login() -> str | Response:
    """The form; a library without anybody says how to begin."""
    with database.reading() as reading:
        is_new = not has_users(reading)
    return render_template("desk/login.html", is_new=is_new, next=_inside(request.args.get("next")))


@blueprint.post("/login")
@open_to_all
def try_login() -> tuple[str, int] | Response:
    """Check name and password; a new session begins, whatever the browser brought along."""
    name, wanted = request.form.get("name", ""), _inside(request.form.get("next"))
    try:
        user = log_in(name, request.form.get("password", ""), address=request.remote_addr)
    except TooManyAttemptsError as error:
        return _again(name, wanted, str(error)), 429
    if user is None:
        return _again(name, wanted, WRONG), 401
    _begin(user)
    return redirect(wanted, 303)


def _again(name: str, wanted: str, wrong: str) -> str:
    page = "desk/login.html"
    return render_template(page, is_new=False, next=wanted, name=name, wrong=wrong)


@blueprint.post("/logout")
@open_to_all
def logout() -> Response:
    """End the session here and in the tables."""
    with database.session() as writing:
        end_session(writing, session.get(LOGIN, ""))
    session.clear()
    return redirect(url_for("desk_login.login"), 303)


@blueprint.get("/setup")
@open_to_all
def setup() -> str:
    """The form for the first admin, for whoever reads this machine's terminal."""
    _check_setup(request.args.get("code", ""))
    return render_template("desk/setup.html", code=request.args["code"])


@blueprint.post("/setup")
@open_to_all
def make_first_admin() -> tuple[str, int] | Response:
    """Add the first admin and log them in."""
    code, name = request.form.get("code", ""), request.form.get("name", "")
    _check_setup(code)
    try:
        with database.session() as writing:
            _refuse_second(has_users(writing))
            user = add_user(
                writing,
                name,
                request.form.get("password", ""),
                UserRole.ADMIN,
                actor=Actor("setup", request.remote_addr),
            )
    except InputError as error:
        return render_template("desk/setup.html", code=code, name=name, wrong=str(error)), 422
    _begin(user)
    return redirect(HOME, 303)


def _begin(user: User) -> None:
    session.clear()
    session.permanent = True
    with database.session() as writing:
        session[LOGIN] = begin_session(writing, user)


def _check_setup(code: str) -> None:
    with database.reading() as reading:
        _refuse_second(has_users(reading))
    if not _is_from_here() or not hmac.compare_digest(code.encode(), setup_code().encode()):
        raise Forbidden(
            "the first admin is made on this machine: open the address that `covers serve` "
            "prints, or use `covers user add NAME --admin`"
        )


def _refuse_second(has_any: bool) -> None:
    if has_any:
        raise Forbidden("there are accounts already: an admin adds more of them")


def _is_from_here() -> bool:
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _inside(address: str | None) -> str:
    """Where to go after the login: only within the desk, whatever the link said."""
    parts = urlsplit((address or HOME).replace("\\", "/"))
    path = parts.path
    is_inside = not parts.scheme and not parts.netloc and (path + "/").startswith(HOME + "/")
    if not is_inside or "//" in path or any(ord(each) < 33 for each in path):
        return HOME
    return path + (f"?{parts.query}" if parts.query else "")
