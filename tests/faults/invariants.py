"""What must hold after any fault: I1 to I6, checked from the database and from outside it.

One module for every test that breaks things. `violations()` lists what doesn't hold as text
(practice, ids and field names, never a value); an empty list means that all of it holds:

I1  each practice shows exactly one whole snapshot, the newest that was applied
I2  nothing is lost or doubled: clients, pets, suggestions, changes, audit entries, emails
I3  a decision is never lost, and never applied to another value than the one shown
I4  nobody writes outside their practice
I5  the audit chain verifies
I6  no personal data outside the tables that hold it
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from tests.faults import invariant_queries as queries
from tests.faults.leaks import leaks_in_database, leaks_in_files
from tests.faults.shown_values import values_not_shown
from vet_pipeline.scriptright.trail import audit

Cells = dict[str, str | None]


@dataclass(frozen=True)
class Decision:
    """A person's word that was acknowledged: confirmed or rejected."""

    practice_id: str
    suggestion_id: int
    state: str


@dataclass
class Witness:
    """What the test knows from outside the database. Leave out what it doesn't know."""

    # Raw rows handed in, by practice and snapshot number: (clients, patients).
    snapshots: dict[tuple[str, int], tuple[Sequence[Cells], Sequence[Cells]]] = field(
        default_factory=dict
    )
    # Snapshots that the program has acknowledged as applied.
    applied: set[tuple[str, int]] = field(default_factory=set)
    decisions: list[Decision] = field(default_factory=list)
    # `digest_of` of practices that nobody had any business with.
    bystanders: dict[str, str] = field(default_factory=dict)
    # Message-IDs as they arrived at the recipients', one entry for each arrival; None: unknown.
    arrived: Sequence[str] | None = None
    server_deduplicates: bool = False
    canaries: Collection[str] = ()
    # Files and folders where no canary may be: logs, Dagster's storage, dumps of messages.
    places: Sequence[Path] = ()


def violations(engine: Engine, witness: Witness | None = None) -> list[str]:
    """Everything that doesn't hold, in one consistent look at the database."""
    isolated = engine.execution_options(isolation_level="REPEATABLE READ")
    with isolated.connect() as connection:
        return violations_in(connection, witness or Witness())


def violations_in(connection: Connection, witness: Witness) -> list[str]:
    """The same as the connection's transaction sees it."""
    found: list[str] = []
    for practice_id in connection.execute(queries.PRACTICES).scalars().all():
        found += snapshot_violations(connection, practice_id, witness)
        found += values_not_shown(connection, practice_id)
        found += account_violations(connection, practice_id)
        found += email_violations(connection, practice_id, witness)
        found += decision_violations(connection, practice_id, witness)
        found += bystander_violations(connection, practice_id, witness)
        broken = audit.verify(connection, practice_id)
        if broken is not None:
            found.append(f"I5 {practice_id}: the audit chain breaks at entry {broken}")
    found += [f"I6: {leak}" for leak in leaks_in_database(connection, witness.canaries)]
    return found + [f"I6: {leak}" for leak in leaks_in_files(witness.places, witness.canaries)]


def assert_holds(engine: Engine, witness: Witness | None = None) -> None:
    """Fail the test with everything that doesn't hold."""
    found = violations(engine, witness)
    assert not found, "\n".join(found[:20])


def snapshot_violations(connection: Connection, practice_id: str, witness: Witness) -> list[str]:
    """I1: ledger in order, each load on the one before, baseline = the newest snapshot."""
    loads = connection.execute(queries.LOADS, {"p": practice_id}).all()
    found, newest = [], None
    for load in loads:
        where = f"I1 {practice_id}: snapshot {load.snapshot_seq}"
        if load.state == "applied":
            if newest is not None and load.snapshot_seq < newest:
                found.append(f"{where} was applied after snapshot {newest}")
            if load.baseline_seq != newest:
                found.append(f"{where} was compared with {load.baseline_seq}, not {newest}")
            newest = load.snapshot_seq
        elif newest is None or load.snapshot_seq > newest:
            found.append(f"{where} was called superseded before a newer one was applied")
    applied = {load.snapshot_seq for load in loads if load.state == "applied"}
    told = connection.execute(queries.APPLIED, {"p": practice_id}).scalar_one()
    if told != newest:
        found.append(f"I1 {practice_id}: the practice says {told}, the ledger {newest}")
    lost = {seq for p, seq in witness.applied if p == practice_id} - applied
    if lost:
        found.append(f"I1 {practice_id}: acknowledged but not in the ledger: {sorted(lost)}")
    if newest is not None and (practice_id, newest) in witness.snapshots:
        counts = next(load.counts for load in loads if load.snapshot_seq == newest)
        for side, record in enumerate(("client", "pet")):
            found += _baseline_violations(
                connection, practice_id, newest, record, witness, side, counts
            )
    return found


def _baseline_violations(
    connection: Connection,
    practice_id: str,
    newest: int,
    record: str,
    witness: Witness,
    side: int,
    counts: dict[str, int],
) -> list[str]:
    """The baseline is the newest snapshot row for row; the rest is marked missing."""
    key = ("client_key", "patient_key")[side]

    def rows_of(seq: int) -> dict[str, Cells]:
        handed = witness.snapshots.get((practice_id, seq), ([], []))[side]
        return {str(r[key]).strip(): _known(r, key) for r in handed if (r.get(key) or "").strip()}

    now = rows_of(newest)
    older = [rows_of(s) for p, s in witness.snapshots if p == practice_id and s < newest]
    found, present, kept = [], 0, 0
    where = f"I1 {practice_id}: {record}"
    for line in connection.execute(queries.BASELINE[record], {"p": practice_id}).mappings():
        name, cells = line["pims_id"], _known(dict(line), "pims_id", *_BOOKKEEPING)
        seen_before = cells in [rows.get(name) for rows in older]
        if line["missing_since"] is not None:
            if name in now:
                found.append(f"{where} {name} is marked missing but is in snapshot {newest}")
            elif not seen_before:
                found.append(f"{where} {name} is missing and like no snapshot's row")
            elif line["seen_at"] is None:
                found.append(f"{where} {name} is missing, and nobody knows since when")
            continue
        present += 1
        if cells == now.get(name):
            continue
        # A quarantined row leaves the older one; so does a link made while the load was under way.
        kept += not line["by_person"]
        if not seen_before or kept > counts[f"{record}s_quarantined"]:
            found.append(f"{where} {name} isn't as in snapshot {newest}")
    handed = len(witness.snapshots[practice_id, newest][side])
    quarantined = counts[f"{record}s_quarantined"]
    if not handed - quarantined <= present <= handed:
        found.append(f"{where}: {handed} handed in, {quarantined} quarantined, {present} known")
    if counts[f"{record}s_read"] != handed:
        found.append(f"{where}: {handed} handed in, {counts[f'{record}s_read']} counted")
    return found


def _known(row: Cells, *without: str) -> Cells:
    return {k: v for k, v in row.items() if v is not None and k not in without}


def account_violations(connection: Connection, practice_id: str) -> list[str]:
    """I2: every record, load and decision stands exactly once where it must."""
    row = connection.execute(queries.ACCOUNTS, {"p": practice_id}).one()
    found = [
        f"I2 {practice_id}: {name.replace('_', ' ')}: {count}"
        for name, count in row._mapping.items()
        if count
    ]
    audited = Counter(
        (entry.act.removeprefix("load_"), entry.subject)
        for entry in connection.execute(queries.AUDITED_LOADS, {"p": practice_id})
    )
    ledger = Counter(
        (load.state, load.load_id) for load in connection.execute(queries.LOADS, {"p": practice_id})
    )
    if audited != ledger:
        found.append(
            f"I2 {practice_id}: loads without an audit entry {_ids(ledger - audited)},"
            f" audit entries without a load {_ids(audited - ledger)}"
        )
    said = Counter(
        (entry.act.removeprefix("suggestion_"), entry.subject)
        for entry in connection.execute(queries.AUDITED_DECISIONS, {"p": practice_id})
    )
    decided = Counter(
        (line.state, line.suggestion_id)
        for line in connection.execute(queries.DECIDED, {"p": practice_id})
    )
    if said != decided:
        found.append(
            f"I2 {practice_id}: decisions without an audit entry {_ids(decided - said)},"
            f" audit entries without a decision {_ids(said - decided)}"
        )
    return found


def _ids(lines: Counter[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(lines.elements())[:5]


def email_violations(connection: Connection, practice_id: str, witness: Witness) -> list[str]:
    """I2: one request per practice, made by its first load; never two emails of it."""
    requests = connection.execute(queries.OUTBOX, {"p": practice_id}).all()
    first = connection.execute(queries.FIRST_LOAD, {"p": practice_id}).scalar()
    if [request.load_id for request in requests] != ([] if first is None else [first]):
        return [f"I2 {practice_id}: {len(requests)} email requests, first load {first}"]
    if witness.arrived is None:
        return []
    found = []
    for request in requests:
        arrivals = Counter(witness.arrived)[request.message_id]
        if witness.server_deduplicates:
            arrivals = min(arrivals, 1)
        allowed = {"pending": {0}, "sent": {1}}.get(request.state, {0, 1})
        if witness.server_deduplicates and request.state == "pending":
            allowed = {0, 1}  # it may have arrived: sending again does no harm
        if arrivals not in allowed:
            found.append(f"I2 {practice_id}: {arrivals} emails arrived, state {request.state}")
    return found


def decision_violations(connection: Connection, practice_id: str, witness: Witness) -> list[str]:
    """I3: what was confirmed is what was written, and nothing else was."""
    row = connection.execute(queries.DECISIONS, {"p": practice_id}).one()
    found = [
        f"I3 {practice_id}: {name.replace('_', ' ')}: {count}"
        for name, count in row._mapping.items()
        if count
    ]
    states = {
        line.suggestion_id: line.state
        for line in connection.execute(queries.DECIDED, {"p": practice_id})
    }
    found += [
        f"I3 {practice_id}: suggestion {d.suggestion_id} was {d.state}, is"
        f" {states.get(d.suggestion_id, 'undecided')}"
        for d in witness.decisions
        if d.practice_id == practice_id and states.get(d.suggestion_id) != d.state
    ]
    return found


def bystander_violations(connection: Connection, practice_id: str, witness: Witness) -> list[str]:
    """I4: practices that nobody had business with are as they were."""
    before = witness.bystanders.get(practice_id)
    if before is None or before == _digest(connection, practice_id):
        return []
    return [f"I4 {practice_id}: changed, though nobody had any business with it"]


def digest_of(engine: Engine, practice_id: str) -> str:
    """A fingerprint of everything ScriptRight holds of a practice."""
    with engine.connect() as connection:
        return _digest(connection, practice_id)


def _digest(connection: Connection, practice_id: str) -> str:
    whole = hashlib.sha256()
    for table in connection.execute(queries.OF_PRACTICES).scalars().all():
        lines = connection.execute(
            text(
                f"SELECT t::text FROM scriptright.{table} t WHERE practice_id = :p"
                ' ORDER BY t::text COLLATE "C"'
            ),
            {"p": practice_id},
        ).scalars()
        whole.update(f"\n{table}\n".encode() + "\n".join(lines).encode())
    return whole.hexdigest()


_BOOKKEEPING = (
    "practice_id", "row_hash", "first_load_id", "load_id", "missing_since", "seen_at",
    "by_person",
    "record_id", "link_method", "link_decided_by", "link_score", "link_evidence",
    "link_model_version", "link_load_id", "linked_at", "link_standalone",
)  # fmt: skip
