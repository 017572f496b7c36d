"""A PIMS that changes under our feet: six mutations of every mapped column of every connector.

Gone, renamed and retyped columns stop the read. Columns added or moved change nothing. A column
emptied in every row changes no value by itself: it is asked, quarantined or held. `make test` does
one mutation of each column, in turn; `make soak` does all six.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.pims import openvpms, test_asm3, test_intravet, test_premvet, test_vetdata, views
from tests.pims.conftest import Server, mariadb, sqlite  # noqa: F401 - fixtures
from tests.pims.reading import insert
from tests.scriptright.records.changed import settle
from tests.soak import SOAK, Figures
from vet_pipeline.deltas.changes import field_changes
from vet_pipeline.errors import SnapshotShapeChanged
from vet_pipeline.job import run_core_job
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions
from vet_pipeline.normalize.pets import normalize_pets
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.reader import RawSnapshot, ReadOptions, read_snapshot
from vet_pipeline.policy import FIELD
from vet_pipeline.registry import practices
from vet_pipeline.snapshots.store import SnapshotStore

STOPS = ("rename", "drop", "retype")
SAME = ("add", "reorder")
MUTATIONS = (*STOPS, *SAME, "null")
READ_ON = date(2026, 11, 23)


def _openvpms() -> list[str]:
    return [
        *openvpms.schema(), *openvpms.LOOKUPS,
        *openvpms.entity(1, "party.customerperson", "Bell,Ana", firstName="Ana", lastName="Bell"),
        *openvpms.contact(1, 1, "location", address="1 Elm St", preferred="true"),
        *openvpms.contact(2, 1, "email", emailAddress="old@example.org"),
        *openvpms.entity(2, "party.patientpet", "Rex", species="CANINE"),
        *openvpms.owner(2, 1, "2020-01-01 00:00:00"),
        *openvpms.weighing(1, 2, "2024-01-05 09:00:00", "10.0", "KILOGRAMS"),
    ]  # fmt: skip


def _asm3() -> list[str]:
    kinds = {"NULL": "NULL", "FLOAT": "DOUBLE PRECISION"}
    return [*(table.format_map(kinds) for table in test_asm3.SCHEMA), *test_asm3.ROWS]


def _vetdata() -> list[str]:
    statements = [*test_vetdata.SCHEMA, *test_vetdata.ROWS]
    for name, word in test_vetdata.WORDS["mariadb"].items():
        statements = [statement.replace(f"{{{name}}}", word) for statement in statements]
    return statements


def _generic() -> list[str]:
    def table(name: str, columns: tuple[str, ...]) -> str:
        return f"CREATE TABLE {name} ({', '.join(f'{c} VARCHAR(60)' for c in columns)})"

    phones = ("client_key", "number", "label", "position")
    return [
        table("vetpipeline_clients", views.CLIENT_COLUMNS),
        table("vetpipeline_patients", views.PATIENT_COLUMNS),
        table("vetpipeline_phones", phones),
        table("vetpipeline_made", ("made",)),
        *insert("vetpipeline_clients", {"client_key": "C", "last_name": "Bell",
                                        "email": "old@example.org", "phone1": "217-555-0142"}),
        *insert("vetpipeline_patients",
                {"patient_key": "P", "client_key": "C", "name": "Rex", "weight": "10",
                 "weight_unit": "kg", "weight_date": "2026-01-01", "status": "active"}),
        *insert("vetpipeline_phones", {"client_key": "C", "number": "217-555-0188"}),
        *insert("vetpipeline_made", {"made": "=CURRENT_DATE"}),
    ]  # fmt: skip


def _premvet() -> list[str]:
    rows = [
        *insert("client", test_premvet.CLIENT),
        *insert("animal", *test_premvet.ANIMALS),
    ]
    return ["SET GLOBAL sql_mode = ''", *test_premvet.SCHEMA, *rows]


def _intravet() -> list[str]:
    return [*test_intravet.SCHEMA, *test_intravet.ROWS]


ON_MARIADB = {
    "openvpms": _openvpms,
    "asm3": _asm3,
    "vetdata": _vetdata,
    "generic": _generic,
    "premvet": _premvet,
    "intravet": _intravet,
}


class Mutable:
    """One PIMS database on MariaDB; `mutated` changes one column and puts it back."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.database = server.fresh(f"pims_drift_{name}")
        server.run(self.database, *ON_MARIADB[name]())
        found = load_connector(name)
        if name == "intravet":
            found = test_intravet.on_mariadb()
        self.connector: Connector = found
        self.before = self.read({})
        assert len(self.before.clients)
        assert len(self.before.patients)

    def read(self, expected: Any) -> RawSnapshot:
        options = ReadOptions(expected_schema=expected, practice_id="oak")
        return read_snapshot(self.connector, self.server.odbc(self.database), options=options)

    def columns(self) -> list[tuple[str, str]]:
        return [(t, c) for t, columns in self.connector.file.tables.items() for c in columns]

    def mutated(self, table: str, column: str, mutation: str) -> RawSnapshot:
        """Read with the column changed; raises what the reader raises."""
        self.server.run(
            self.database,
            f"CREATE TABLE drifted AS SELECT {self._select(table, column, mutation)} FROM {table}",
            f"RENAME TABLE {table} TO kept, drifted TO {table}",
        )
        try:
            return self.read(self.before.source_schema)
        finally:
            self.server.run(self.database, f"DROP TABLE {table}", f"RENAME TABLE kept TO {table}")

    def _select(self, table: str, column: str, mutation: str) -> str:
        family = self.before.source_schema[f"{table}.{column}"]
        other = f"CAST({column} AS CHAR(30))" if family != "text" else "CAST(NULL AS DATE)"
        changed = {
            "rename": f"{column} AS {column}_was",
            "drop": "1 AS one",
            "retype": f"{other} AS {column}",
            "add": f"{column}, 'x' AS aaa_new",
            "reorder": column,
            # Half of NULLIF's type is its first argument's, so the column keeps its own.
            "null": f"NULLIF({column}, {column}) AS {column}",
        }[mutation]
        names = list(self._names(table))
        if mutation == "reorder":
            names.remove(column)
            names.insert(0 if names[0] != column else len(names), column)
        return ", ".join(changed if n.casefold() == column.casefold() else n for n in names)

    def _names(self, table: str) -> Iterator[str]:
        import pyodbc

        with pyodbc.connect(self.server.admin(self.database)) as connection:
            for row in connection.execute(f"SHOW COLUMNS FROM {table}"):
                yield str(row[0])


@pytest.mark.parametrize("name", ON_MARIADB)
def test_every_mapped_column_may_change_without_harm(
    name: str,
    mariadb: Server,  # noqa: F811
    figures: Figures,
) -> None:
    pims, tally = Mutable(mariadb, name), Counter[str]()
    turn = itertools.cycle(MUTATIONS)
    for table, column in pims.columns():
        tally["columns"] += 1
        here = MUTATIONS if SOAK else (next(turn),)
        for mutation in here:
            tally["mutations"] += 1
            tally["refused"] += mutation in STOPS
            at = f"{name} {table}.{column} {mutation}"
            if mutation in STOPS:
                with pytest.raises(SnapshotShapeChanged) as caught:
                    pims.mutated(table, column, mutation)
                assert f"{table}.{column}" in str(caught.value), at
                assert "practice oak" in str(caught.value), at
                continue
            got = pims.mutated(table, column, mutation)
            if mutation in SAME:
                assert got.clients.equals(pims.before.clients), at
                assert got.patients.equals(pims.before.patients), at
                assert got.source_schema == pims.before.source_schema, at
            else:
                assert applied_by_itself(pims.before, got) == [], at
    figures("columns of a PIMS mutated", **tally, taken_silently=0)


def applied_by_itself(before: RawSnapshot, after: RawSnapshot) -> list[tuple[str, str, str]]:
    """What a load of `after` would write without asking into records that are known."""
    usual = Conventions()
    found = []
    for record, normalize, old, new in (
        ("client", normalize_clients, before.clients, after.clients),
        ("pet", normalize_pets, before.patients, after.patients),
    ):
        key = "client_key" if record == "client" else "patient_key"
        old, new = (f[f[key].notna() & ~f[key].duplicated(keep=False)] for f in (old, new))
        both = set(old[key]) & set(new[key])
        was, now = (
            normalize(f[f[key].isin(both)].reset_index(drop=True), usual, read_on=READ_ON)
            for f in (old, new)
        )
        changes = field_changes(
            record,
            was.rows,
            now.rows,
            now.not_taken,
            was.not_taken,  # type: ignore[arg-type]
        )
        for change in changes.itertuples():
            field = FIELD[record, str(change.field)]
            held, said = json.loads(str(change.old)), json.loads(str(change.new))
            action, reason = str(change.action), str(change.reason)
            outcome, _ = settle(field, held, said, action, reason, known_on=READ_ON.isoformat())
            if outcome == "apply":
                found.append((str(change.pims_id), field.name, str(change.new)))
    return found


def test_only_the_practice_whose_pims_changed_stops(
    engine: Engine,
    sqlite: Server,  # noqa: F811
    tmp_path: Path,
) -> None:
    store = SnapshotStore(f"file://{tmp_path}/snapshots")
    for name in ("oak", "elm"):
        views.make(
            sqlite,
            name,
            clients=[{"client_key": "C", "last_name": "Bell", "email": "old@example.org"}],
            patients=[{"patient_key": "P", "client_key": "C", "name": "Rex"}],
        )
        with engine.begin() as connection:
            practices.add(
                connection,
                name,
                name=name,
                pims="generic",
                odbc=sqlite.odbc(name),
                contact_email="desk@example.org",
                timezone="America/Denver",
                by="test",
            )
    one, other = (_practice(engine, name) for name in ("oak", "elm"))
    for practice in (one, other):
        assert run_core_job(engine, store, practice).state == "applied"
    sqlite.run("oak", "ALTER TABLE vetpipeline_clients RENAME COLUMN email TO mail")
    sqlite.run("elm", "UPDATE vetpipeline_clients SET email = 'new@example.org'")
    with pytest.raises(SnapshotShapeChanged, match="practice oak"):
        run_core_job(engine, store, one)
    assert run_core_job(engine, store, other).state == "applied"
    with engine.connect() as connection:
        emails = connection.execute(
            text("SELECT practice_id, email FROM scriptright.client ORDER BY 1")
        )
        assert [tuple(row) for row in emails] == [
            ("elm", "new@example.org"),
            ("oak", "old@example.org"),
        ]


def _practice(engine: Engine, name: str) -> practices.Practice:
    with engine.connect() as connection:
        return practices.get(connection, name)
