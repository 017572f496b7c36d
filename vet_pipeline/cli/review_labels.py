"""`vet-pipeline review labels`: prescriptions that a pet's new name or owner holds up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from vet_pipeline.cli.options import DEFAULT_HOME, After, AsJson, Home, Limit, PracticeId, example
from vet_pipeline.cli.output import emit, table
from vet_pipeline.cli.review import review_app
from vet_pipeline.cli.session import opened
from vet_pipeline.cli.values import BLANK

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.scriptright.decisions.labels import HeldLabel


@review_app.command("labels", epilog=example("review labels oak-creek"))
def labels(
    practice: PracticeId,
    limit: Limit = 100,
    after: After = 0,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Prescriptions that need a new one, or whose pet has another owner; changes nothing."""
    with opened(home) as session:
        from vet_pipeline.scriptright.decisions.labels import held_labels

        with session.records_of(practice) as connection:
            found = held_labels(connection, practice, limit=limit + 1, after=after)
    more, found = len(found) > limit, found[:limit]
    data = {"practice": practice, "more": more, "prescriptions": [asdict(one) for one in found]}
    emit(as_json, data, lambda out: _print(out, practice, found, more=more))


def _print(out: Console, practice: str, found: list[HeldLabel], *, more: bool) -> None:
    if not found:
        out.print(f"{practice}: no prescription waits for a new one")
        return
    rows = [
        (
            one.prescription_id,
            one.drug,
            one.label_name,
            _needed(one),
            (f"client {one.client_id}", one.client),
            _pet(one),
            one.since,
            one.by,
        )
        for one in found
    ]
    columns = ("no.", "drug", "label", "needs", "for", "pet by now", "since", "by")
    out.print(table(f"{practice}: prescriptions that are held", columns, rows))
    out.print(
        "each is seen to in ScriptRight: end it once a new one is written, or make it active as it is"
    )
    if more:
        out.print(f"more: the same with --after {found[-1].prescription_id}")


def _needed(one: HeldLabel) -> str:
    if one.new_name is not None:
        return f"a new one for {one.new_name}"
    return "owner changed" + (", and back" if one.owner_id == one.client_id else "")


def _pet(one: HeldLabel) -> tuple[str, ...]:
    owner = () if one.owner_id == one.client_id else (f"of client {one.owner_id}", one.owner)
    died = ("deceased",) if one.pet_deceased else ()
    return (f"pet {one.pet_id}", one.pet or BLANK, *died, *owner)
