"""Tables and columns whose names need quotation marks: written with them in [tables] and the SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import Connector, load_connector
from vet_pipeline.pims.scaffold import scaffold_connector

TABLES = """
[tables.'"Owner Master"']
'"Own#"' = "number"
"order" = "text"

[tables.vetpipeline_patients]
patient_key = "any"
"""


def connector(tmp_path: Path, tables: str) -> Connector:
    """The scaffolded connector with clients of a table whose names are no plain words."""
    scaffold_connector("mypims", tmp_path)
    folder = tmp_path / "mypims"
    toml = (folder / "connector.toml").read_text()
    toml = toml[: toml.index("[phones]")].replace(
        """from = "vetpipeline_clients"
key = "client_key\"""",
        """from = '"Owner Master"'
key = '"Own#"\'""",
    )
    (folder / "connector.toml").write_text(toml + tables)
    (folder / "phones.sql").unlink()
    sql = (folder / "clients.sql").read_text().splitlines()
    blank = [f"    NULL AS {line.split(' AS ')[1]}" for line in sql if " AS " in line]
    blank[0] = """    {text: "Own#"} AS client_key,"""
    blank[3] = """    {text: "order"} AS last_name,"""
    (folder / "clients.sql").write_text(
        "\n".join(["SELECT", *blank, 'FROM "Owner Master"', "WHERE {page}"])
    )
    return load_connector(folder)


def database(sqlite: Server) -> str:
    name = sqlite.fresh("pims_quoted")
    sqlite.run(
        name,
        """CREATE TABLE "Owner Master" ("Own#" INTEGER, "order" TEXT, "Never Read" TEXT)""",
        """INSERT INTO "Owner Master" VALUES (7, 'Bell', 'x')""",
        """CREATE TABLE vetpipeline_patients (patient_key, client_key, name, species, breed,
            birth_date, birth_date_estimated, weight, weight_unit, weight_date, deceased_flag,
            deceased_date, status)""",
        "INSERT INTO vetpipeline_patients (patient_key, client_key, name) VALUES (1, 7, 'Rex')",
    )
    return sqlite.odbc(name)


def test_quoted_names_are_read_and_only_other_columns_are_called_never_read(
    sqlite: Server, tmp_path: Path
) -> None:
    own = connector(tmp_path, TABLES.replace('"order"', "'\"order\"'"))
    odbc = database(sqlite)
    assert read(own, odbc).clients[["client_key", "last_name"]].values.tolist() == [["7", "Bell"]]
    report = check_connector(own, odbc)
    assert report.ready
    assert report.ignored['"Owner Master"'] == ["Never Read"]


def test_sql_that_sqlite_refuses_is_the_connectors_fault_and_not_the_lines(
    sqlite: Server, tmp_path: Path
) -> None:
    with pytest.raises(ConnectorInvalid, match="refuses the connector's SQL, looking at"):
        read(connector(tmp_path, TABLES), database(sqlite))
