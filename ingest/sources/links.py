"""Recordings from a CSV of links: a column `url`, and as it likes `title`, `performer`, `license`.

What a row does not tell is learned when its recording is fetched. A link to a list is not
followed here: save it as a search of its own.
"""

from __future__ import annotations

import csv
from pathlib import Path

from catalog.errors import InputError
from catalog.songs import Found
from ingest.addresses import public_address
from ingest.canonical import canonical_url
from ingest.sources.description import Description, is_address

MAX_BYTES = 10 * 1024**2


def find_recordings(path: Path) -> list[Found]:
    """The rows of a CSV, each address once. UTF-8, with or without a byte order mark.

    Raises:
        InputError: naming the file, the line and what is wrong with it.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is not usable: larger than 10 MiB")
        with path.open(newline="", encoding="utf-8-sig") as opened:
            rows = csv.DictReader(opened, skipinitialspace=True)
            if "url" not in (rows.fieldnames or ()):
                raise InputError(f"{path} is not usable: its first line names no column `url`")
            found = [_read_row(path, rows.line_num, row) for row in rows if any(row.values())]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    return list({each.canonical_url: each for each in found}.values())


def _read_row(path: Path, line: int, row: dict[str, str]) -> Found:
    address = (row.get("url") or "").strip()
    if not is_address(address) or canonical_url(address) is None:
        raise InputError(f"{path}, line {line}: {address[:80]!r} is not an address on the web")
    described = {
        "title": row.get("title"),
        "uploader": row.get("performer"),
        "license": row.get("license"),
        "webpage_url": address,
    }
    return Description.from_untrusted(described).as_found(
        source="web", source_id=address, location=address, fallback=public_address(address)
    )
