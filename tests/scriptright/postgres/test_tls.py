"""A database on another machine is spoken to by TLS, its certificate checked, unless told not to."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.certificate import certificate
from tests.scriptright.postgres.tls_front import TlsFront
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright.postgres.database import (
    open_engine,
    require_migrated,
    translate_errors,
)
from vet_pipeline.scriptright.postgres.server import PROGRAM, EmbeddedServer
from vet_pipeline.scriptright.postgres.urls import with_driver, with_tls

SYSTEM = "sslmode=verify-full&sslrootcert=system"


@pytest.fixture(autouse=True)
def no_settings_of_libpq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No PGSSLMODE, PGHOST or ~/.postgresql of whoever runs the tests."""
    for name in ("PGSSLMODE", "PGSSLROOTCERT", "PGHOST", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@localhost/d",
        "postgresql://u:p@127.0.0.1:5433/d",
        "postgresql://u:p@[::1]:5433/d",
        "postgresql://u@/d?host=/var/run/postgresql",
        "postgresql://u@/d?host=127.0.0.1:5432&host=[::1]:5433&host=::1",
        "postgresql:///d",
    ],
)
def test_this_machine_needs_no_tls(url: str) -> None:
    assert with_tls(url) == url


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://u:p%40@db.example/d", f"postgresql://u:p%40@db.example/d?{SYSTEM}"),
        ("postgresql://u@10.0.0.7:6432/d?a=1", f"postgresql://u@10.0.0.7:6432/d?a=1&{SYSTEM}"),
        ("postgresql://u@localhost,db/d", f"postgresql://u@localhost,db/d?{SYSTEM}"),
        ("postgresql://u@/d?host=db.example", f"postgresql://u@/d?host=db.example&{SYSTEM}"),
        (
            "postgresql://u@/d?host=db:5432&host=localhost",
            f"postgresql://u@/d?host=db:5432&host=localhost&{SYSTEM}",
        ),
        (
            "postgresql://u@db/d?sslrootcert=/etc/ca.pem",
            "postgresql://u@db/d?sslrootcert=/etc/ca.pem&sslmode=verify-full",
        ),
        ("postgresql://u@db/d?sslmode=require", "postgresql://u@db/d?sslmode=require"),
    ],
)
def test_another_machine_gets_tls_with_the_certificate_checked(url: str, wanted: str) -> None:
    assert with_tls(url) == wanted


def test_every_url_of_the_program_goes_that_way() -> None:
    for driver in ("psycopg", "psycopg2"):
        url = with_driver("postgresql://u@db.example/d", driver)
        assert url == f"postgresql+{driver}://u@db.example/d?{SYSTEM}"
    assert open_engine("postgresql://u@db.example/d").url.query["sslmode"] == "verify-full"


def test_going_without_is_a_choice_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    url = "postgresql://u:hunter2@db.example/d?sslmode=disable"
    assert with_tls(url) == url
    [line] = caplog.messages
    assert "db.example isn't required to be encrypted: sslmode=disable" in line
    assert "hunter2" not in line


def test_libpqs_own_settings_count(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-ca")
    assert with_tls("postgresql://u@db/d") == "postgresql://u@db/d"
    assert caplog.messages == []
    monkeypatch.delenv("PGSSLMODE")
    monkeypatch.setenv("PGHOST", "db.example")
    monkeypatch.setenv("PGSSLROOTCERT", "/etc/ca.pem")
    assert with_tls("postgresql:///d") == "postgresql:///d?sslmode=verify-full"


def test_a_trusted_certificate_is_accepted_and_the_session_is_encrypted(
    postgres: EmbeddedServer, program_url: str, tmp_path: Path
) -> None:
    pem = certificate(tmp_path, "db.example")
    with TlsFront(postgres.socket_directory, pem) as front:
        engine = open_engine(_elsewhere(program_url, front) + f"&sslrootcert={pem}")
        require_migrated(engine)
        engine.dispose()
    assert (front.encrypted, front.plain) == (1, 0)


@pytest.mark.parametrize("trusted", ["system", "another"])
def test_a_certificate_that_isnt_trusted_is_refused(
    postgres: EmbeddedServer, program_url: str, tmp_path: Path, trusted: str
) -> None:
    (tmp_path / "other").mkdir()
    issuer = "" if trusted == "system" else f"&sslrootcert={certificate(tmp_path / 'other')}"
    with TlsFront(postgres.socket_directory, certificate(tmp_path, "db.example")) as front:
        _is_refused(_elsewhere(program_url, front) + issuer)
    assert (front.encrypted, front.plain) == (0, 0)


def test_a_certificate_for_another_name_is_refused(
    postgres: EmbeddedServer, program_url: str, tmp_path: Path
) -> None:
    pem = certificate(tmp_path, "elsewhere.example")
    with TlsFront(postgres.socket_directory, pem) as front:
        _is_refused(_elsewhere(program_url, front) + f"&sslrootcert={pem}")


def test_a_server_without_tls_is_not_spoken_to_in_the_clear(
    postgres: EmbeddedServer, program_url: str, tmp_path: Path
) -> None:
    with TlsFront(postgres.socket_directory, None) as front:
        _is_refused(_elsewhere(program_url, front) + f"&sslrootcert={certificate(tmp_path)}")
        assert front.plain == 0
        engine = open_engine(_elsewhere(program_url, front) + "&sslmode=disable")
        with engine.connect() as connection:
            assert connection.execute(text("SELECT 1")).scalar() == 1
        engine.dispose()
    assert front.plain == 1


def _elsewhere(program_url: str, front: TlsFront) -> str:
    """The test's database under the name of another machine, led to this one by its address."""
    database = program_url.partition("?")[0].rpartition("/")[2]
    there = f"host=db.example&hostaddr=127.0.0.1&port={front.port}"
    return f"postgresql://{PROGRAM}@/{database}?{there}"


def _is_refused(url: str) -> None:
    engine = open_engine(url)
    with pytest.raises(DatabaseRefused, match="sslrootcert=FILE"), translate_errors():
        engine.connect()
    engine.dispose()
