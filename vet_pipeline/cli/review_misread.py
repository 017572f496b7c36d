"""`vet-pipeline review misread`: what was copied and is read otherwise by now."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, PracticeId, example
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.review import review_app
from vet_pipeline.cli.session import opened
from vet_pipeline.cli.values import BLANK, both_in_words

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.misread import Misread


@review_app.command("misread", epilog=example("review misread oak-creek"))
def misread(practice: PracticeId, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Values of an earlier release or settings that are read otherwise by now; changes nothing."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions.misread import find_misread

        with session.records_of(practice) as connection:
            found = find_misread(connection, practice)
    data = {"practice": practice, "values": [asdict(one) for one in found]}
    emit(as_json, data, lambda out: _print(out, practice, found))


def _print(out: Console, practice: str, found: list[Misread]) -> None:
    if not found:
        out.print(f"{practice}: nothing was copied that is read otherwise by now")
        return
    rows = []
    for one in found:
        held, read = both_in_words(one.held, one.read)
        rows.append(
            (f"{one.record} {one.record_id}", one.pims_id, one.field, held or BLANK, read or BLANK)
        )
    columns = ("record", "in the PIMS", "field", "ScriptRight", "read by now")
    out.print(table(f"{practice}: copied, and read otherwise by now", columns, rows))
    out.print("no load corrects these: have those that are wrong corrected in ScriptRight")
