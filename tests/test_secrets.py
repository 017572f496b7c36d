"""A password that an environment variable holds stays there: not in a process list, not in a log."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest
from dagster_shared.serdes import serialize_value
from sqlalchemy.engine import make_url

from automation.instance import open_instance
from vet_pipeline.scriptright.postgres.database import open_engine
from vet_pipeline.scriptright.postgres.urls import with_driver


def test_dagsters_processes_are_told_of_their_database_without_its_password(
    tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DAGSTER_HOME", "DAGSTER_DISABLE_TELEMETRY", "GX_ANALYTICS_ENABLED"):
        monkeypatch.setenv(name, "")  # so that what opening sets is undone afterwards
    url = make_url(with_driver(empty_database_url, "psycopg2")).set(password="hunter2")
    monkeypatch.setenv("DAGSTER_PG_URL", url.render_as_string(hide_password=False))
    with open_instance(tmp_path) as instance:
        # Dagster hands this to its children as an argument, which `ps` shows to everybody.
        handed_on = serialize_value(instance.get_ref())
        assert isinstance(instance, dg.DagsterInstance)
    assert "HomePostgresStorage" in handed_on
    assert "hunter2" not in handed_on


def test_an_engine_shows_no_password() -> None:
    engine = open_engine("postgresql://vet:hunter2@localhost/scriptright")
    assert "hunter2" not in f"{engine!r} {engine.url}"
