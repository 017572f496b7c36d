"""Tables and columns whose names need quotation marks: written with them in [tables] and the SQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.errors import ConnectorInvalid, SnapshotShapeChanged
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


def test_a_column_whose_name_is_a_word_of_sql_is_told_with_the_marks_it_needs(
    sqlite: Server, tmp_path: Path
) -> None:
    with pytest.raises(SnapshotShapeChanged) as stopped:
        read(connector(tmp_path, TABLES), database(sqlite))
    assert stopped.value.what == (
        'column "Owner Master".order is there, but the engine knows it in quotation marks alone:'
        ' write "order" in the SQL, and so in connector.toml'
    )


def test_so_is_a_table_whose_name_has_a_blank(sqlite: Server, tmp_path: Path) -> None:
    tables = TABLES.replace("""'"Owner Master"'""", '"Owner Master"')
    report = check_connector(connector(tmp_path, tables), database(sqlite))
    assert report.reasons == [
        "table Owner Master is there, but the engine knows it in quotation marks alone: write"
        ' "Owner Master" in the SQL, and so in connector.toml. Next step: compare with'
        " docs/connectors.md"
    ]


def test_postgresql_knows_capitals_in_quotation_marks_alone(
    postgresql: Server, tmp_path: Path
) -> None:
    name = postgresql.fresh("pims_quoted")
    postgresql.run(
        name,
        'CREATE TABLE "Owner Master" ("Own#" int, "LastName" text)',
        "CREATE TABLE vetpipeline_patients (patient_key int)",
    )
    tables = TABLES.replace('"order"', '"LastName"')
    report = check_connector(connector(tmp_path, tables), postgresql.odbc(name))
    assert [reason.partition(":")[0] for reason in report.reasons] == [
        'column "Owner Master".LastName is there, but the engine knows it in quotation marks alone'
    ]


def test_a_table_that_mariadb_has_in_small_letters_needs_no_marks(
    mariadb: Server, tmp_path: Path
) -> None:
    """On Linux Owners is another table than owners, in quotation marks, too."""
    name = mariadb.fresh("pims_quoted")
    mariadb.run(
        name,
        "CREATE TABLE owners (number INT)",
        "CREATE TABLE vetpipeline_patients (patient_key INT)",
    )
    tables = TABLES.replace("""'"Owner Master"'""", "Owners")
    report = check_connector(connector(tmp_path, tables), mariadb.odbc(name))
    assert report.reasons == [
        "table Owners isn't there. Next step: compare with docs/connectors.md"
    ]


def test_a_table_with_capitals_in_a_schema_is_told_with_marks_around_its_own_name(
    postgresql: Server, tmp_path: Path
) -> None:
    name = postgresql.fresh("pims_quoted")
    postgresql.run(
        name,
        "CREATE SCHEMA vet",
        'CREATE TABLE vet."Owners" (number INT)',
        "CREATE TABLE vetpipeline_patients (patient_key INT)",
    )
    tables = TABLES.replace("""'"Owner Master"'""", '"vet.Owners"')
    report = check_connector(connector(tmp_path, tables), postgresql.odbc(name))
    assert [reason.partition(" in the SQL")[0] for reason in report.reasons] == [
        "table vet.Owners is there, but the engine knows it in quotation marks alone: write"
        ' vet."Owners"'
    ]


def test_sql_that_sqlite_refuses_is_the_connectors_fault_and_not_the_lines(
    sqlite: Server, tmp_path: Path
) -> None:
    own = connector(tmp_path, TABLES.replace('"order"', "'\"order\"'"))
    sql = own.folder / "clients.sql"
    sql.write_text(sql.read_text().replace("SELECT", "SELECT FROM"))
    with pytest.raises(ConnectorInvalid, match="refuses the connector's SQL, reading clients"):
        read(load_connector(own.folder), database(sqlite))


@pytest.mark.parametrize("engine", ["mariadb", "sqlite"])
@pytest.mark.parametrize("view", ["clients", "phones"])
def test_a_view_of_what_is_gone_is_no_table_that_isnt_there(
    engine: str, view: str, request: pytest.FixtureRequest
) -> None:
    """Of phones, which may be absent, each client would be copied without a number."""
    server: Server = request.getfixturevalue(engine)
    rex = {"patient_key": "1", "client_key": "7", "name": "Rex"}
    name = make(server, clients=[{"client_key": "7", "last_name": "Bell"}], patients=[rex])
    below = "CREATE TABLE below AS SELECT * FROM vetpipeline_clients"
    if view == "clients":
        server.run(name, below, "DROP TABLE vetpipeline_clients")
    else:
        server.run(name, "CREATE TABLE below (client_key INT, number INT, label INT, position INT)")
    server.run(name, f"CREATE VIEW vetpipeline_{view} AS SELECT * FROM below", "DROP TABLE below")
    report = check_connector(load_connector("generic"), server.odbc(name))
    assert report.reasons == [
        f"view vetpipeline_{view} is there and can't be read: what it is made of is gone or renamed,"
        " or its maker may no longer read it. Next step: compare with docs/connectors.md"
    ]
