"""Every command that the harvest's page names exists, with the options that it gives."""

import re
import shlex
from pathlib import Path

import click
import pytest
from typer.main import get_command

from catalog.commands import root_app

PAGES = [Path(__file__).parents[2] / "docs" / name for name in ("harvest.md", "desk.md")]
PLACEHOLDERS = {"…", "LIST"}


def commands_of(page: Path) -> list[str]:
    """What stands in code and begins with `covers `, without remarks behind it."""
    text = page.read_text()
    lines = re.findall(r"^(?:[A-Z_]+=\S+ )*(covers .+)$", text, re.MULTILINE)
    inline = re.findall(r"`(covers [^`]+)`", text)
    bare = {re.sub(r"\s+#\s.*|\\$", "", each).strip() for each in (*lines, *inline)}
    return sorted(bare)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_exist(page: Path):
    commands = commands_of(page)
    assert len(commands) > 3
    for line in commands:
        check(line)


def check(line: str) -> None:
    command: click.Command = get_command(root_app)
    context = click.Context(command)
    words = shlex.split(line)[1:]
    while words and hasattr(command, "get_command") and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"{line!r}: there is no {words[0]!r}"
        command, words = found, words[1:]
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    for word in (each for each in words if re.match(r"\[?--", each)):
        name = word.strip("[]").partition("=")[0]
        assert name in known, f"{line!r}: {command.name} has no {name}"
