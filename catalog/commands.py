"""The root command `covers`.

Every package brings its own subcommands through the entry-point group `covers.commands`; each
entry is a Typer app, imported when its name is used. `covers --help` takes one line of each from
`SUMMARIES`, so it answers without importing any of them.
"""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint, entry_points
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from catalog import __version__
from catalog.console import progress_console
from catalog.errors import CoversError

SUMMARIES = {
    "demo": "Build the demo library and play it.",
    "serve": "Serve the player, the pages and the API.",
    "worker": "Fetch, screen and align what is waiting.",
    "song": "Add and show songs.",
    "ingest": "Find covers of a song, and see how far they are.",
    "publish": "Publish covers that wait for review.",
    "jobs": "Show the jobs and what became of them.",
    "doctor": "Check what the harvest rests on.",
    "align": "Map one recording onto another.",
    "analyse": "Find beats, downbeats and sections of a recording.",
    "screen": "Tell what recordings are to a song.",
    "render": "Play covers of a song in its reference's tempo.",
    "simulate": "Play covers of tunes by program, with exact truth.",
    "train": "Teach the tracker on recordings with truth.",
    "evaluate": "Measure alignment on a data set.",
    "dataset": "Build, import and check data sets.",
    "openapi": "Print the description of the HTTP API.",
    "user": "Keep the accounts of the curator's desk.",
    "settings": "Show the settings in force.",
    "database": "Upgrade or downgrade the tables.",
}
"""One line for each command that may be installed, in the order of `covers --help`."""


def _installed() -> dict[str, EntryPoint]:
    return {each.name: each for each in entry_points(group="covers.commands")}


class RootGroup(TyperGroup):
    """Subcommands from entry points, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the installed commands, in the order of a first visit."""
        order = {name: place for place, name in enumerate(SUMMARIES)}
        return sorted(_installed(), key=lambda name: order.get(name, len(order)))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the package that brings a command."""
        entry = _installed().get(cmd_name)
        if entry is None:
            return None
        command = get_command(entry.load())
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES[name]) for name in self.list_commands(ctx)])


root_app = typer.Typer(
    cls=RootGroup,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@root_app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """An infinite music video for any song.

    Start with `covers demo`, or with a song of your own:

    \b
      covers song add my-song --reference original.mp4 --hosted
      covers ingest add my-song folder-of-covers --hosted
      covers worker --until-idle
      covers publish my-song
      covers serve
    """


def main() -> None:
    """Entry point of `covers`: what a person can mend becomes one line and an exit code."""
    try:
        root_app(prog_name="covers")
    except CoversError as error:
        _end(str(error), error.exit_code)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        remedy = _missing_package(error) or _failing_database(error) or _failing_system(error)
        if remedy is None:
            raise
        _end(remedy, 1)


def _end(message: str, exit_code: int) -> None:
    progress_console.print(f"covers: {message}", markup=False, soft_wrap=True)
    raise SystemExit(exit_code) from None


def _missing_package(error: Exception) -> str | None:
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").partition(".")[0]
    if package in {"catalog", "ingest", "align", "webapp"}:
        return None
    return (
        f"{package} is not installed, and this command needs it: pip install 'infinite-covers[all]'"
    )


def _failing_database(error: Exception) -> str | None:
    if "sqlalchemy" not in sys.modules:  # nothing has asked the database
        return None
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return None
    cause = str(error.orig).splitlines()[0]
    return (
        f"the database does not answer ({cause}): start it, make room, or set COVERS_DATABASE_URL"
    )


def _failing_system(error: Exception) -> str | None:
    """A full disk, a folder that may not be read, a name that is too long."""
    if not isinstance(error, OSError):
        return None
    cause = error.strerror or str(error)
    return f"{error.filename}: {cause}" if error.filename else cause
