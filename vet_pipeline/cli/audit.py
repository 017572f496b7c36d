"""`vet-pipeline audit list|verify|keep`: the trail of loads, decisions and acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vet_pipeline.cli.app import app
from vet_pipeline.cli.options import DEFAULT_HOME, AsJson, Home, Limit, PracticeId, example, number
from vet_pipeline.cli.output import FAILED, emit, table
from vet_pipeline.cli.practice import print_nobody
from vet_pipeline.cli.session import opened

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from sqlalchemy import Connection

    from vet_pipeline.scriptright.trail.audit import Entry

audit_app = typer.Typer(no_args_is_help=True, help="The trail of loads, decisions and acts.")
app.add_typer(audit_app, name="audit")

Practice = Annotated[
    str | None, typer.Argument(metavar="PRACTICE", help="Only this one; else all.")
]


@audit_app.command(
    "list", epilog=example("audit list oak-creek", "audit list oak-creek --act snapshot_released")
)
def list_entries(
    practice: PracticeId,
    act: Annotated[
        str | None, typer.Option("--act", help="Only such entries, as the list calls them.")
    ] = None,
    limit: Limit = 50,
    before: Annotated[
        int | None,
        typer.Option("--before", metavar="NUMBER", parser=number, help="Go on before this number."),
    ] = None,
    home: Home = DEFAULT_HOME,
    as_json: AsJson = False,
) -> None:
    """Who did what, newest first: loads, holds, releases, decisions, settings. No values."""
    with opened(home) as session:
        from vet_pipeline.scriptright.trail.acts import require_practice
        from vet_pipeline.scriptright.trail.audit import newest

        with session.connected("ops", practice) as connection:  # on-call's; there are no values
            require_practice(connection, practice)
            wanted = act and act.replace(" ", "_")
            found = newest(connection, practice, limit=limit + 1, before=before, act=wanted)
    more, found = len(found) > limit, found[:limit]
    data = {"practice": practice, "more": more, "entries": [asdict(entry) for entry in found]}
    emit(as_json, data, lambda out: _print_entries(out, practice, found, more=more))


def _print_entries(out: Console, practice: str, found: list[Entry], *, more: bool) -> None:
    if not found:
        out.print(f"{practice}: no such entry")
        return
    rows = [(e.n, e.at, e.actor, e.act.replace("_", " "), _told(e.detail)) for e in found]
    out.print(table(f"{practice}: audit", ("no.", "when", "by", "act", "what"), rows))
    if more:
        out.print(f"more: the same with --before {found[-1].n}")


def _told(detail: Mapping[str, Any], *, counts: bool = False) -> str:
    """In one line, by the names of the trail; counts last, without their zeros."""
    parts = []
    for name in sorted(detail, key=lambda name: (isinstance(detail[name], Mapping), name)):
        value = detail[name]
        if isinstance(value, Mapping):
            said = f"({_told(value, counts=name == 'counts')})"
        elif isinstance(value, list):  # of a setting: before and after, none is the default
            words = ("none" if v is None else v for v in value)
            said = " ".join(f"({_told(v)})" if isinstance(v, Mapping) else str(v) for v in words)
        else:
            said = "" if value is None or (counts and not value) else str(value)
        if said and not name.endswith("_hash"):  # in the JSON
            parts.append(f"{name} {said}")
    return ", ".join(parts)


@audit_app.command("verify", epilog=example("audit verify", "audit verify oak-creek"))
def verify(practice: Practice = None, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Check that no entry was changed, removed, moved, put in or cut off. Exit code 1: one was.

    Entries are chained by hashes; heads of the chain are kept outside the database, and compared.
    Exit code 1, too, where none of them is there any more, or a restored database has brought back
    a practice that has left.
    """
    with opened(home) as session:
        from vet_pipeline.registry.offboarding import brought_back
        from vet_pipeline.scriptright.trail.audit_heads import check
        from vet_pipeline.scriptright.trail.witness import Witness

        witness = Witness.of_home(session.home)
        with session.connected("ops") as connection:
            ids = _ids(connection, practice)
            if practice is None:  # a practice that only the witness knows was removed whole
                ids = sorted({*ids, *witness.practices()})
            trails = [check(connection, one, witness) for one in ids]
            back = [one for one in brought_back(connection, witness) if one in ids]
    found = [{**asdict(trail), "intact": trail.intact} for trail in trails]
    columns = ("practice", "intact", "entries", "first broken", "outside", "kept to", "differs at")
    rows = [
        (t.practice, t.intact, t.entries, t.first_broken_entry, t.outside, t.kept_to, t.differs_at)
        for t in trails
    ]
    is_broken = not all(trail.intact for trail in trails)
    is_lost = any(trail.outside == "lost" for trail in trails)
    emit(
        as_json,
        {"practices": found, "brought_back": back},
        lambda out: (
            _print(out, table("Audit", columns, rows), back, is_broken=is_broken, is_lost=is_lost)
            if rows
            else print_nobody(out, session)
        ),
    )
    if back or is_broken:
        raise typer.Exit(FAILED)


def _print(out: Console, trails: Table, back: list[str], *, is_broken: bool, is_lost: bool) -> None:
    from vet_pipeline.registry.offboarding import BROUGHT_BACK, erase_command
    from vet_pipeline.scriptright.trail.audit_heads import FIND_WHAT_IS_LOST

    out.print(trails)
    if is_lost:
        out.print(f"nothing is kept any more outside the database: {FIND_WHAT_IS_LOST}")
    if back:
        when = "once the trail is settled (docs/runbook.md)" if is_broken else "next"
        out.print(f"{BROUGHT_BACK}: {', '.join(back)}; {when}:")
        out.print(f"  {erase_command(back[0])}")


@audit_app.command("keep", epilog=example("audit keep", "audit keep oak-creek"))
def keep(practice: Practice = None, home: Home = DEFAULT_HOME, as_json: AsJson = False) -> None:
    """Keep the newest hash of each trail outside the database, as each load does."""
    with opened(home) as session:
        from vet_pipeline.scriptright.trail.audit_heads import keep_head
        from vet_pipeline.scriptright.trail.witness import Witness

        witness = Witness.of_home(session.home)
        with session.connected("ops") as connection:
            ids = _ids(connection, practice)
            kept = {one: keep_head(connection, one, witness) or 0 for one in ids}
    data = {"practices": [{"practice": one, "kept_to": n} for one, n in kept.items()]}
    rows = list(kept.items())

    def render(out: Console) -> None:
        if rows:
            out.print(table("Kept", ("practice", "kept to"), rows))
        else:
            print_nobody(out, session)

    emit(as_json, data, render)


def _ids(connection: Connection, practice: str | None) -> list[str]:
    from vet_pipeline.registry import practices

    if practice:
        return [practices.get(connection, practice).practice_id]
    return [p.practice_id for p in practices.list_practices(connection)]
