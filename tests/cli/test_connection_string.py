"""Which file an ODBC string names is told as the drivers read it."""

import pyodbc
import pytest

from vet_pipeline.cli.connection_string import refuse_path_from_here
from vet_pipeline.errors import UsageError


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"Clinic": "SQLite3", "server": "MariaDB Unicode"}
    monkeypatch.setattr(pyodbc, "dataSources", lambda: found)


@pytest.mark.parametrize(
    "odbc",
    [
        "DSN=clinic;Database=pims.db",  # its own database is another file
        "dsn={CLINIC};DATABASE={../oak/pims.db}",
        "DRIVER=SQLite3;Database=pims.db;Database=/data/pims.db",  # the first counts
    ],
)
def test_a_file_named_from_here_is_refused_whatever_names_its_driver(
    sources: None, odbc: str
) -> None:
    with pytest.raises(UsageError, match="no whole path"):
        refuse_path_from_here(odbc, "elm")


@pytest.mark.parametrize(
    "odbc",
    [
        "DSN=clinic",
        "DSN=clinic;Database=/data/pims.db",
        "DSN=server;Database=pims",
        "DSN=elsewhere;Database=pims",
        "DRIVER=SQLite3;Database=/data/pims.db;Database=pims.db",
    ],
)
def test_a_whole_path_a_servers_database_and_a_source_s_own_are_not(
    sources: None, odbc: str
) -> None:
    refuse_path_from_here(odbc, "elm")
