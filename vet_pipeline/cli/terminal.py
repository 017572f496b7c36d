"""What rich prints: the terminal and its tables; apart, since rich is imported only to print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.measure import measure_renderables
from rich.table import Table
from rich.text import Text

from vet_pipeline.cli.output import visible

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderResult

_NARROW = 140  # columns, as pipes have; below, no cell is to be a pillar of words


class Terminal(Console):
    """Prints text with what would steer a terminal written out, wherever in a line it comes from.

    Lines tell words, versions and ids of a PIMS; whoever rules that could clear the screen and
    write another verdict on it. Line ends stay.
    """

    def render_str(self, text: str, **how: Any) -> Text:
        """As rich calls it for all that isn't a Text."""
        return super().render_str(visible(text, keep="\n"), **how)

    def print(self, *objects: Any, **how: Any) -> None:
        """A line stays one, whatever the width: a command that is copied from it is whole."""
        lines = all(isinstance(one, str | Text) for one in objects)
        rows = any(isinstance(one, Rows) for one in objects)
        super().print(*objects, **({"soft_wrap": lines, "crop": not rows} | how))


class Rows(Table):
    """A table; where there is no room for its words one paragraph a row.

    No word is broken, nor a line of such a paragraph: nobody copies an id or a command by halves.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What Rich prints."""
        if not self.rows or self._fits(console, options):
            yield from super().__rich_console__(console, options)
            return
        if self.title:
            yield console.render_str(str(self.title), style=self.title_style or "")
        names = [str(column.header) for column in self.columns]
        wide = max(map(len, names))
        for cells in zip(*(column.cells for column in self.columns), strict=True):
            for name, cell in zip(names, cells, strict=True):
                if cell != "":
                    said = visible(str(cell), keep="\n").replace("\n", f"\n{'':{wide + 1}}")
                    named = (f"{visible(name):{wide}} ", "dim")
                    yield Text.assemble(named, said, no_wrap=True, overflow="ignore")
            yield Text()

    def _fits(self, console: Console, options: ConsoleOptions) -> bool:
        """Whether each column has room for its longest word; what is left goes to who wants least.

        Rich shrinks the widest columns first, and breaks their words while others have blanks.
        """
        sizes = [
            measure_renderables(console, options.update_width(10_000), [c.header, *c.cells])
            for c in self.columns
        ]
        room = options.max_width - 3 * len(sizes) - 1 - sum(size.minimum for size in sizes)
        if room < 0:
            return False
        wanted = sorted(zip(sizes, self.columns, strict=True), key=lambda one: one[0].span)
        for served, (size, column) in enumerate(wanted):
            more = min(size.span, room // (len(wanted) - served))
            column.width, room = size.minimum + more, room - more
        # Of `what` and `value` nothing would be left.
        roomy = len(wanted) < 3 or options.max_width >= _NARROW
        return roomy or all(4 * (c.width or 0) >= size.maximum for size, c in wanted)
