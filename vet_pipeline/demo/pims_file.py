"""The invented PIMS: a SQLite file with its own tables, and the two views our connector reads.

The base tables hold more than the pipeline may see (sex, notes, a balance); the views are the
whole of what the practice gives away. Text is stored as typed, dates as ISO text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vet_pipeline.demo.people import Owner

_TABLES = """
CREATE TABLE owner (
  owner_no TEXT, title TEXT, first_name TEXT, last_name TEXT, company TEXT, street TEXT,
  street2 TEXT, town TEXT, state TEXT, zip TEXT, email TEXT, balance_cents INTEGER, notes TEXT
);
CREATE INDEX owner_by_no ON owner (owner_no);
CREATE TABLE owner_phone (
  owner_no TEXT, position INTEGER, number TEXT, label TEXT, PRIMARY KEY (owner_no, position)
) WITHOUT ROWID;
CREATE TABLE weighing (
  weighing_no INTEGER PRIMARY KEY, animal_no TEXT, weighed_on TEXT, value TEXT, unit TEXT
);
CREATE TABLE animal (
  animal_no TEXT, owner_no TEXT, name TEXT, species TEXT, breed TEXT, sex TEXT, born TEXT,
  born_is_guess INTEGER, dead INTEGER, died TEXT, standing TEXT,
  last_weighing INTEGER REFERENCES weighing
);
CREATE INDEX animal_by_no ON animal (animal_no);
CREATE INDEX animal_by_owner ON animal (owner_no);
"""
_VIEWS = """
CREATE VIEW vetpipeline_clients AS
SELECT o.owner_no AS client_key, o.title AS title, o.first_name AS first_name,
       o.last_name AS last_name, CAST(NULL AS TEXT) AS full_name, o.company AS organisation,
       o.street AS address_line1, o.street2 AS address_line2, CAST(NULL AS TEXT) AS address_line3,
       o.town AS city, o.state AS state, o.zip AS postal_code, o.email AS email,
       p1.number AS phone1, p1.label AS phone1_label, p2.number AS phone2, p2.label AS phone2_label,
       p3.number AS phone3, p3.label AS phone3_label, p4.number AS phone4, p4.label AS phone4_label
FROM owner o
LEFT JOIN owner_phone p1 ON p1.owner_no = o.owner_no AND p1.position = 1
LEFT JOIN owner_phone p2 ON p2.owner_no = o.owner_no AND p2.position = 2
LEFT JOIN owner_phone p3 ON p3.owner_no = o.owner_no AND p3.position = 3
LEFT JOIN owner_phone p4 ON p4.owner_no = o.owner_no AND p4.position = 4;
CREATE VIEW vetpipeline_patients AS
SELECT a.animal_no AS patient_key, a.owner_no AS client_key, a.name AS name, a.species AS species,
       a.breed AS breed, a.born AS birth_date, a.born_is_guess AS birth_date_estimated,
       w.value AS weight, w.unit AS weight_unit, w.weighed_on AS weight_date,
       a.dead AS deceased_flag, a.died AS deceased_date, a.standing AS status
FROM animal a LEFT JOIN weighing w ON w.weighing_no = a.last_weighing;
"""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The PIMS file, open in one transaction: committed at the end, rolled back on an error."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def create(path: Path) -> None:
    """An empty PIMS at `path`, in place of whatever was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for stale in (path, path.with_name(path.name + "-journal")):
        stale.unlink(missing_ok=True)
    with opened(path) as connection:
        connection.executescript(_TABLES + _VIEWS)


def insert(connection: sqlite3.Connection, owners: Iterable[Owner]) -> None:
    """Adds owners with their phones, animals and weighings."""
    weighing_no = next_weighing(connection)
    owner_rows, phone_rows, animal_rows, weighing_rows = [], [], [], []
    for owner in owners:
        owner_rows.append(
            (
                *(owner.owner_no, owner.title, owner.first_name, owner.last_name, owner.company),
                *(owner.street, owner.street2, owner.town, owner.state, owner.zip, owner.email),
            )
        )
        for position, (number, label) in enumerate(owner.phones, start=1):
            phone_rows.append((owner.owner_no, position, number, label))
        for animal in owner.animals:
            last: int | None = None
            for day, value, unit in animal.weighings:
                weighing_rows.append((weighing_no, animal.animal_no, day, value, unit))
                last, weighing_no = weighing_no, weighing_no + 1
            animal_rows.append(
                (
                    *(animal.animal_no, owner.owner_no, animal.name, animal.species, animal.breed),
                    *(animal.sex, animal.born, animal.born_is_guess, animal.dead, animal.died),
                    *(animal.standing, last),
                )
            )
    connection.executemany(
        "INSERT INTO owner VALUES (?,?,?,?,?,?,?,?,?,?,?,0,'seen before; prefers mornings')",
        owner_rows,
    )
    connection.executemany("INSERT INTO owner_phone VALUES (?,?,?,?)", phone_rows)
    connection.executemany("INSERT INTO weighing VALUES (?,?,?,?,?)", weighing_rows)
    connection.executemany("INSERT INTO animal VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", animal_rows)


def next_weighing(connection: sqlite3.Connection) -> int:
    """The next free number of the table `weighing`."""
    row = connection.execute("SELECT coalesce(max(weighing_no), 0) + 1 FROM weighing").fetchone()
    return int(row[0])


def odbc_string(path: Path) -> str:
    """How the pipeline reaches the file: Debian's `libsqliteodbc`, driver name `SQLite3`."""
    return f"DRIVER=SQLite3;Database={path.resolve()};NoCreat=1"
