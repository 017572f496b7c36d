"""One embedded PostgreSQL for the whole test run, and a fresh migrated database for each test."""

from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy import Engine

from vet_pipeline.scriptright.postgres import server
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.server import (
    PROGRAM,
    SUPERUSER,
    EmbeddedServer,
    embedded_server,
)

pytest_plugins = ["tests.in_memory", "tests.postgres_version", "tests.soak", "tests.workers"]

TEMPLATE = "template_scriptright"
_numbers = itertools.count()


# The daily run draws the same examples each time, so that a red test is somebody's change;
# HYPOTHESIS_PROFILE=random draws new ones.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("random", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


# What a test run itself is told by; all else of ours in a shell leads to somebody's system.
OF_THE_TESTS = (
    "VET_PIPELINE_SOAK",
    "VET_PIPELINE_KILLS",
    "VET_PIPELINE_FIGURES",
    "VET_PIPELINE_TEST_POSTGRES",
)
OF_THE_SHELL = ("VET_PIPELINE_", "SCRIPTRIGHT_", "DAGSTER_")


@pytest.fixture(scope="session", autouse=True)
def home_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tests leave nothing in the checkout's `var`, and mail, read and write nobody's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*os.environ]:
            if name.startswith(OF_THE_SHELL) and name not in OF_THE_TESTS:
                patch.delenv(name)
        home = tmp_path_factory.mktemp("home")
        patch.setenv("VET_PIPELINE_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def nothing_witnessed(home_apart: Path) -> None:
    """A test's database is new, and no restored one of the test before."""
    shutil.rmtree(home_apart / "witness", ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server of its own for this run, shared by the workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    # Not below pytest's own directory: each run of pytest takes all others' rights off it.
    digest = hashlib.sha256(str(shared).encode()).hexdigest()[:12]
    home = Path(tempfile.gettempdir()) / f"vet-pipeline-tests-{digest}"
    # A lost power supply is no matter here; killed processes are, and survive this.
    quick = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with embedded_server(home, settings=quick) as started:
        _make_template(started)
        yield started
    if not (started.data / "postmaster.pid").exists():  # no other worker uses it
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def server_home() -> Iterator[Path]:
    """A home for a server of the test's own, with a path short enough for a socket.

    Not below pytest's own directory, for the same reason.
    """
    home = Path(tempfile.mkdtemp(prefix="vet-pipeline-home-")).resolve()
    yield home
    if shared := server._shared.pop(home, None):
        shared.close()
    shutil.rmtree(home)


def _shrink_catalogs(connection: psycopg.Connection) -> None:
    """A third less to copy for each test. The schema's own tables stay as a first load finds them."""
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace"
        " AND relkind = 'r'"
    ).fetchall()
    names = sql.SQL(", ").join(sql.Identifier("pg_catalog", name) for (name,) in tables)
    connection.execute(sql.SQL("VACUUM FULL {}").format(names))


def _make_template(server: EmbeddedServer) -> None:
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(1)")  # one worker makes it, the others wait
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [TEMPLATE]
        ).fetchone()
        if not found:
            name = sql.Identifier(TEMPLATE)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
            migrate(server.url(TEMPLATE, "psycopg"))
            with psycopg.connect(server.conninfo(TEMPLATE), autocommit=True) as made:
                # Else each copy is a restored one.
                made.execute("COMMENT ON SCHEMA scriptright IS NULL")
                _shrink_catalogs(made)
            # Its first backend writes what each copy's would otherwise gather anew: a third of a connect.
            psycopg.connect(server.conninfo(TEMPLATE)).close()
            connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(name))


@pytest.fixture
def empty_database_url(postgres: EmbeddedServer) -> Iterator[str]:
    """The URL of a new database without the schema."""
    yield from _database(postgres, "template0")


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    """An engine on a new database without the schema, or with the version a test migrates it to."""
    yield from _opened(empty_database_url)


@pytest.fixture
def database_url(postgres: EmbeddedServer) -> Iterator[str]:
    """The URL (postgresql+psycopg) of a new, migrated, empty ScriptRight database."""
    yield from _database(postgres, TEMPLATE)


@pytest.fixture
def program_url(database_url: str) -> str:
    """The same database for the login that the program has: no rights but its roles'."""
    return database_url.replace(f"//{SUPERUSER}@", f"//{PROGRAM}@")


def _database(server: EmbeddedServer, template: str) -> Iterator[str]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{worker}_{next(_numbers)}"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    yield server.url(name, "psycopg")
    with psycopg.connect(server.conninfo("postgres"), autocommit=True) as connection:
        connection.execute(drop.format(sql.Identifier(name)))


fresh_database = contextmanager(_database)


@contextmanager
def fresh_engine(server: EmbeddedServer) -> Iterator[Engine]:
    """A new, migrated, empty ScriptRight database for longer than one test."""
    with fresh_database(server, TEMPLATE) as url:
        yield from _opened(url)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a new, migrated, empty ScriptRight database."""
    yield from _opened(database_url)


def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()
