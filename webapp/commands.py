"""`covers serve` and `covers openapi`. Light to import: the server is loaded when it is run."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from catalog.errors import StateError
from catalog.settings import get_settings

serve_app = typer.Typer(help="Serve the player, the pages, the API and the curator's desk.")
openapi_app = typer.Typer(help="Print the OpenAPI document of the API.")


@serve_app.callback(invoke_without_command=True)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port.")] = None,
) -> None:
    """Serve the player, the pages, the API and the curator's desk until stopped.

    Other addresses than loopback are refused until there is an admin.
    """
    from catalog import database
    from catalog.ports import check_port
    from webapp.server import Server

    settings = get_settings()
    bound_host, bound_port = host or settings.host, port or settings.port
    check_port(bound_host, bound_port)
    database.upgrade()
    address = f"http://{_shown(bound_host)}:{bound_port}"
    lines = _about_the_desk(address, is_loopback=_is_loopback(bound_host))
    database.get_engine().dispose()

    def say() -> None:
        typer.echo(f"Infinite Covers: {address}")
        for line in lines:
            typer.echo(line, err=True)

    Server(bound_host, bound_port, settings.web_threads, when_ready=say).run()


def _about_the_desk(address: str, *, is_loopback: bool) -> list[str]:
    """What to say about who may change the library.

    Raises:
        StateError: when everybody could reach a library that has no admin.
    """
    from catalog import database
    from catalog.accounts import has_admin, has_users
    from catalog.secret_key import setup_code

    with database.reading() as session:
        is_kept, is_new = has_admin(session), not has_users(session)
    if not is_loopback:
        if not is_kept:
            raise StateError(
                f"{address} can be reached by others, and this library has no admin: make one "
                "with `covers user add NAME --admin`, or bind to 127.0.0.1"
            )
        return [
            "Everybody who reaches this machine can listen; the desk asks for a password. Put "
            "a proxy with HTTPS in front, and COVERS_TRUSTED_PROXIES=1, before using it from afar."
        ]
    if is_new:
        return [f"The curator's desk has no admin yet: {address}/desk/setup?code={setup_code()}"]
    return [f"The curator's desk: {address}/desk"]


@openapi_app.callback(invoke_without_command=True)
def openapi() -> None:
    """Print the OpenAPI document of the API."""
    import json

    from webapp.app import openapi_document

    typer.echo(json.dumps(openapi_document(), indent=2, ensure_ascii=False))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
