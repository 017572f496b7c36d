"""`vet-pipeline plan`: what a run would change. Reads the PIMS, changes nothing in ScriptRight."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, PracticeId
from vet_pipeline.cli.output import HELD, emit, marked, table
from vet_pipeline.cli.progress import reading
from vet_pipeline.cli.reasons import plain
from vet_pipeline.cli.run import require_ours
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.cli.values import BLANK, both_in_words
from vet_pipeline.counted import counted

if TYPE_CHECKING:
    from rich.console import Console

    from vet_pipeline.deltas.delta import Delta
    from vet_pipeline.deltas.guards import GuardBreach

_EXAMPLE = """
**Examples**

`vet-pipeline plan oak-creek` (counts only)

`vet-pipeline plan oak-creek --show` (old and new values, for your eyes)

Exit code 3: a guard would hold this snapshot for a person.
"""


@app.command("plan", epilog=_EXAMPLE)
def plan(
    practice: PracticeId,
    show: Annotated[
        bool, typer.Option("--show", help="Print old and new values: client data on your screen.")
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Read the PIMS and say what a run would change; nothing is changed."""
    with opened(home) as session:
        require_ours(session, practice)
        delta, breaches, notes = compare(session, practice, quiet=as_json)
    data = as_data(delta, breaches, notes)
    if show:
        data["changes"] = [
            {**change, "old": json.loads(change["old"]), "new": json.loads(change["new"])}
            for change in delta.changes.to_dict("records")
        ]
    emit(as_json, data, lambda out: _print(out, data))
    if breaches:
        raise typer.Exit(HELD)


def compare(
    session: Session, practice_id: str, *, quiet: bool
) -> tuple[Delta, list[GuardBreach], tuple[str, ...]]:
    """The delta of a run, the guards' opinion, which isn't recorded, and the read's notes.

    Leaves the snapshot in the store, as a run would.
    """
    from vet_pipeline import job
    from vet_pipeline.guards_opinion import look_at
    from vet_pipeline.registry.practices import registered

    practice = registered(session.engine, practice_id)
    with reading(practice_id, quiet=quiet) as progress:
        manifest, delta = job.compare(session.engine, session.store, practice, progress=progress)
    breaches, delta = look_at(session.engine, practice, delta)
    return delta, breaches, manifest.notes


def as_data(delta: Delta, breaches: list[GuardBreach], notes: tuple[str, ...]) -> dict[str, Any]:
    """The plan in counts."""
    from vet_pipeline.normalize.first_copy import oddities_of_clients, oddities_of_weights

    keys = ["record", "field", "action", "reason"]
    by_field = delta.changes.groupby(keys, sort=True, as_index=False).size()
    out = delta.quarantine
    # A unit that nobody knows, or two that differ, no setting takes the place of.
    named = int(out.loc[out["field"] == "weight_unit", "rows"].sum())
    without_unit = int((delta.pets.rows["weight_unit"] == "unknown").sum()) - named
    return {
        "practice": delta.snapshot.practice_id,
        "snapshot": delta.snapshot.seq,
        "first_load": delta.is_first_load,
        "clients": delta.clients.counts(),
        "pets": delta.pets.counts(),
        "changes_by_field": by_field.rename(columns={"size": "count"}).to_dict("records"),
        "quarantine": out.to_dict("records"),
        "weights_without_unit": without_unit,
        "mind": [
            *(oddities_of_clients(delta.clients.rows) if delta.is_first_load else ()),
            *oddities_of_weights(delta.pets.rows, delta.snapshot.read_at.date()),
        ],
        "would_be_held": [breach.as_dict() for breach in breaches],
        "notes": list(notes),
    }


def _print(out: Console, data: dict[str, Any]) -> None:
    first = ", the first load" if data["first_load"] else ""
    title = f"{data['practice']}: what snapshot {data['snapshot']} would change{first}"
    columns = ("", *data["clients"])
    rows = [(name, *data[name].values()) for name in ("clients", "pets")]
    out.print(table(title, columns, rows))
    for note in data["notes"]:
        out.print(f"read: {note}")
    if data["changes_by_field"]:
        fields = ("record", "field", "action", "reason", "count")
        rows = [
            (c["record"], plain(c["field"]), c["action"], plain(c["reason"]), c["count"])
            for c in data["changes_by_field"]
        ]
        out.print(table("Changes to known records", fields, rows))
    if data["quarantine"]:
        heads = ("record", "scope", "field", "reason", "count")
        rows = [
            (e["record"], e["scope"], plain(e["field"]), plain(e["reason"]), e["rows"])
            for e in data["quarantine"]
        ]
        out.print(table("Not taken", heads, rows))
    if data["first_load"]:
        _print_advice(out, data)
    for odd in data["mind"]:
        out.print(marked(("mind:", "bold"), f" {odd}"))
    if "changes" in data:
        _print_values(out, data["changes"])
    for breach in data["would_be_held"]:
        share = f": {breach['counted']} of {breach['of']}" if breach["of"] else ""
        rule = breach["rule"].replace("_", " ")
        out.print(marked(("would be held:", "bold red"), f" {rule}{share}"))
    look = "look at the PIMS, then " if data["would_be_held"] else ""
    out.print(f"Nothing was changed. next: {look}vet-pipeline run {data['practice']}")


def _print_values(out: Console, changes: list[dict[str, Any]]) -> None:
    if not changes:
        out.print("no value of a known record changes")
        return
    rows = []
    for one in changes:
        old, new = (said or BLANK for said in both_in_words(one["old"], one["new"]))
        rows.append((one["record"], one["pims_id"], one["field"], old, new, one["action"]))
    out.print(table("Values", ("record", "PIMS id", "field", "old", "new", "action"), rows))


def _print_advice(out: Console, data: dict[str, Any]) -> None:
    """Settings to make before the first copy: what that one leaves out they don't bring back."""
    from vet_pipeline.normalize.dates import ORDER_UNKNOWN, date_order_advice
    from vet_pipeline.normalize.deceased import unknown_word_advice
    from vet_pipeline.normalize.weights import unit_advice

    if without := data["weights_without_unit"]:
        out.print(
            marked(
                (f"{counted(without, 'weight')} without a unit", "bold"),
                f": {unit_advice(data['practice'])}",
            )
        )
    left_out = {(entry["field"], entry["reason"]) for entry in data["quarantine"]}
    if any(reason == ORDER_UNKNOWN for _, reason in left_out):
        out.print(
            marked((plain(ORDER_UNKNOWN), "bold"), f": {date_order_advice(data['practice'])}")
        )
    if left_out & {("deceased_flag", "unknown_word"), ("status", "unknown_word")}:
        copied = "who is dead by such a word alone isn't copied as dead"
        advice = unknown_word_advice(data["practice"])
        out.print(marked(("unknown word", "bold"), f": {copied}; {advice}"))
    if ("weight_unit", "implausible_unit") in left_out:
        out.print(
            marked(
                ("implausible unit", "bold"),
                ": weights that no animal of the kind has in the unit that is given or set, as of grams among"
                " pounds, are copied without a unit and kilograms; before the first copy have the practice, or the"
                " view or export, say the unit of each",
            )
        )
