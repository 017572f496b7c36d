"""The PIMS that everybody reads: one SQLite file, and its next state, in two layouts.

The demo's invented practice. *flat*: the two tables that the generic connector reads, so that
dlt, Sling and the floor copy exactly what we read. *pims*: the same as a PIMS keeps it, in four
tables with a row a phone and a row a weighing; we read them through the views of
docs/connectors.md, the others copy the tables. The refresh changes 1 % of clients and patients.
`python -m benchmarks.peers.source CLIENTS FOLDER` writes FOLDER/home.json and, for each layout,
FOLDER/LAYOUT/first.db and refresh.db.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vet_pipeline.demo import make_practice
from vet_pipeline.demo.home_delivery import home_delivery_clients

if TYPE_CHECKING:
    import pandas as pd

CLIENTS, PATIENTS = "vetpipeline_clients", "vetpipeline_patients"
LAYOUTS = {  # the tables to copy, with their keys
    "pims": {
        "client": "client_key",
        "client_phone": "phone_key",
        "patient": "patient_key",
        "patient_weight": "weight_key",
    },
    "flat": {CLIENTS: "client_key", PATIENTS: "patient_key"},
}
SEED = "bench"
_TEXT_OF_CLIENTS = (
    "title", "first_name", "last_name", "full_name", "organisation", "address_line1",
    "address_line2", "address_line3", "city", "state", "postal_code", "email", "phone1",
    "phone1_label", "phone2", "phone2_label", "phone3", "phone3_label", "phone4", "phone4_label",
)  # fmt: skip
_TABLES = f"""
CREATE TABLE flat.{CLIENTS} (
  client_key INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in _TEXT_OF_CLIENTS)});
CREATE TABLE flat.{PATIENTS} (
  patient_key INTEGER PRIMARY KEY, client_key INTEGER, name TEXT, species TEXT, breed TEXT,
  birth_date DATE, birth_date_estimated INTEGER, weight TEXT, weight_unit TEXT, weight_date DATE,
  deceased_flag INTEGER, deceased_date DATE, status TEXT);
INSERT INTO flat.{CLIENTS} SELECT * FROM main.{CLIENTS} ORDER BY CAST(client_key AS INTEGER);
INSERT INTO flat.{PATIENTS} SELECT * FROM main.{PATIENTS} ORDER BY CAST(patient_key AS INTEGER);
"""
# Of 1,000 clients and of 1,000 patients ten differ in the refresh: 9 changed, 1 new, and
# one of 2,000 gone. Each line is the place within a thousand and what happens there.
_CHANGES = f"""
UPDATE {CLIENTS} SET email = 'moved.' || client_key || '@example.org'
  WHERE client_key % 1000 IN (101, 301, 501, 701);
UPDATE {CLIENTS} SET address_line1 = client_key || ' New Street' WHERE client_key % 1000 IN (111, 611);
UPDATE {CLIENTS} SET phone1 = '(312) 555-' || substr('0000' || (client_key % 10000), -4)
  WHERE client_key % 1000 IN (121, 621);
UPDATE {CLIENTS} SET last_name = last_name || '-Lee' WHERE client_key % 1000 = 131;
INSERT INTO {CLIENTS} SELECT client_key + 10000000, title, first_name, 'Newcomer' || client_key,
    full_name, organisation, client_key || ' Arrival Road', address_line2, address_line3, city, state,
    postal_code, 'new.' || client_key || '@example.org', '(415) 555-' ||
    substr('0000' || (client_key % 10000), -4), phone1_label, NULL, NULL, NULL, NULL, NULL, NULL
  FROM {CLIENTS} WHERE client_key % 1000 = 141;
UPDATE {PATIENTS} SET weight = CAST(1 + patient_key % 40 AS TEXT) || '.5', weight_unit = 'kg',
    weight_date = '2026-10-09' WHERE patient_key % 1000 IN (101, 201, 301, 401, 501, 601);
UPDATE {PATIENTS} SET deceased_flag = 1, deceased_date = '2026-10-08', status = 'Deceased'
  WHERE patient_key % 1000 = 111;
UPDATE {PATIENTS} SET breed = breed || ' Mix' WHERE patient_key % 1000 = 121;
UPDATE {PATIENTS} SET name = name || ' Blue' WHERE patient_key % 1000 = 131;
INSERT INTO {PATIENTS} SELECT patient_key + 10000000, client_key, 'Newpet', species, breed, birth_date,
    birth_date_estimated, weight, weight_unit, weight_date, 0, NULL, 'Active'
  FROM {PATIENTS} WHERE patient_key % 1000 = 141;
DELETE FROM {PATIENTS} WHERE patient_key % 2000 = 151;
DELETE FROM {CLIENTS} WHERE client_key % 2000 = 151
  AND client_key NOT IN (SELECT client_key FROM {PATIENTS} WHERE client_key IS NOT NULL);
"""
# Made of one state of the flat layout, beside its first state: a weight that has changed since is
# one more weighing, and every patient was weighed once before.
_OF_CLIENT = """client_key, title, first_name, last_name, full_name, organisation, address_line1,
    address_line2, address_line3, city, state, postal_code, email"""
_OF_PATIENT = """patient_key, client_key, name, species, breed, birth_date, birth_date_estimated,
    deceased_flag, deceased_date, status"""
_PHONES = "\n".join(
    f"INSERT INTO client_phone SELECT client_key * 10 + {n}, client_key, phone{n}, phone{n}_label, {n}"
    f" FROM now.{CLIENTS} WHERE phone{n} IS NOT NULL ORDER BY client_key;"
    for n in (1, 2, 3, 4)
)
_AS_PIMS = f"""
CREATE TABLE client (client_key INTEGER PRIMARY KEY, title TEXT, first_name TEXT, last_name TEXT,
  full_name TEXT, organisation TEXT, address_line1 TEXT, address_line2 TEXT, address_line3 TEXT,
  city TEXT, state TEXT, postal_code TEXT, email TEXT);
CREATE TABLE client_phone (phone_key INTEGER PRIMARY KEY, client_key INTEGER, number TEXT,
  label TEXT, position INTEGER);
CREATE TABLE patient (patient_key INTEGER PRIMARY KEY, client_key INTEGER, name TEXT, species TEXT,
  breed TEXT, birth_date DATE, birth_date_estimated INTEGER, deceased_flag INTEGER,
  deceased_date DATE, status TEXT);
CREATE TABLE patient_weight (weight_key INTEGER PRIMARY KEY, patient_key INTEGER, weight TEXT,
  weight_unit TEXT, weight_date DATE);
INSERT INTO client SELECT {_OF_CLIENT} FROM now.{CLIENTS} ORDER BY client_key;
{_PHONES}
INSERT INTO patient SELECT {_OF_PATIENT} FROM now.{PATIENTS} ORDER BY patient_key;
INSERT INTO patient_weight
  SELECT n.patient_key * 10 + 1, n.patient_key, round(f.weight * 0.9, 1), f.weight_unit,
    date(f.weight_date, '-300 days')
  FROM now.{PATIENTS} n JOIN was.{PATIENTS} f USING (patient_key) WHERE f.weight IS NOT NULL
  UNION ALL
  SELECT n.patient_key * 10 + 2, n.patient_key, f.weight, f.weight_unit, f.weight_date
  FROM now.{PATIENTS} n JOIN was.{PATIENTS} f USING (patient_key) WHERE f.weight IS NOT NULL
  UNION ALL
  SELECT n.patient_key * 10 + 3, n.patient_key, n.weight, n.weight_unit, n.weight_date
  FROM now.{PATIENTS} n LEFT JOIN was.{PATIENTS} f USING (patient_key)
  WHERE n.weight IS NOT NULL AND n.weight IS NOT f.weight
  ORDER BY 1;
CREATE INDEX phone_of_client ON client_phone (client_key);
CREATE INDEX weight_of_patient ON patient_weight (patient_key);
CREATE VIEW {CLIENTS} AS SELECT {_OF_CLIENT}, NULL AS phone1, NULL AS phone1_label, NULL AS phone2,
    NULL AS phone2_label, NULL AS phone3, NULL AS phone3_label, NULL AS phone4, NULL AS phone4_label
  FROM client;
CREATE VIEW vetpipeline_phones AS SELECT client_key, number, label, position FROM client_phone;
CREATE VIEW {PATIENTS} AS
  SELECT p.patient_key, p.client_key, p.name, p.species, p.breed, p.birth_date,
    p.birth_date_estimated, w.weight, w.weight_unit, w.weight_date, p.deceased_flag,
    p.deceased_date, p.status
  FROM patient p LEFT JOIN patient_weight w ON w.weight_key = (SELECT l.weight_key
    FROM patient_weight l WHERE l.patient_key = p.patient_key
    ORDER BY l.weight_date DESC, l.weight_key DESC LIMIT 1);
"""


def main() -> None:
    """Write the practice in its two states, and its Home Delivery clients (1 in 100)."""
    clients, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    demo = folder / "demo.db"
    rows = make_practice(demo, clients=clients, seed=SEED)
    home = home_delivery_clients(demo, clients=max(1, clients // 100), seed=SEED)
    (folder / "home.json").write_text(
        json.dumps(
            {
                "clients": _records(home.clients),
                "patients": _records(home.patients),
                "prescriptions": home.prescriptions,
            }
        )
    )
    for layout in LAYOUTS:
        (folder / layout).mkdir(exist_ok=True)
    first, refresh = folder / "flat" / "first.db", folder / "flat" / "refresh.db"
    first.unlink(missing_ok=True)
    with sqlite3.connect(demo) as connection:
        connection.execute("ATTACH ? AS flat", (str(first),))
        connection.executescript(_TABLES)
    connection.close()
    demo.unlink()
    shutil.copyfile(first, refresh)
    change(refresh, _CHANGES)
    for state in (first, refresh):
        path = folder / "pims" / state.name
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as connection:
            connection.execute("ATTACH ? AS now", (str(state),))
            connection.execute("ATTACH ? AS was", (str(first),))
            connection.executescript(_AS_PIMS)
            rows |= {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in LAYOUTS["pims"]
            }
        connection.close()
    print(json.dumps(rows))


def _records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def change(path: Path, script: str) -> None:
    """Run statements on a PIMS file."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


if __name__ == "__main__":
    main()
