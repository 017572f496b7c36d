"""`vet-pipeline status`: where the practices stand, one by one or as a fleet, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.failed import failed_runs
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, example
from vet_pipeline.cli.output import cell, emit, label, table
from vet_pipeline.cli.practice import print_practices
from vet_pipeline.cli.reasons import plain
from vet_pipeline.cli.session import Session, opened
from vet_pipeline.cli.watch import print_fleet
from vet_pipeline.errors import PipelineError, UnknownPractice, UsageError
from vet_pipeline.oncall.causes import is_red_after_a_load
from vet_pipeline.oncall.words import parked_step
from vet_pipeline.service_levels import is_ahead

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console

    from vet_pipeline.scriptright.telling.alerts import Trouble
    from vet_pipeline.scriptright.telling.overview import Overview


@app.command("status", epilog=example("status", "status oak-creek", "status --fleet"))
def status(
    practice: Annotated[
        str | None, typer.Argument(metavar="PRACTICE", help="Only this one; else all.")
    ] = None,
    fleet: Annotated[
        bool, typer.Option("--fleet", help="Counts of all practices by PIMS and how they stand.")
    ] = False,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Each practice's state, last load, next due time, what waits, and what to do."""
    if fleet:
        if practice:
            raise UsageError("--fleet is about all", next_step="leave the practice out")
        print_fleet(home, as_json=as_json)
        return
    with opened(home) as session:
        from vet_pipeline.scriptright.postgres.database import now_by_database
        from vet_pipeline.scriptright.telling.overview import not_taken, overview

        with session.connected("ops") as connection:
            now = now_by_database(connection)  # as for the fleet: this machine's clock may be off
            found = overview(connection, practice)
            left_out = not_taken(connection, practice) if practice else []
        if practice and not found:
            raise UnknownPractice.named(practice)
        failures = {
            run.practice: run for run in failed_runs(session, practice) if run.kind == "copy"
        }
        lines = [_line(session, one, failures.get(one.practice_id), now) for one in found]
        if practice:
            lines[0] |= {"not_taken": [asdict(one) for one in left_out]}
    emit(as_json, {"practices": lines}, lambda out: _print_status(out, session, lines, practice))


def _line(
    session: Session, one: Overview, failure: Trouble | None, now: datetime
) -> dict[str, Any]:
    state, todo = _state(session, one, failure, now)
    return {
        "practice": one.practice_id,
        "pims": one.pims,
        "state": state,
        "what_to_do": todo,
        "applied_snapshot": one.applied_snapshot,
        "loads": one.loads,
        "last_success_at": one.last_success_at,
        "next_due_at": one.next_due_at,
        "latest_by": one.standing.latest,
        "late": one.standing.is_overdue(now),
        "mostly_refused": list(one.mostly_refused),
        "held_snapshot": one.held_snapshot,
        "held_rules": list(one.held_rules),
        "open_suggestions": one.open_suggestions,
        "open_matches": one.open_matches,
        "open_link_reviews": one.open_link_reviews,
        "held_prescriptions": one.held_prescriptions,
        "links_held_back": one.links_held_back,
        "email": one.email,
        "email_error": one.email_error,
        "last_counts": one.last_counts,
        "last_failure": failure and asdict(failure),
    }


def step_of_hold(session: Session, practice_id: str, seq: int) -> str:
    """What to do about a held snapshot: release it, or read anew where no run applies it."""
    from vet_pipeline.at_hand import why_never_applied
    from vet_pipeline.registry.practices import registered
    from vet_pipeline.scriptright.decisions.holds import release_command

    try:
        why = why_never_applied(session.store, registered(session.engine, practice_id), seq)
    except PipelineError:  # of the store or the connector: whoever releases is told
        why = ""
    if why:
        return f"snapshot {seq} {why}, so it is read anew: vet-pipeline run {practice_id}"
    return (
        f"look at the PIMS; if the snapshot is right: {release_command(practice_id, seq)},"
        " else have it corrected and run again"
    )


def _state(
    session: Session, one: Overview, failure: Trouble | None, now: datetime
) -> tuple[str, str]:
    """The most pressing thing about a practice, and the next step: all, where it is copied."""
    if not_copied := _not_copied(session, one, failure, now):
        return not_copied
    wants = list(_wants(one))
    return wants[0][0], "; also: ".join(todo for _, todo in wants if todo)


def _not_copied(
    session: Session, one: Overview, failure: Trouble | None, now: datetime
) -> tuple[str, str] | None:
    """Why nothing more is copied of it, and the next step; None where its copy is in order."""
    again = f"vet-pipeline run {one.practice_id}"
    if one.registry_state != "active":
        reason = f": {one.state_reason}" if one.state_reason else ""
        if one.registry_state == "offboarded":
            return one.state_reason or one.registry_state, ""
        is_red = failure is not None and is_red_after_a_load(failure.cause)
        when = "once its ledger is settled" if is_red else "on the practice's word"
        todo = f"{when}: vet-pipeline practice resume {one.practice_id} --by NAME"
        return one.registry_state + reason, todo
    if one.held_snapshot is not None:
        return "held", step_of_hold(session, one.practice_id, one.held_snapshot)
    if failure is not None:
        return "failed", failure.next_step
    if one.released_snapshot is not None:
        return "released", again
    if is_ahead(one.last_success_at, now):
        return "clock was ahead", again
    if one.standing.is_overdue(now):
        return "late", again
    return None


def _wants(one: Overview) -> Iterator[tuple[str, str]]:
    """What a person has to do about a practice that is copied, most pressing first."""
    if one.email == "parked":
        yield "email parked", parked_step(one.practice_id, one.email_error or "")
    if one.last_success_at is None:
        yield "new", f"vet-pipeline run {one.practice_id}"
        return
    if one.mostly_refused:
        yield (
            "mostly refused",
            (
                f"most {' and '.join(f'{record}s' for record in one.mostly_refused)} can't be taken;"
                f" vet-pipeline status {one.practice_id} says why: have that corrected in the PIMS, or"
                " set how it writes dates (docs/runbook.md)"
            ),
        )
    if one.links_held_back:  # its step lists what waits
        yield (
            "links held back",
            (
                "the match scores look unlike what the model knows, so the machine links nothing:"
                f" vet-pipeline link sample {one.practice_id} --possible, then decide each (link list),"
                f" or let it link: practice set {one.practice_id} matching.accept_drift=true --by NAME"
            ),
        )
    else:
        yield "ok", _waits(one)
    if one.unknown_words:
        yield (
            "ok",
            (
                "a word on pets that isn't understood may say dead, and nobody is dead by it: ask the practice"
                f" (connector check shows such words), then vet-pipeline practice set {one.practice_id}"
                ' deceased_words="WORD, WORD" (or alive_words) --by NAME'
            ),
        )


def _waits(one: Overview) -> str:
    """The command that lists what waits for a person; blank where nothing does."""
    counts = one.last_counts or {}
    # With a row that may be another's and of which all was rejected: no number is open.
    pets = counts.get("pets_waiting") and not counts.get("clients_possible")
    if one.open_matches or one.open_link_reviews or (pets and not one.open_suggestions):
        return f"vet-pipeline link list {one.practice_id}"
    if one.open_suggestions:
        return f"vet-pipeline review list {one.practice_id}"
    return f"vet-pipeline review labels {one.practice_id}" if one.held_prescriptions else ""


def _print_status(
    out: Console, session: Session, lines: list[dict[str, Any]], practice: str | None
) -> None:
    if practice:
        facts = [(label(name), _plain(value)) for name, value in lines[0].items()]
        out.print(table(f"Practice {practice}", ("what", "value"), facts))
        return
    columns = ("practice", "PIMS", "state", "last load", "next due", "suggestions", "matches",
               "email", "what to do")  # fmt: skip
    rows = [
        (line["practice"], line["pims"], _state_and_kind(line), line["last_success_at"],
         line["next_due_at"], line["open_suggestions"], line["open_matches"], line["email"],
         line["what_to_do"])
        for line in lines
    ]  # fmt: skip
    print_practices(out, session, columns, rows)


def _state_and_kind(line: dict[str, Any]) -> str:
    """The state; of a failed practice with the kind of error, which no next step names."""
    failed = line["state"] == "failed"
    return f"failed: {line['last_failure']['error']}" if failed else str(line["state"])


def _plain(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return tuple(
            f"{v['record']} {plain(v['field'] or v['scope'])}, {plain(v['reason'])}: {v['rows']:,}"
            for v in value
        )
    if isinstance(value, list):
        return ", ".join(plain(str(part)) for part in value)
    if isinstance(value, dict):
        return tuple(f"{label(name)}: {cell(part)}" for name, part in sorted(value.items()))
    return value
