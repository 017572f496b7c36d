"""A connector's SQL that the server refuses for what it says: told as that, for no retry helps.

Told as a server that is down, it was tried again for three days, and a person sent to the network.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.errors import ConnectorInvalid, SnapshotShapeChanged
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.scaffold import scaffold_connector

SECRET = "Zanzibarova"
PATIENT = {"patient_key": "1", "client_key": "7", "name": SECRET}


def refusal(server: Server, database: str, folder: Path, written: str, instead: str) -> str:
    """What is said of a connector of one's own with one change in its patients.sql."""
    scaffold_connector("mypims", folder)
    sql = folder / "mypims" / "patients.sql"
    assert written in sql.read_text()
    sql.write_text(sql.read_text().replace(written, instead))
    with pytest.raises(ConnectorInvalid) as refused:
        read(load_connector(folder / "mypims"), server.odbc(database))
    assert SECRET not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("server", ["mariadb", "postgresql"])
def test_a_subquery_for_the_owner_of_an_animal_that_has_two(
    server: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    pims: Server = request.getfixturevalue(server)
    database = make(pims, patients=[PATIENT])
    pims.run(
        database,
        "CREATE TABLE owns (pet VARCHAR(60), owner VARCHAR(60))",
        "INSERT INTO owns VALUES ('1', '7'), ('1', '8')",
    )
    owner = "{text: (SELECT owner FROM owns WHERE owns.pet = vetpipeline_patients.patient_key)}"
    assert "the connector's SQL, reading patients (21000/" in refusal(
        pims, database, tmp_path, "{text: client_key}", owner
    )


def test_a_name_that_two_of_the_tables_have(mariadb: Server, tmp_path: Path) -> None:
    joined = "vetpipeline_patients LEFT JOIN vetpipeline_phones USING (client_key)"
    database = make(mariadb, patients=[PATIENT])
    mariadb.run(
        database,
        "CREATE TABLE vetpipeline_phones (client_key VARCHAR(60), name INT, number INT, label INT, position INT)",
    )
    told = refusal(mariadb, database, tmp_path, "FROM vetpipeline_patients", f"FROM {joined}")
    assert "(23000/1052). Next step: write columns that two of its tables have with" in told


def test_texts_of_two_collations(mariadb: Server, tmp_path: Path) -> None:
    database = make(mariadb, patients=[PATIENT])
    mariadb.run(
        database,
        "ALTER TABLE vetpipeline_patients MODIFY status VARCHAR(60) COLLATE utf8mb4_danish_ci",
        "ALTER TABLE vetpipeline_patients MODIFY breed VARCHAR(60) COLLATE utf8mb4_swedish_ci",
    )
    assert "(HY000/1267)" in refusal(
        mariadb, database, tmp_path, "{text: status}", "{text: NULLIF(status, breed)}"
    )


@pytest.mark.parametrize("engine", ["sqlite", "mariadb"])
@pytest.mark.parametrize(
    ("instead", "named"),
    [("breed AS name", "breed, name"), ("breed AS breed, NULL AS name", "name")],
)
def test_columns_that_are_doubled_or_missing_are_named(
    engine: str, instead: str, named: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(engine)
    database = make(server, patients=[PATIENT])
    told = refusal(server, database, tmp_path, "{text: breed} AS breed", instead)
    assert f"has missing, extra or doubled columns ({named})" in told.replace(
        ":1", ""
    )  # SQLite's own


def test_a_view_of_what_is_gone_that_the_tables_dont_name(mariadb: Server, tmp_path: Path) -> None:
    database = make(mariadb, patients=[PATIENT])
    mariadb.run(
        database,
        "CREATE TABLE below (patient_key INT)",
        "CREATE VIEW kinds AS SELECT patient_key AS own_key FROM below",
        "DROP TABLE below",
    )
    scaffold_connector("mypims", tmp_path)
    sql = tmp_path / "mypims" / "patients.sql"
    joined = "FROM vetpipeline_patients LEFT JOIN kinds ON own_key = patient_key"
    sql.write_text(sql.read_text().replace("FROM vetpipeline_patients", joined))
    with pytest.raises(SnapshotShapeChanged, match=r"isn't there, reading patients \(.*1356\)"):
        read(load_connector(tmp_path / "mypims"), mariadb.odbc(database))
