"""The terminal as commands print to it; apart, since rich is imported when something is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console

from vet_pipeline.cli.output import visible

if TYPE_CHECKING:
    from rich.text import Text


class Terminal(Console):
    """Prints text with what would steer a terminal written out, wherever in a line it comes from.

    Lines tell words, versions and ids of a PIMS; whoever rules that could clear the screen and
    write another verdict on it. Line ends stay.
    """

    def render_str(self, text: str, **how: Any) -> Text:
        """As rich calls it for all that isn't a Text."""
        return super().render_str(visible(text, keep="\n"), **how)
