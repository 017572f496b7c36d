"""`vet-pipeline link join`: two records that are one, of which the machine knew nothing."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.decided import print_marked
from vet_pipeline.cli.link import Kind, PimsId, link_app, matcher_of
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId, number
from vet_pipeline.cli.output import emit
from vet_pipeline.cli.session import opened

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.links import Joined

_EXAMPLE = """
**Examples**

`vet-pipeline link explain oak-creek client C17 --with 42` (both sides, and their mark)

`vet-pipeline link join oak-creek client C17 42 --shown 3f2a... --by "Dana Field"`
"""


@link_app.command("join", epilog=_EXAMPLE)
def join(
    practice: PracticeId,
    kind: Kind,
    pims_id: PimsId,
    record_id: Annotated[
        int,
        typer.Argument(metavar="ID", parser=number, help="The ScriptRight record it is."),
    ],
    shown: Annotated[
        str, typer.Option("--shown", help="The mark of the two in `link explain --with ID`.")
    ],
    by: By,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """The same, though nothing proposed it: lead a PIMS record to another ScriptRight record.

    The record that it has of its own goes, and a client's pets move along. Refused where that is
    more than a copy: edited in the web shop, or named by a prescription. `link undo` undoes it.
    """
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions import links

        joined = links.join(
            session.engine,
            practice,
            kind,
            pims_id,
            record_id,
            by=by,
            shown=shown,
            match=matcher_of(session, practice),
        )
    emit(as_json, asdict(joined), lambda out: _print_joined(out, practice, joined))


def _print_joined(out: Console, practice: str, joined: Joined) -> None:
    from vet_pipeline.scriptright.decisions.candidate_list import how_to_look
    from vet_pipeline.scriptright.records.identity import Pair

    out.print(f"PIMS {joined.record} {joined.pims_id} now feeds {joined.record} {joined.record_id}")
    if joined.gone is not None:
        out.print(f"{joined.record} {joined.gone}, which it had of its own, is gone")
    if joined.moved_pets:
        pets = ", ".join(map(str, joined.moved_pets))
        out.print(f"client {joined.record_id} has these pets now, too: {pets}")
    print_marked(out, joined.prescriptions)
    if joined.gone_pets:
        pets = ", ".join(map(str, joined.gone_pets))
        out.print(f"gone as well, since they are pets that the client had: {pets}")
    for asked in joined.alike:
        out.print(f"one pet? {how_to_look(practice, Pair('pet', *asked))}")
    out.print(f"what differs waits for a person: vet-pipeline review list {practice}")
