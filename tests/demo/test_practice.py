"""Demo practices: invented, deterministic, and readable like any other PIMS."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.demo.reading import dump
from vet_pipeline.demo import make_practice, odbc_string
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import read_snapshot


def test_the_same_seed_makes_the_same_practice(tmp_path: Path) -> None:
    make_practice(tmp_path / "a.sqlite", clients=60, seed="elm")
    make_practice(tmp_path / "b.sqlite", clients=60, seed="elm")
    assert dump(tmp_path / "a.sqlite") == dump(tmp_path / "b.sqlite")


def test_another_seed_makes_another_practice(tmp_path: Path) -> None:
    make_practice(tmp_path / "a.sqlite", clients=60, seed="elm")
    make_practice(tmp_path / "b.sqlite", clients=60, seed="oak")
    assert dump(tmp_path / "a.sqlite") != dump(tmp_path / "b.sqlite")


def test_a_practice_is_made_in_place_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=90, seed=1)
    made = make_practice(path, clients=60, seed=1)
    with closing(sqlite3.connect(path)) as pims:
        counted = [
            pims.execute(f"SELECT count(*) FROM vetpipeline_{table}").fetchone()[0]
            for table in ("clients", "patients")
        ]
    assert counted == [made["clients"], made["patients"]]
    assert made["clients"] == 60


def test_a_large_practice_has_about_seven_animals_to_four_owners(tmp_path: Path) -> None:
    made = make_practice(tmp_path / "a.sqlite", clients=3000, seed=1)
    assert made["clients"] == 3000
    assert 1.65 < made["patients"] / made["clients"] < 1.85


def test_no_telephone_rings_and_no_mail_arrives_anywhere(tmp_path: Path) -> None:
    make_practice(tmp_path / "a.sqlite", clients=500, seed=1)
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as pims:
        numbers = [row[0] for row in pims.execute("SELECT number FROM owner_phone")]
        emails = [row[0] for row in pims.execute("SELECT email FROM owner WHERE email NOT NULL")]
    assert {re.sub(r"\D", "", number)[3:6] for number in numbers} == {"555"}
    assert all(re.search(r"[@.]example\.(com|net|org)$", email) for email in emails)


def test_the_generic_connector_reads_every_row_over_odbc(tmp_path: Path) -> None:
    path = tmp_path / "a practice.sqlite"
    made = make_practice(path, clients=60, seed=1)
    raw = read_snapshot(load_connector("generic"), odbc_string(path))
    assert (len(raw.clients), len(raw.patients)) == (made["clients"], made["patients"])
    assert set(raw.patients["client_key"]) <= set(raw.clients["client_key"])


def test_what_the_pipeline_may_not_see_is_not_in_the_views(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_practice(path, clients=60, seed=1)
    with closing(sqlite3.connect(path)) as pims:
        seen = {
            entry[0]
            for table in ("clients", "patients")
            for entry in pims.execute(f"SELECT * FROM vetpipeline_{table}").description
        }
    assert not seen & {"notes", "balance_cents", "sex"}
