"""`vet-pipeline practice offboard`: a practice leaves, and its copied data are erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, By, Home, PracticeId
from vet_pipeline.cli.output import emit, label, table
from vet_pipeline.cli.practice import practices_app
from vet_pipeline.cli.session import opened

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.registry.offboarding import Receipt

_EXAMPLE = """
**Examples**

`vet-pipeline practice offboard oak-creek --by "Dana Field"` (what would be erased and kept)

`vet-pipeline practice offboard oak-creek --by "Dana Field" --erase` (do it, for good)
"""


@practices_app.command("offboard", epilog=_EXAMPLE)
def offboard(
    practice: PracticeId,
    by: By,
    erase: Annotated[
        bool, typer.Option("--erase", help="Do it. Without it, only show what would happen.")
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Erase what was copied from a practice, for good; prescriptions and renames stay.

    Safe to repeat: a killed one is finished, a finished one shows its receipt again.
    """
    with opened(home) as session:
        from vet_pipeline.registry import offboarding
        from vet_pipeline.snapshots.purge import places

        if erase:
            from automation.instance import forget_practice

            with session.dagster_that_answers() as instance:
                receipt = offboarding.erase(
                    session.engine, session.store, practice, by=by, home=session.home
                )
                forget_practice(instance, practice)
        else:
            receipt = offboarding.preview(session.engine, practice, by=by, home=session.home)
        everywhere = places(session.store, session.home)
        snapshots = sum(len(place.snapshots(practice)) for place in everywhere)
    data = {"done": erase, **receipt.as_dict(), "snapshots_left": snapshots}
    emit(as_json, data, lambda out: _print(out, receipt, snapshots, done=erase))


def _print(out: Console, receipt: Receipt, snapshots: int, *, done: bool) -> None:
    told = "erased" if done else "would be erased"
    rows = [(label(name), told, n) for name, n in receipt.erased.items()]
    rows += [(label(name), "kept", n) for name, n in receipt.kept.items()]
    if not done:
        rows.append(("snapshots", told, snapshots))
    out.print(table(f"Offboarding of {receipt.practice}", ("what", "", "rows"), rows))
    if done:
        out.print(f"offboarded by {receipt.by} at {receipt.at:%Y-%m-%d %H:%M} UTC, for good")
    else:
        out.print("nothing is erased yet, and it can't be taken back; next:")
        out.print(f"  vet-pipeline practice offboard {receipt.practice} --by NAME --erase")
