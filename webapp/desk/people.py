"""Accounts, one's own password and tokens, and the log of who did what."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import flash, redirect, render_template, request, session, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from catalog import database
from catalog.account_models import User, UserRole
from catalog.accounts import (
    add_user,
    disable_user,
    enable_user,
    get_user,
    list_users,
    set_password,
    set_role,
)
from catalog.audit import latest_entries
from catalog.credentials import add_token, begin_session, list_tokens, revoke_token
from catalog.errors import InputError
from catalog.passwords import verify_password
from webapp.desk.access import LOGIN, admin_only, visitor
from webapp.desk.forms import chosen, on_page
from webapp.queries import bounded

blueprint = APIBlueprint("desk_people", __name__, url_prefix="/desk", enable_openapi=False)
on_page(blueprint)

ENTRIES = 100


@blueprint.get("/people")
@admin_only
def people() -> str:
    """Everybody who may log in."""
    with database.reading() as reading:
        return render_template("desk/people.html", users=list_users(reading), roles=UserRole)


@blueprint.post("/people")
@admin_only
def add_person() -> Response:
    """Add somebody with a first password."""
    role = chosen(UserRole, request.form.get("role", ""))
    with database.session() as writing:
        user = add_user(
            writing,
            request.form.get("name", ""),
            request.form.get("password", ""),
            role,
            actor=visitor().actor,
        )
        flash(f"{user.name} may log in now. Tell them to change the password.")
    return redirect(url_for("desk_people.people"), 303)


@blueprint.post("/people/<name>")
@admin_only
def change_person(name: str) -> Response:
    """Change somebody's role or password, shut them out, or let them in again."""
    with database.session() as writing:
        flash(_change(writing, get_user(writing, name), request.form.get("do", "")))
    return redirect(url_for("desk_people.people"), 303)


def _change(writing: Session, user: User, what: str) -> str:
    actor = visitor().actor
    if what == "disable":
        disable_user(writing, user, actor=actor)
        return f"{user.name} is shut out."
    if what == "enable":
        enable_user(writing, user, actor=actor)
        return f"{user.name} may log in again."
    if what == "password":
        set_password(writing, user, request.form.get("password", ""), actor=actor)
        return f"{user.name} has a new password and is logged out everywhere."
    role = chosen(UserRole, what)
    set_role(writing, user, role, actor=actor)
    return f"{user.name} is {role.value} now."


@blueprint.get("/me")
def me() -> str:
    """One's own password and tokens."""
    with database.reading() as reading:
        tokens = list_tokens(reading, visitor().user)
    return render_template("desk/me.html", tokens=tokens)


@blueprint.post("/me/password")
def change_password() -> Response:
    """A new password; this browser stays logged in, all others do not."""
    if not verify_password(visitor().user.password_hash, request.form.get("old", "")):
        raise InputError("the old password is another one: nothing was changed")
    with database.session() as writing:
        user = get_user(writing, visitor().user.name)
        set_password(writing, user, request.form.get("new", ""), actor=visitor().actor)
        session[LOGIN] = begin_session(writing, user)
    flash("The new password holds. All other browsers are logged out.")
    return redirect(url_for("desk_people.me"), 303)


@blueprint.post("/me/tokens")
def make_token() -> tuple[str, int]:
    """A new token: shown on the answer to this and never again."""
    user = visitor().user
    with database.session() as writing:
        token = add_token(writing, user, request.form.get("name", ""), actor=visitor().actor)
        tokens = list_tokens(writing, user)
    return render_template("desk/me.html", tokens=tokens, new_token=token), 201


@blueprint.post("/me/tokens/<int:token_id>/revoke")
def end_token(token_id: int) -> Response:
    """End one of one's own tokens."""
    with database.session() as writing:
        revoke_token(writing, visitor().user, bounded(token_id), actor=visitor().actor)
    flash("The token no longer opens anything.")
    return redirect(url_for("desk_people.me"), 303)


@blueprint.get("/log")
@admin_only
def log() -> str:
    """Who did what, the newest first."""
    before = request.args.get("before", type=int)
    with database.reading() as reading:
        entries = latest_entries(
            reading,
            before=None if before is None else bounded(before),
            limit=ENTRIES + 1,
            actor=request.args.get("actor") or None,
        )
    shown = entries[:ENTRIES]
    more = shown[-1].id if len(entries) > ENTRIES else None
    return render_template("desk/log.html", entries=shown, more=more)
