"""Between a PIMS on another machine and here: encrypted, and by the server that is meant, or told."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.certificate import certificate
from tests.pims.conftest import Server
from tests.pims.reading import read
from tests.pims.views import make
from tests.scriptright.postgres.tls_front import TlsFront
from vet_pipeline.errors import PimsAccessDenied
from vet_pipeline.pims import on_the_way
from vet_pipeline.pims.check import check_connector
from vet_pipeline.pims.connector import load_connector
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

IN_THE_CLEAR = (
    "the connection to the PIMS isn't encrypted: whoever listens on the way reads all clients"
)


@pytest.mark.parametrize("engine", ["mariadb", "postgresql"])
def test_a_pims_elsewhere_that_is_read_in_the_clear_is_told(
    engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, addresses and phones of all clients went over the net as they are, without a word."""
    server: Server = request.getfixturevalue(engine)
    odbc = server.odbc(make(server, clients=[{"client_key": "1"}], patients=[{"patient_key": "7"}]))
    here = check_connector(load_connector("generic"), odbc)
    assert not any(IN_THE_CLEAR in line for line in (*here.warnings, *here.notes))
    monkeypatch.setattr(on_the_way, "is_elsewhere", lambda _odbc: True)
    there = check_connector(load_connector("generic"), odbc)
    assert [IN_THE_CLEAR in lines[0] for lines in (there.warnings, there.notes)] == [True, True]


def test_an_encrypted_pims_is_not(mariadb: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_the_way, "is_elsewhere", lambda _odbc: True)
    odbc = mariadb.odbc(make(mariadb, clients=[{"client_key": "1"}]))
    notes = read("generic", f"{odbc};FORCETLS=1").notes
    assert not any(IN_THE_CLEAR in note for note in notes)


@pytest.mark.parametrize(
    ("odbc", "elsewhere"),
    [
        ("DRIVER={MariaDB Unicode};SERVER=oak.example;DATABASE=pims", True),
        ("DRIVER={MariaDB Unicode};SERVER=10.8.0.4", True),
        ("DRIVER={MariaDB Unicode};SERVER=127.0.0.1;PORT=3307", False),
        ("DRIVER={MariaDB Unicode};DATABASE=pims", False),  # the driver's own: this machine
        ("DRIVER={PostgreSQL Unicode};Servername=::1", False),
        ("DRIVER={PostgreSQL Unicode};SERVER=/run/postgresql", False),
        ("DRIVER={ODBC Driver 18 for SQL Server};SERVER=tcp:oak.example,1433", True),
        ("DRIVER={ODBC Driver 18 for SQL Server};SERVER=.\\INTRAVET", False),
        ("DSN=oak", True),
    ],
)
def test_which_server_is_another_machine(odbc: str, elsewhere: bool) -> None:
    assert on_the_way.is_elsewhere(odbc) is elsewhere


def test_a_certificate_that_isnt_trusted_needs_a_person(
    mariadb: Server, postgres: EmbeddedServer, tmp_path: Path
) -> None:
    """It was told as a server that is down, and tried again for three days."""
    other = certificate(tmp_path)
    user = conninfo_to_dict(postgres.conninfo("postgres"))["user"]
    database = make(mariadb, clients=[{"client_key": "1"}])
    with (
        TlsFront(postgres.socket_directory, certificate(tmp_path)) as front,
        TlsFront(postgres.socket_directory, None) as bare,
    ):
        postgresql = f"DRIVER={{PostgreSQL Unicode}};SERVER=127.0.0.1;UID={user};DATABASE=postgres"
        verified = (
            f"{postgresql};PORT={bare.port};SSLmode=require",
            f"{postgresql};PORT={front.port};SSLmode=verify-full;pqopt={{sslrootcert={other}.not}}",
            f"{mariadb.odbc(database)};SSLVERIFY=1",
            f"{mariadb.odbc(database)};SSLVERIFY=1;SSLCA={other}",
        )
        for odbc in verified:
            with pytest.raises(PimsAccessDenied, match="no encrypted connection that can be trust"):
                read("generic", odbc)
