"""The command line on a fresh home: a new ScriptRight database and a Dagster one for each worker."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import typer.testing
from psycopg import sql
from typer.testing import CliRunner

from tests.cli.pims import BELL, REX, make_pims
from vet_pipeline.cli import app
from vet_pipeline.cli.options import DEFAULT_HOME
from vet_pipeline.cli.session import opened
from vet_pipeline.registry import practices
from vet_pipeline.scriptright.postgres.server import EmbeddedServer

# CliRunner builds all 45 commands anew for each that it runs: longer than most of them take.
typer.testing._get_command = lru_cache(typer.testing._get_command)


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """The JSON it printed."""
        return json.loads(self.stdout)


@dataclass(frozen=True)
class CommandLine:
    """Runs commands in this process on one home."""

    home: Path

    def __call__(self, *words: str, stdin: str | None = None) -> Said:
        result = CliRunner().invoke(app, list(words), input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    @property
    def pims(self) -> Path:
        """Where `add_practice` puts the PIMS."""
        return self.home / "pims.sqlite"

    def add_practice(self, practice_id: str = "elm") -> None:
        """A registered practice with one client, Bell, and one patient, Rex.

        Not by `practice add` (test_practice.py), which opens Dagster's instance for a partition: eleven
        connections a test. The practice's first run makes it where there is none.
        """
        odbc = make_pims(self.pims, [BELL], [REX])
        with opened(DEFAULT_HOME) as session, session.transaction("ops", practice_id) as connection:
            practices.add(
                connection,
                practice_id,
                name="Elm Vets",
                pims="generic",
                odbc=odbc,
                contact_email="desk@elm.example.com",
                timezone="America/Chicago",
                by="Dana Field",
            )


@pytest.fixture(scope="session")
def dagster_url(postgres: EmbeddedServer) -> str:
    """A database for Dagster's instance, one for each worker of pytest-xdist."""
    name = f"dagster_cli_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with psycopg.connect(postgres.conninfo("postgres"), autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(drop.format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return postgres.url(name, "psycopg2")


@pytest.fixture
def command(tmp_path: Path, program_url: str, dagster_url: str) -> Iterator[CommandLine]:
    """`vet-pipeline` on a home of its own; the environment is put back afterwards."""
    before = dict(os.environ)
    os.environ.update(
        VET_PIPELINE_HOME=str(tmp_path),
        SCRIPTRIGHT_URL=program_url,
        DAGSTER_PG_URL=dagster_url,
        COLUMNS="200",
    )
    yield CommandLine(tmp_path)
    os.environ.clear()
    os.environ.update(before)
