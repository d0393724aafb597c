"""`covers serve` and `covers openapi`. Light to import: the server is loaded when it is run."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from catalog.settings import get_settings

serve_app = typer.Typer(help="Serve the player, the pages and the API.")
openapi_app = typer.Typer(help="Print the OpenAPI document of the API.")


@serve_app.callback(invoke_without_command=True)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port.")] = None,
) -> None:
    """Serve the player, the pages and the API until stopped."""
    from catalog import database
    from catalog.ports import check_port
    from webapp.server import Server

    settings = get_settings()
    bound_host, bound_port = host or settings.host, port or settings.port
    check_port(bound_host, bound_port)
    database.upgrade()
    database.get_engine().dispose()
    typer.echo(f"Infinite Covers: http://{_shown(bound_host)}:{bound_port}")
    if not _is_loopback(bound_host):
        typer.echo(
            f"Bound to {bound_host}: everybody who reaches this machine can listen and read "
            "the library's status, and leave counts of plays, mixes and reports of bad sync.",
            err=True,
        )
    Server(bound_host, bound_port, settings.web_threads).run()


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
