"""Text that strangers wrote, made safe to store, to compare and to print.

Control characters can move a terminal's cursor, forge lines and set window titles.
"""

from __future__ import annotations

import re
import unicodedata

_C1 = re.compile("[\x7f-\x9f]")


def clean_line(text: str) -> str:
    """The text on one line: control characters become spaces, runs of white space one."""
    return " ".join(_replace_controls(text, keep="").split())


def clean_text(text: str) -> str:
    """The text with its line ends and tabs, without other control characters."""
    return _replace_controls(text.replace("\r\n", "\n"), keep="\n\t").strip()


def escape_c1(text: str) -> str:
    r"""JSON text with the control characters that JSON allows but terminals obey as `\u00xx`."""
    return _C1.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def fold_hashtag(name: str) -> str:
    """The form in which a tag is stored and compared, without `#`: one for all forms and cases."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).removeprefix("#")


def fold_words(text: str) -> str:
    """Lower case in every script, without accents, with words parted by single spaces."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    bare = unicodedata.normalize("NFKC", bare).replace("'", "").replace("\u2019", "")
    return " ".join(re.findall(r"\w+", bare))


def _replace_controls(text: str, *, keep: str) -> str:
    return "".join(
        " " if unicodedata.category(each) in ("Cc", "Cs") and each not in keep else each
        for each in text
    )
