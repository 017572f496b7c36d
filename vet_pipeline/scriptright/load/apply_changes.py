"""What became of known records in the PIMS: automatic changes applied, manual ones suggested.

The delta says what changed there and what the policy allows; here each change meets the record
as ScriptRight holds it now.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import text

from vet_pipeline.policy import FIELD, Record
from vet_pipeline.scriptright.load.apply_staging import LoadInHand
from vet_pipeline.scriptright.load.apply_writes import PendingWrites
from vet_pipeline.scriptright.load.came_back import mark_what_came_back, went_blank
from vet_pipeline.scriptright.load.handed_on import ask_about_another
from vet_pipeline.scriptright.load.told_before import ask_again
from vet_pipeline.scriptright.postgres.statements import of_each
from vet_pipeline.scriptright.records.apart import said_now
from vet_pipeline.scriptright.records.merge import is_past
from vet_pipeline.scriptright.records.pims_values import pims_values
from vet_pipeline.scriptright.records.rivals import Change, Settled, precedence, settle_rivals
from vet_pipeline.scriptright.records.shadows import (
    Shadow,
    shadow_after_change,
    without_what_came,
)
from vet_pipeline.scriptright.records.values import canonical
from vet_pipeline.scriptright.records.writes import held

# The reason of what is asked only because most of its kind changed at once.
MANY_ALIKE = "many_alike"
# PIMS records whose changes are in memory at a time: a PIMS that types every name anew changes all.
PART = 5_000


def apply_changes(load: LoadInHand, writes: PendingWrites, record: Record) -> None:
    """Settle every change of clients or pets.

    Clients' come first, and before new pets are settled: whether a client's row is another's by now
    is asked then. What comes of many is written part by part.
    """
    for lines in _parts(load, record):
        _apply(load, writes, record, lines)
        writes.flush()


def ask_what_was_put_off(load: LoadInHand, writes: PendingWrites) -> None:
    """Once all changes are settled: what is asked again of records that came back."""
    _keep_told(load, ask_again(load, writes))
    writes.flush()


def _apply(load: LoadInHand, writes: PendingWrites, record: Record, lines: pd.DataFrame) -> None:
    changes, shadows, shared = changes_of(load, record, lines)
    changes = mark_what_came_back(load, record, changes)
    writes.read(record, {c.record_id for c in changes})
    told = {(c.pims_id, c.field.name) for c in changes}
    changes = _say_doubts(load, record, ask_about_another(load, writes, record, changes))
    owners = _owners(load, changes)
    kept: list[Change] = []
    for rivals in _by_value(changes):
        kept += _settle_rivals(load, writes, rivals, owners, shared)
    _close_what_is_past(load, writes, kept)
    _keep_told(load, (c for c in changes if _is_kept(c, shared)))
    for change in changes:
        shadow = shadows.get(change.pims_id)
        if shadow is not None:
            if (change.pims_id, change.field.name) not in told:
                shadow = without_what_came(shadow, change)
            moved = shadow_after_change(shadow, change, load.load_id, known_on=load.known_on)
            shadows[change.pims_id] = said_now(moved, change.field, change.new)
            writes.move_shadow(record, change.pims_id, shadows[change.pims_id])


def _say_doubts(load: LoadInHand, record: Record, changes: list[Change]) -> list[Change]:
    """The changes; automatic ones that are asked about by a doubt (guards.doubted_records) say so.

    Undoing a link asks again what was asked, and why.
    """
    if record not in load.delta.doubted:
        return changes
    return [
        replace(change, reason=MANY_ALIKE)
        if change.field.is_automatic and (change.action, change.reason) == ("suggest", "changed")
        else change
        for change in changes
    ]


def _settle_rivals(
    load: LoadInHand,
    writes: PendingWrites,
    rivals: list[Change],
    owners: Mapping[str, int],
    shared: frozenset[str],
) -> list[Change]:
    """Changes of one value; more than one when several PIMS records feed the record.

    Returns those that change nothing and ask nothing.
    """
    field, record_id = rivals[0].field, rivals[0].record_id
    if field.name == "owner":
        for change in sorted(rivals, key=precedence):
            _settle_owner(load, writes, change, owners)
        return [change for change in rivals if change.action == "keep"]
    settled = settle_rivals(
        rivals,
        held(field, writes.row(field.record, record_id)),
        known_on=load.known_on,
        written=writes.was_written(field, record_id),
        dead=field.name == "deceased" and _says_dead(load, rivals, shared),
    )
    kept = []
    for one in settled:
        _carry_out(load, writes, one)
        if one.outcome == "keep":
            kept.append(one.change)
    return kept


def _close_what_is_past(load: LoadInHand, writes: PendingWrites, kept: list[Change]) -> None:
    """Open suggestions of what the PIMS doesn't say any more, though it changed nothing here."""
    if not kept:
        return
    said = {(c.field.name, c.pims_id): c for c in kept}
    fields, ids = zip(*said, strict=True)
    record = kept[0].field.record
    for row in load.fetch(_OPEN, record=record, fields=list(fields), ids=list(ids)):
        change = said[row.field, row.pims_id]
        if is_past(change.field, canonical(change.field, row.new_value), change.new, change.reason):
            writes.answered(change.field, change.record_id, change.pims_id)


def _says_dead(load: LoadInHand, rivals: list[Change], shared: frozenset[str]) -> bool:
    """Whether any PIMS record that feeds the pet says dead, by now; asked when one says alive."""
    if all(change.new["deceased"] for change in rivals):
        return True
    if all(change.pims_id not in shared for change in rivals):
        return False
    fed_by = load.fetch(_FED_BY, record_id=rivals[0].record_id)
    said = pims_values(
        load.connection,
        load.practice_id,
        "pet",
        [row.pims_id for row in fed_by],
        load.delta.conventions,
    )
    return any(canonical(rivals[0].field, values)["deceased"] for values in said.values())


def _carry_out(load: LoadInHand, writes: PendingWrites, settled: Settled) -> None:
    change, record_id = settled.change, settled.change.record_id
    if settled.outcome == "apply":
        writes.answered(change.field, record_id, change.pims_id)
        writes.write(change.field, record_id, change.new, cause="refresh", via=change.pims_id)
        load.counts["changes_applied"] += 1
    elif settled.outcome == "suggest":
        writes.suggest(settled.question(load.load_id))
    elif settled.outcome == "same":
        writes.answered(change.field, record_id, change.pims_id)


def _settle_owner(
    load: LoadInHand, writes: PendingWrites, change: Change, owners: Mapping[str, int]
) -> None:
    """A new owner is suggested by the PIMS's key; confirming looks the client up."""
    if change.action == "keep":
        return
    pet = writes.row("pet", change.record_id)
    if owners.get(change.new["pims_client_id"]) == pet["client_id"]:
        writes.answered(change.field, change.record_id, change.pims_id)
        return
    old = {"client_id": pet["client_id"], "pims_client_id": change.old["pims_client_id"]}
    asked = Settled(change, old, "suggest", change.reason)
    writes.suggest(asked.question(load.load_id))


def _owners(load: LoadInHand, changes: Iterable[Change]) -> dict[str, int]:
    """The clients that new owners feed, by the PIMS's key; a key that feeds none is left out."""
    owners = (c.new["pims_client_id"] for c in changes if c.field.name == "owner")
    keys = {key for key in owners if key is not None}  # a blank moves no pet
    return load.fed("client", sorted(keys)) if keys else {}


def _by_value(changes: list[Change]) -> Iterator[list[Change]]:
    groups: dict[tuple[int, str], list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.record_id, change.field.name].append(change)
    yield from groups.values()


def _is_kept(change: Change, shared: frozenset[str]) -> bool:
    """Of records that share theirs all, since undoing one of the links plays it again.

    What any has blanked, to know it if it comes back; and each owner, since one that is the present
    client by another link too changes nothing and asks nothing as long as that link stands.
    """
    return change.pims_id in shared or change.field.name == "owner" or went_blank(change)


def _keep_told(load: LoadInHand, changes: Iterable[Change]) -> None:
    load.append(
        "scriptright.shared_change",
        _TOLD_COLUMNS,
        [
            (
                load.practice_id, c.field.record, c.record_id, c.pims_id, c.field.name,
                json.dumps(c.old), json.dumps(c.new), c.action, c.reason,
                load.known_on or None, c.unseen_from, load.load_id, load.now,
            )
            for c in changes
        ],
    )  # fmt: skip


def _parts(load: LoadInHand, record: Record) -> Iterator[pd.DataFrame]:
    """The delta's changes of one kind; those that reach one ScriptRight record are never parted."""
    table = load.delta.changes
    lines = table[table["record"] == record]
    ids = list(lines["pims_id"].unique())
    if len(ids) <= PART:
        yield lines
        return
    feeding: dict[int, list[str]] = defaultdict(list)
    fed = load.fed(record, ids)
    for pims_id in (i for i in ids if i in fed):
        feeding[fed[pims_id]].append(pims_id)
    part_of: dict[str, int] = {}
    for together in feeding.values():
        part_of |= dict.fromkeys(together, len(part_of) // PART)
    for _, part in lines.groupby(lines["pims_id"].map(part_of), sort=True):
        yield part


def changes_of(
    load: LoadInHand, record: Record, lines: pd.DataFrame
) -> tuple[list[Change], dict[str, Shadow], frozenset[str]]:
    """The changes of linked records; shadows of merged ones; who shares a record."""
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
            load.unseen_from.get(line.pims_id) if record == "pet" else None,
        )
        for line in told
        if line.pims_id in links
    ]
    shadows = {i: row.standalone for i, row in links.items() if row.standalone is not None}
    return changes, shadows, frozenset(i for i, row in links.items() if row.shared)


_TOLD_COLUMNS = (
    "practice_id", "record", "record_id", "pims_id", "field", "old_value", "new_value", "action",
    "reason", "known_on", "unseen_from", "load_id", "told_at",
)  # fmt: skip


_FED_BY = text("""
    SELECT pims_id FROM scriptright.pet_link
    WHERE practice_id = :practice_id AND record_id = :record_id ORDER BY pims_id
""")
_OPEN = text("""
    SELECT s.field, s.pims_id, s.new_value
    FROM unnest(CAST(:fields AS text[]), CAST(:ids AS text[])) AS kept (field, pims_id)
    JOIN scriptright.suggestion s USING (field, pims_id)
    WHERE s.practice_id = :practice_id AND s.record = :record AND s.state = 'open'
""")
_LINKS = of_each("""
    SELECT l.pims_id, l.record_id, l.standalone, EXISTS (
        SELECT FROM scriptright.{record}_link other
        WHERE other.practice_id = :practice_id AND other.record_id = l.record_id
          AND other.pims_id <> l.pims_id) AS shared
    FROM scriptright.{record}_link l
    WHERE l.practice_id = :practice_id AND l.pims_id = ANY(:ids)
""")
