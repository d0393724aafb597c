"""`covers user`: the accounts of the curator's desk, from the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from catalog import database
from catalog.account_models import UserRole
from catalog.accounts import (
    add_user,
    disable_user,
    enable_user,
    get_user,
    list_users,
    set_password,
    set_role,
)
from catalog.audit import COMMAND, latest_entries
from catalog.console import print_json, print_table, progress_console
from catalog.credentials import add_token, list_tokens, revoke_token
from catalog.errors import InputError

user_app = typer.Typer(no_args_is_help=True, help="Keep the accounts of the curator's desk.")

Name = Annotated[str, typer.Argument(help="The person, as in `covers user list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="For machines.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]


@user_app.command("add")
def add_command(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits, dots and hyphens.")],
    admin: Annotated[
        bool, typer.Option("--admin", help="May keep accounts and settings too.")
    ] = False,
    password_stdin: FromStdin = False,
) -> None:
    """Add a curator, or with --admin an admin. The password is asked for and not shown.

    covers user add kim --admin
    pwgen 20 1 | covers user add robin --password-stdin
    """
    role = UserRole.ADMIN if admin else UserRole.CURATOR
    password = _read_password(password_stdin)
    database.upgrade()
    with database.session() as session:
        user = add_user(session, name, password, role, actor=COMMAND)
        added = user.name
    progress_console.print(
        f"Added {role.value} {added}. `covers serve` has the desk at /desk.", markup=False
    )


@user_app.command("list")
def list_command(as_json: AsJson = False) -> None:
    """Show everybody who has an account."""
    database.upgrade()
    with database.reading() as session:
        users = [
            {
                "name": each.name,
                "role": each.role.value,
                "disabled": each.disabled_at is not None,
                "added": each.created_at.isoformat(timespec="seconds"),
            }
            for each in list_users(session)
        ]
    if as_json:
        print_json(users)
        return
    columns = ["name", "role", "disabled", "added"]
    print_table(columns, [[str(user[name]) for name in columns] for user in users])


@user_app.command("password")
def password_command(name: Name, password_stdin: FromStdin = False) -> None:
    """Set a new password, and end all of the person's logins."""
    password = _read_password(password_stdin)
    database.upgrade()
    with database.session() as session:
        set_password(session, get_user(session, name), password, actor=COMMAND)
    progress_console.print(f"{name} has a new password and is logged out everywhere.", markup=False)


@user_app.command("role")
def role_command(
    name: Name, role: Annotated[UserRole, typer.Argument(help="What the person may do.")]
) -> None:
    """Make somebody a curator or an admin."""
    database.upgrade()
    with database.session() as session:
        set_role(session, get_user(session, name), role, actor=COMMAND)
    progress_console.print(f"{name} is {role.value} now.", markup=False)


@user_app.command("disable")
def disable_command(name: Name) -> None:
    """Shut somebody out at once, with all logins and tokens."""
    database.upgrade()
    with database.session() as session:
        disable_user(session, get_user(session, name), actor=COMMAND)
    progress_console.print(f"{name} is shut out.", markup=False)


@user_app.command("enable")
def enable_command(name: Name) -> None:
    """Let somebody in again."""
    database.upgrade()
    with database.session() as session:
        enable_user(session, get_user(session, name), actor=COMMAND)
    progress_console.print(f"{name} may log in again.", markup=False)


@user_app.command("token")
def token_command(
    name: Name,
    purpose: Annotated[
        str | None, typer.Argument(help="What a new token is for; without it, all are shown.")
    ] = None,
    revoke: Annotated[int | None, typer.Option(help="Number of a token to end.")] = None,
) -> None:
    """Show a person's API tokens, make one, or end one.

    A new token is printed once and never again. Programs send it as `Authorization: Bearer`.
    """
    database.upgrade()
    with database.session() as session:
        user = get_user(session, name)
        if revoke is not None:
            revoke_token(session, user, revoke, actor=COMMAND)
        if purpose is not None:
            typer.echo(add_token(session, user, purpose, actor=COMMAND))
            return
        rows = [
            [str(each.id), each.name, each.used_at.isoformat() if each.used_at else "never"]
            for each in list_tokens(session, user)
        ]
    print_table(["id", "purpose", "used"], rows)


@user_app.command("log")
def log_command(
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Most entries.")] = 100,
    as_json: AsJson = False,
) -> None:
    """Show what was done and by whom, the newest first."""
    database.upgrade()
    with database.reading() as session:
        entries = [
            {
                "at": each.at.isoformat(timespec="seconds"),
                "actor": each.actor,
                "action": each.action,
                "subject": each.subject,
                "address": each.address,
                "detail": each.detail,
            }
            for each in latest_entries(session, limit=limit)
        ]
    if as_json:
        print_json(entries)
        return
    columns = ["at", "actor", "action", "subject", "address"]
    print_table(columns, [[str(each[name] or "") for name in columns] for each in entries])


def _read_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise InputError("there is no terminal to ask for the password: use --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
