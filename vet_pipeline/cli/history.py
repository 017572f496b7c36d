"""`vet-pipeline history`: everything that happened to a client or a pet, and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, PracticeId
from vet_pipeline.cli.output import emit, label, table
from vet_pipeline.cli.session import opened
from vet_pipeline.cli.values import BLANK, both_in_words, in_words
from vet_pipeline.errors import UnknownItem, UsageError

if TYPE_CHECKING:
    from rich.console import Console
    from sqlalchemy import Connection

    from vet_pipeline.policy import Record
    from vet_pipeline.scriptright.trail.history import Event, History

_EXAMPLE = """
**Examples**

`vet-pipeline history oak-creek --client 42` (by ScriptRight's id)

`vet-pipeline history oak-creek --pet 500017 --pims` (by the PIMS's id)
"""


@app.command("history", epilog=_EXAMPLE)
def history(
    practice: PracticeId,
    client: Annotated[
        str | None, typer.Option("--client", metavar="ID", help="The client's number.")
    ] = None,
    pet: Annotated[str | None, typer.Option("--pet", metavar="ID", help="Or the pet's.")] = None,
    pims: Annotated[
        bool, typer.Option("--pims", help="The id is the PIMS's, not ScriptRight's.")
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """What a record holds, and what changed: when, why and by whom. Shows client data."""
    if (client is None) == (pet is None):
        raise UsageError("one record is asked for", next_step="give --client ID or --pet ID")
    record: Record = "client" if client is not None else "pet"
    given = client if client is not None else pet or ""
    if not pims and not given.isdecimal():
        raise UsageError(
            "a ScriptRight id is a whole number",
            next_step="give one, or add --pims for an id of the PIMS",
            practice_id=practice,
        )
    with opened(home) as session:
        from vet_pipeline.scriptright.trail.history import history_of

        with session.records_of(practice) as connection:
            record_id = _fed_by(connection, practice, record, given) if pims else int(given)
            told = history_of(connection, practice, record, record_id)
    emit(as_json, asdict(told), lambda out: _print(out, told))


def _fed_by(connection: Connection, practice: str, record: Record, pims_id: str) -> int:
    """The ScriptRight record that the PIMS record feeds; raises UnknownItem."""
    from vet_pipeline.scriptright.records.writes import records_fed

    found = records_fed(connection, practice, record, [pims_id])
    if not found:
        raise UnknownItem(
            f"no {record} of ScriptRight comes from that PIMS id",
            next_step=f"it may wait for a person: see `vet-pipeline link list {practice}`",
            practice_id=practice,
        )
    return found[pims_id]


_FED = ("client_id", "pet_id")


def _print(out: Console, told: History) -> None:
    asked = _asked(told)
    holds = [
        (field, said, asked.get(field, ""))
        for field, value in told.holds.items()
        if (said := in_words(value)) or field in asked
    ]
    if told.pets:
        holds.append(("pets", ", ".join(map(str, told.pets)), ""))
    if holds:
        heads = ("field", "ScriptRight", "waits for a person")
        out.print(table(f"{told.record} {told.record_id} by now", heads, holds))
    rows = [
        (
            event.at,
            _what(event),
            event.field,
            *_sides(event),
            _why(event),
            _by(event),
        )
        for event in told.events
    ]
    columns = ("when", "what", "field", "from", "to", "why", "by")
    out.print(table(f"{told.record} {told.record_id}", columns, rows))


def _asked(told: History) -> dict[str, str]:
    """Of each field, what is asked about it and nobody has answered yet."""
    still: dict[int, Event] = {}
    for event in told.events:
        if event.kind in ("suggestion_opened", "suggestion_reopened"):
            still[event.detail["suggestion_id"]] = event
        elif event.kind.startswith("suggestion_"):
            still.pop(event.detail["suggestion_id"], None)
    asked: dict[str, list[str]] = {}
    for number, event in still.items():
        words = f"no. {number}: {both_in_words(event.old, event.new)[1] or BLANK}"
        asked.setdefault(event.field or "", []).append(words)
    return {field: "; ".join(words) for field, words in asked.items()}


def _what(event: Event) -> str:
    """What happened; which prescription, where it is one of the pet's."""
    of = f"prescription {event.record_id} " if event.record == "prescription" else ""
    return of + event.kind.replace("_", " ")


def _sides(event: Event) -> tuple[str, str]:
    """From what to what; of a link only which record it fed: the rest stands at its own line."""
    old, new = event.old, event.new
    if event.field == "link":
        old, new = ({k: v for k, v in (side or {}).items() if k in _FED} for side in (old, new))
    return both_in_words(old, new)


def _by(event: Event) -> str:
    if event.by or event.snapshot:
        return event.by or f"snapshot {event.snapshot}"
    return "" if event.kind == "created" else "pipeline"  # a Home Delivery record


def _why(event: Event) -> str:
    parts = [f"PIMS {event.pims_id}"] if event.pims_id else []
    for name, value in event.detail.items():
        if value in (None, [], ""):
            continue
        if isinstance(value, float):
            parts.append(f"{name} {value:.1f}")
        elif name in {"cause", "reason", "method", "origin", "statement"}:
            parts.append(label(str(value)))
        else:
            parts.append(f"{label(name)} {value}")
    return ", ".join(parts)
