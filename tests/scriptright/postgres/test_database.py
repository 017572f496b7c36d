"""How a connection to ScriptRight is opened."""

from __future__ import annotations

import logging
import os
import socket

import psycopg
import pytest
from dagster import DagsterExecutionInterruptedError
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from tests.faults.proxy import proxy_to
from tests.scriptright.builders import add_practice, one
from vet_pipeline.errors import DatabaseRefused, DatabaseUnavailable
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres.database import driver, open_engine, translate_errors
from vet_pipeline.scriptright.postgres.roles import transaction
from vet_pipeline.scriptright.postgres.server import EmbeddedServer


def test_no_parameter_is_in_the_words_of_a_refused_statement(engine: Engine) -> None:
    refused = text("SELECT 1 / 0, CAST(:who AS text)")
    with engine.connect() as connection, pytest.raises(DBAPIError) as told:
        connection.execute(refused, {"who": "Bella Kaminski"})
    assert "Bella" not in str(told.value)
    assert "hide_parameters" in str(told.value)


def test_no_row_is_in_the_log_of_whoever_looks_for_slow_statements(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.engine.Engine", "psycopg"):
        caplog.set_level(logging.DEBUG, name)
    engine = open_engine(database_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT CAST(:who AS text)"), {"who": "Bella Kaminski"}).all()
    engine.dispose()
    assert "Bella" not in caplog.text


def test_either_side_gives_up_a_peer_that_has_vanished_without_a_word(
    database_url: str, postgres: EmbeddedServer
) -> None:
    name = make_url(database_url).database
    with proxy_to(path=str(postgres.socket_directory / ".s.PGSQL.5432")) as proxy:
        engine = open_engine(f"postgresql://postgres@127.0.0.1:{proxy.port}/{name}")
        with engine.connect() as connection:
            ours = socket.socket(fileno=os.dup(driver(connection).fileno()))
            with ours:
                options = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
                kept = [ours.getsockopt(socket.IPPROTO_TCP, getattr(socket, o)) for o in options]
                assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            asked = connection.execute(
                text(
                    "SELECT name, reset_val FROM pg_settings"
                    " WHERE name LIKE 'tcp_keepalives_%' ORDER BY name"
                )
            ).all()
        engine.dispose()
    assert kept == [60, 10, 6]
    assert asked == [
        ("tcp_keepalives_count", "6"),
        ("tcp_keepalives_idle", "60"),
        ("tcp_keepalives_interval", "10"),
    ]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, DagsterExecutionInterruptedError])
def test_what_stops_a_process_in_mid_statement_is_no_error_of_the_database(
    database_url: str, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def stopped(cursor: psycopg.Cursor[object], *_: object, **__: object) -> None:
        cursor.connection.pgconn.send_query(b"SELECT 1")  # sent, and never answered
        raise stop

    engine = open_engine(database_url)
    with transaction(engine, "ops"):
        pass  # from here on a connection waits in the pool, and is asked whether it lives
    monkeypatch.setattr(psycopg.Cursor, "execute", stopped)
    with pytest.raises(stop) as told, transaction(engine, "ops"):
        pass
    engine.dispose()
    assert told.value.__suppress_context__


def test_a_pooler_before_the_database_is_told_as_one() -> None:
    refused = psycopg.OperationalError("FATAL:  unsupported startup parameter: options")
    with pytest.raises(DatabaseRefused, match="a pooler stands before") as told, translate_errors():
        raise refused
    assert "name the PostgreSQL server itself in SCRIPTRIGHT_URL" in str(told.value)


def test_a_session_that_was_open_while_the_schema_changed_is_to_try_again(engine: Engine) -> None:
    """Psycopg prepares what is asked often: a plan that names other columns by now is given up."""
    add_practice(engine)
    with engine.begin() as connection:
        web_shop.add_client(connection, "oak", {"last_name": "Lee"})

    def save(city: str) -> None:
        with transaction(engine, "shop", "oak") as connection:
            web_shop.edit_client(connection, "oak", 1, {"city": city}, actor="client 1")

    for number in range(8):
        save(f"City {number}")
    migrating = open_engine(engine.url.render_as_string(hide_password=False))
    with migrating.begin() as connection:
        connection.execute(text("ALTER TABLE scriptright.client ADD COLUMN later text"))
    migrating.dispose()
    with pytest.raises(DatabaseUnavailable, match="while this session was open"):
        save("Ames")
    save("Ames")
    assert one(engine, "SELECT city FROM scriptright.client") == "Ames"
