"""What became of known records in the PIMS: automatic changes applied, manual ones suggested.

The delta says what changed there and what the policy allows; here each change meets the record
as ScriptRight holds it now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, text

from vet_pipeline.policy import FIELD, Field, Record
from vet_pipeline.scriptright.apart import said_now
from vet_pipeline.scriptright.apply_staging import RECORDS, LoadInHand
from vet_pipeline.scriptright.apply_writes import PendingWrites
from vet_pipeline.scriptright.merge import Outcome, Shadow, settle, shadow_after_change
from vet_pipeline.scriptright.pims_values import pims_values
from vet_pipeline.scriptright.values import Value, canonical
from vet_pipeline.scriptright.writes import held


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the delta, with the record that it reaches."""

    field: Field
    pims_id: str
    record_id: int
    old: Value
    new: Value
    action: str
    reason: str


def apply_changes(load: LoadInHand, writes: PendingWrites, *, known_at: datetime | None) -> None:
    """Settle every change of the delta. `known_at`: when the baseline's snapshot was read."""
    known_on = known_at.date().isoformat() if known_at else ""
    for record in RECORDS:
        changes, shadows = _changes(load, record)
        writes.read(record, {c.record_id for c in changes})
        for rivals in _by_value(changes):
            _settle_rivals(load, writes, rivals, known_on)
        for change in changes:
            shadow = shadows.get(change.pims_id)
            if shadow is not None:
                moved = shadow_after_change(
                    shadow,
                    change.field,
                    change.new,
                    change.action,
                    change.reason,
                    load.load_id,
                    known_on=known_on,
                )
                shadows[change.pims_id] = said_now(moved, change.field, change.new)
                writes.move_shadow(record, change.pims_id, shadows[change.pims_id])


def _settle_rivals(
    load: LoadInHand, writes: PendingWrites, rivals: list[Change], known_on: str
) -> None:
    """Changes of one value; more than one when several PIMS records feed the record.

    They disagree: the newest weighing wins, dead wins, and an email is a person's question. So is
    a pet that is alive again while another of its PIMS records, changed or not, says dead.
    """
    field = rivals[0].field
    emails = {json.dumps(c.new) for c in rivals if c.action == "apply"}
    unsure = field.name == "email" and len(emails) > 1
    dead = field.name == "deceased" and _says_dead(load, rivals)
    for change in sorted(rivals, key=_precedence):
        if field.name == "owner":
            _settle_owner(load, writes, change)
            continue
        current = held(field, writes.row(field.record, change.record_id))
        outcome, reason = settle(
            field, current, change.new, change.action, change.reason, known_on=known_on
        )
        alive = dead and not change.new["deceased"]
        if outcome == "apply" and (alive or unsure or writes.was_written(field, change.record_id)):
            outcome, reason = "suggest", "sources_disagree"
        _carry_out(load, writes, change, current, outcome, reason)


def _says_dead(load: LoadInHand, rivals: list[Change]) -> bool:
    """Whether any PIMS record that feeds the pet says dead, by now; asked when one says alive."""
    if all(change.new["deceased"] for change in rivals):
        return True
    fed_by = load.fetch(_FED_BY, record_id=rivals[0].record_id)
    if len(fed_by) == 1:
        return False
    said = pims_values(
        load.connection,
        load.practice_id,
        "pet",
        [row.pims_id for row in fed_by],
        load.delta.conventions,
    )
    return any(canonical(rivals[0].field, values)["deceased"] for values in said.values())


def _carry_out(
    load: LoadInHand,
    writes: PendingWrites,
    change: Change,
    current: Value,
    outcome: Outcome,
    reason: str,
) -> None:
    if outcome == "apply":
        writes.answered(change.field, change.record_id, change.pims_id)
        writes.write(
            change.field, change.record_id, change.new, cause="refresh", via=change.pims_id
        )
        load.counts["changes_applied"] += 1
    elif outcome == "suggest":
        writes.suggest(change.field, change.record_id, change.pims_id, current, change.new, reason)
    elif outcome == "same":
        writes.answered(change.field, change.record_id, change.pims_id)


def _settle_owner(load: LoadInHand, writes: PendingWrites, change: Change) -> None:
    """A new owner is suggested by the PIMS's key; confirming looks the client up."""
    if change.action == "keep":
        return
    pet = writes.row("pet", change.record_id)
    owner = load.fetch(_OWNER, pims_id=change.new["pims_client_id"])
    if owner and owner[0].record_id == pet["client_id"]:
        writes.answered(change.field, change.record_id, change.pims_id)
        return
    old = {"client_id": pet["client_id"], "pims_client_id": change.old["pims_client_id"]}
    writes.suggest(change.field, change.record_id, change.pims_id, old, change.new, change.reason)


def _precedence(change: Change) -> tuple[bool, str, str]:
    """Newest weighing first, dead first, then by id: the same on every run."""
    if change.field.name == "weight":
        date = change.new["weighed_on"] or ""
        return (not date, _descending(date), change.pims_id)
    if change.field.name == "deceased":
        return (not change.new["deceased"], change.new["deceased_on"] or "9", change.pims_id)
    return (False, "", change.pims_id)


def _descending(date: str) -> str:
    """ISO text that sorts the other way round."""
    return "".join(chr(ord("9") - int(c)) if c.isdigit() else c for c in date)


def _by_value(changes: list[Change]) -> Iterator[list[Change]]:
    groups: dict[tuple[int, str], list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.record_id, change.field.name].append(change)
    yield from groups.values()


def _changes(load: LoadInHand, record: Record) -> tuple[list[Change], dict[str, Shadow]]:
    """The delta's changes of linked records, and the shadows of those that are merged."""
    table = load.delta.changes
    lines = table[table["record"] == record]
    ids = list(lines["pims_id"].unique())
    links = {row.pims_id: row for row in load.fetch(_LINKS[record], ids=ids)} if ids else {}
    told: Iterable[Any] = lines.itertuples(index=False)
    changes = [
        Change(
            field := FIELD[record, line.field],
            line.pims_id,
            links[line.pims_id].record_id,
            canonical(field, json.loads(line.old)),
            canonical(field, json.loads(line.new)),
            line.action,
            line.reason,
        )
        for line in told
        if line.pims_id in links
    ]
    shadows = {i: row.standalone for i, row in links.items() if row.standalone is not None}
    return changes, shadows


_FED_BY = text("""
    SELECT pims_id FROM scriptright.pet_link
    WHERE practice_id = :practice_id AND record_id = :record_id ORDER BY pims_id
""")
_OWNER = text("""
    SELECT record_id FROM scriptright.client_link
    WHERE practice_id = :practice_id AND pims_id = :pims_id
""")
_LINKS: dict[str, TextClause] = {
    record: text(f"""
        SELECT pims_id, record_id, standalone FROM scriptright.{record}_link
        WHERE practice_id = :practice_id AND pims_id = ANY(:ids)
    """)  # noqa: S608 - constants
    for record in RECORDS
}
