"""Numbers of tables and figures, in the order in which they appear on the page."""

from __future__ import annotations

from itertools import count


class Numbering:
    """Hands out `Table 1`, `Table 2`, ... and `Figure 1`, ...; empty ones are never counted."""

    def __init__(self) -> None:
        self._tables, self._figures = count(1), count(1)

    def table(self) -> str:
        """What the next table is called."""
        return f"Table {next(self._tables)}"

    def figure(self) -> str:
        """What the next figure is called."""
        return f"Figure {next(self._figures)}"
