"""A table that a narrow terminal shows row by row: a command broken in mid-word can't be copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_NARROW = 100  # columns; pipes and wider terminals get the table whatever its words


class Rows(Table):
    """Drawn as a table where its longest words have room, else as one paragraph a row."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What Rich prints."""
        wide = self.__rich_measure__(console, options.update_width(10_000)).minimum
        if options.max_width >= _NARROW or wide <= options.max_width or not self.rows:
            yield from super().__rich_console__(console, options)
            return
        if self.title:
            yield console.render_str(str(self.title), style=self.title_style or "")
        names = [str(column.header) for column in self.columns]
        for cells in zip(*(column.cells for column in self.columns), strict=True):
            row = Table.grid(padding=(0, 1))
            row.add_column(style="dim", no_wrap=True, min_width=max(map(len, names)))
            row.add_column(overflow="fold")
            for name, cell in zip(names, cells, strict=True):
                if cell != "":
                    row.add_row(name, cell)
            yield row
            yield Text()
