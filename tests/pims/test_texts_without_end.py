"""Texts larger than any field's, in a PIMS on a server: read no further than it takes to see that."""

from __future__ import annotations

from datetime import date

import pytest

from tests.pims import views
from tests.pims.conftest import Server
from tests.pims.reading import read, rows
from vet_pipeline.normalize.clients import normalize_clients
from vet_pipeline.normalize.conventions import Conventions

LONGEST = "\U0001f43e" * 9_999 + "é"  # that is taken; two bytes to eight a letter


@pytest.fixture(params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


def test_a_text_without_end_is_not_read_whole_and_is_set_aside(server: Server) -> None:
    """A table of 800 such took 3.7 GB, a page of 5,000 what the runs of other practices need."""
    texts = {"first_name": "=REPEAT('x', 1000000)", "organisation": LONGEST}
    kinds = {"first_name": "TEXT", "organisation": "TEXT"}
    if "MariaDB" in server.odbc(""):
        kinds = dict.fromkeys(kinds, "LONGTEXT")
    clients = [
        {"client_key": "1", "last_name": "Lee", **texts},
        {"client_key": "2", "last_name": "Bell", "organisation": LONGEST},
    ]
    database = views.make(server, clients=clients, patients=[{"patient_key": "7"}], types=kinds)
    got = read("generic", server.odbc(database)).clients
    assert [len(row.get("first_name", "")) for row in rows(got)] == [40_004, 0]
    assert [row["organisation"] == LONGEST for row in rows(got)] == [True, True]
    taken = normalize_clients(got, Conventions(), read_on=date(2026, 11, 23))
    assert taken.rows["pims_client_id"].tolist() == ["2"]
