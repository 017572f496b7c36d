"""What `connector check` says of numbers of another country, and of letters that were lost."""

from __future__ import annotations

from pathlib import Path

from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.pims.reader import ReadOptions

HEAD = "Client ID,Last Name,Address,Phone\n"
OF_LONDON = "".join(f"{n},Lee,{n} High St,020 7946 {n:04}\n" for n in range(30))


def warnings(tmp_path: Path, clients: str, patients: str = "1,0,Rex\n") -> list[str]:
    (tmp_path / "clients.csv").write_text(HEAD + clients)
    (tmp_path / "patients.csv").write_text("Patient ID,Client ID,Name\n" + patients)
    options = ReadOptions(limits={"settle_seconds": 0})
    return check_connector(load_connector("csv"), f"FOLDER={tmp_path}", options=options).warnings


def test_numbers_of_another_country_are_told_before_the_first_copy(tmp_path: Path) -> None:
    """A later setting fills none of them in."""
    assert warnings(tmp_path, OF_LONDON) == [
        "of 30 clients no telephone number can be taken: they are read as numbers of phone_region, the"
        " US where nobody has set it. Next step: where the practice is elsewhere, before the first copy:"
        " vet-pipeline practice set ID phone_region=GB (CA, AU, ...) --by NAME"
    ]


def test_some_slips_among_numbers_that_are_taken_are_none_of_another_country(
    tmp_path: Path,
) -> None:
    taken = "".join(f"{n},Lee,{n} High St,217-555-{n:04}\n" for n in range(100, 140))
    assert warnings(tmp_path, OF_LONDON + taken) == []


READ_TWICE = (
    "{} clients and patients have a name or address like MuÃ±oz, for Muñoz: the PIMS keeps UTF-8 in"
    " columns of another character set, or a program saved an export anew. Next step: let the export or"
    " the view give it as UTF-8 before the first copy; on MariaDB and MySQL"
    " CONVERT(CAST(CONVERT(last_name USING latin1) AS BINARY) USING utf8mb4)"
)


def test_letters_that_the_pims_keeps_as_others_are_told(mariadb: Server) -> None:
    """A program that writes UTF-8 through a connection of latin1: no other is as common."""
    columns = ("first_name", "last_name", "address_line1")
    kept = [
        ("Zoë", "Muñoz", "1 Main St"),
        ("JOÃO", "IRMÃ", "5 Oak St"),  # Portuguese, and whole
        ("Ann", "O’Neil", "ÄÖÜ"),
    ]
    database = make(mariadb, clients=[
        {"client_key": str(n), **dict(zip(columns, row, strict=True))} for n, row in enumerate(kept)
    ])  # fmt: skip
    good = check_connector(load_connector("generic"), mariadb.odbc(database))
    assert [w for w in good.warnings if "UTF-8" in w] == []
    spoil = "CONVERT(CAST(CONVERT({0} USING utf8mb4) AS BINARY) USING latin1)"
    spoilt = ", ".join(f"{column} = {spoil.format(column)}" for column in columns)
    mariadb.run(database, f"UPDATE vetpipeline_clients SET {spoilt} WHERE client_key <> '1'")
    told = check_connector(load_connector("generic"), mariadb.odbc(database))
    assert [w for w in told.warnings if "UTF-8" in w] == [READ_TWICE.format(2)]
    mend = "CONVERT(CAST(CONVERT({0} USING latin1) AS BINARY) USING utf8mb4)"
    mended = ", ".join(f"{column} = {mend.format(column)}" for column in columns)
    mariadb.run(database, f"UPDATE vetpipeline_clients SET {mended} WHERE client_key <> '1'")
    clients = read("generic", mariadb.odbc(database)).clients
    assert [tuple(row) for row in clients[list(columns)].itertuples(index=False)] == kept


def test_letters_that_were_lost_before_the_read_are_told(tmp_path: Path) -> None:
    told = warnings(
        tmp_path, "0,Mu?oz,1 Hauptstra?e,\n1,O?Neil,,\n2,Lee?,??,\n3,NÃºÃ±ez,,\n", "1,0,Jos?phine\n"
    )
    assert told == [
        "3 clients and patients have a question mark within a word of a name or address, as in Mu?oz:"
        " letters were lost before they were read. Next step: let the export, the driver or the view have"
        " a character set that holds them, before the first copy",
        READ_TWICE.format(1),
    ]
