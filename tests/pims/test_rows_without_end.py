"""More rows than any practice has, in a PIMS on a server: asked for no further than it takes to see that."""

from __future__ import annotations

import pytest

from tests.generic_pims import PATIENT_COLUMNS
from tests.pims import views
from tests.pims.conftest import Server
from tests.pims.reading import read
from vet_pipeline.errors import SnapshotShapeChanged

HUNDRED = ", ".join(f"({number})" for number in range(100))


@pytest.mark.parametrize(
    ("engine", "key", "source"),
    [
        ("postgresql", "a.id", "animal a, animal b, animal c, animal d, animal e"),
        ("sqlite", "a.id", "animal a, animal b, animal c, animal d, animal e"),
        ("mariadb", "seq", "seq_1_to_10000000000"),
    ],
)
def test_rows_without_end_do_not_come_to_the_driver_which_keeps_them_all(
    request: pytest.FixtureRequest, engine: str, key: str, source: str
) -> None:
    """A view that joins without a condition, in the order of its keys, took 12 GB within two minutes."""
    server: Server = request.getfixturevalue(engine)
    database = views.make(server, clients=[{"client_key": "1", "last_name": "Lee"}])
    columns = {"patient_key": key, "client_key": "'1'"}
    listed = ", ".join(f"{columns.get(name, 'NULL')} AS {name}" for name in PATIENT_COLUMNS)
    server.run(
        database,
        "DROP TABLE vetpipeline_patients",
        "CREATE TABLE animal (id INTEGER PRIMARY KEY)",
        f"INSERT INTO animal VALUES {HUNDRED}",
        f"CREATE VIEW vetpipeline_patients AS SELECT {listed} FROM {source}",
    )
    with pytest.raises(SnapshotShapeChanged, match="patients: there are more than 1,048,576 rows"):
        read("generic", server.odbc(database), statement_seconds=10)
