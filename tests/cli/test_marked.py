"""Prescriptions that an act has changed, as the terminal tells of them."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from vet_pipeline.cli.decided import print_marked
from vet_pipeline.scriptright.records.consequences import Consequence


def test_a_prescription_that_changed_twice_in_one_act_is_told_once_as_it_is_left() -> None:
    """Undoing a link takes its mark back, and a name that is past by now marks it anew."""
    marked = "needs_new_prescription"
    effects = [
        Consequence(7, 1, 2, "Rex", marked, "active", None),
        Consequence(8, 1, 2, "Rex", "active", "owner_changed", None, owner_changed=True),
        Consequence(7, 1, 2, "Rex", "active", marked, "Max"),
    ]
    out = Console(file=StringIO(), width=100)
    print_marked(out, effects)
    assert out.file.getvalue().splitlines() == [  # type: ignore[attr-defined]
        "   prescription 7: needs new prescription",
        "   prescription 8: owner changed, and its client isn't the pet's owner any more",
    ]
