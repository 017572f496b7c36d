"""A PostgreSQL server of one's own logs no value, once it is told what docs/security.md says."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from vet_pipeline.scriptright.postgres.server import PROGRAM, EmbeddedServer, embedded_server

DOCS = Path(__file__).parents[2] / "docs" / "security.md"
# PostgreSQL's defaults, and what administrators add to find what is slow.
USUAL = {
    "log_error_verbosity": "default",
    "log_min_error_statement": "error",
    "log_min_messages": "warning",
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "-1",
    "log_min_duration_statement": "0",
}


def spoken(server: EmbeddedServer) -> str:
    """What the server's log says of a value written, and of others refused."""
    before = (server.data / "log").stat().st_size
    address = server.conninfo("scriptright").replace("user=postgres", f"user={PROGRAM}")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE t (email text CHECK (length(email) < 9), n int)")
        connection.execute("SELECT 'asked', %s::text", ["canary"])
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO t (email) VALUES (%s)", ["canary@example.com"])
        with (
            pytest.raises(psycopg.errors.InvalidTextRepresentation),
            connection.cursor().copy("COPY t (n) FROM STDIN") as copy,
        ):
            copy.write_row(["canary"])
    with (server.data / "log").open("rb") as log:
        log.seek(before)
        return log.read().decode()


def test_a_server_told_as_the_docs_say_logs_no_value(server_home: Path) -> None:
    told = re.findall(r"^ALTER DATABASE .*;$", DOCS.read_text(), re.MULTILINE)
    with embedded_server(server_home, settings=USUAL) as server:
        assert spoken(server).count("canary") >= 3
        with psycopg.connect(server.conninfo("scriptright"), autocommit=True) as connection:
            for statement in told:
                connection.execute(statement.encode())
        said = spoken(server)
    assert "SELECT 'asked', $1::text" in said
    assert "canary" not in said
