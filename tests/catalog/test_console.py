import io
import json

import pytest

from catalog.console import SafeConsole, print_json, print_table
from catalog.strangers_text import clean_line, clean_text

EVIL = "x\x1b]0;OWNED\x07\x1b[2Jy\n2  fake: published\x9b31m"


def test_no_control_character_reaches_the_terminal(capsys: pytest.CaptureFixture[str]):
    stream = io.StringIO()
    SafeConsole(file=stream).print(EVIL, markup=False)
    print_table(["title"], [[EVIL]])
    print_json({"title": EVIL})
    printed = stream.getvalue() + capsys.readouterr().out
    assert not {"\x1b", "\x07", "\x9b"} & set(printed)


def test_a_title_cannot_forge_a_line(capsys: pytest.CaptureFixture[str]):
    print_table(["title"], [["a\n2  fake"]])
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_json_keeps_every_character(capsys: pytest.CaptureFixture[str]):
    print_json({"title": EVIL})
    assert json.loads(capsys.readouterr().out) == {"title": EVIL}


def test_clean_text_keeps_lines_and_clean_line_does_not():
    assert clean_text("a\r\nb\tc\x00") == "a\nb\tc"
    assert clean_line(" a\n  b\u0085c ") == "a b c"
