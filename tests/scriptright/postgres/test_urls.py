"""PostgreSQL's URLs as people write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import make_url

from vet_pipeline.errors import UsageError
from vet_pipeline.scriptright.postgres.server import dagster_url, migration_url, scriptright_url
from vet_pipeline.scriptright.postgres.urls import with_driver


@pytest.mark.parametrize(
    "url",
    [
        "postgres://localhost/d",
        "postgresql://localhost/d",
        "postgresql+psycopg2://localhost/d",
        " postgresql://localhost/d ",
    ],
)
def test_every_postgresql_url_gets_our_driver(url: str) -> None:
    assert with_driver(url, "psycopg") == "postgresql+psycopg://localhost/d"


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (
            "postgresql://u:p@127.0.0.1:5432,localhost:5433/d?target_session_attrs=read-write",
            "postgresql+psycopg://u:p@/d?host=127.0.0.1:5432&host=localhost:5433"
            "&target_session_attrs=read-write",
        ),
        (
            "postgresql://localhost,127.0.0.1",
            "postgresql+psycopg:///?host=localhost&host=127.0.0.1",
        ),
        ("postgresql://u:a,b@localhost/d", "postgresql+psycopg://u:a,b@localhost/d"),
    ],
)
def test_a_server_and_its_standby_are_written_as_libpq_has_them(url: str, wanted: str) -> None:
    assert with_driver(url, "psycopg") == wanted


@pytest.mark.parametrize("password", ["p,a/s", "p,a?s", "p/a,s", "p,a"])
def test_no_part_of_a_password_is_taken_for_a_host(password: str) -> None:
    url = make_url(with_driver(f"postgresql://u:{password}@localhost/d", "psycopg"))
    assert (url.password, url.host, url.query.get("host")) == (password, "localhost", None)


def test_another_database_is_no_target() -> None:
    with pytest.raises(UsageError, match="isn't a PostgreSQL one"):
        with_driver("sqlite:///x.db", "psycopg")


@pytest.mark.parametrize(
    ("variable", "read"),
    [
        ("SCRIPTRIGHT_URL", scriptright_url),
        ("SCRIPTRIGHT_MIGRATION_URL", migration_url),
        ("DAGSTER_PG_URL", dagster_url),
    ],
)
@pytest.mark.parametrize("rest", ["u:hunter2@db:port/d", "u:hunter2@[::1/d"])
def test_a_url_that_can_not_be_read_is_told_by_its_variable_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, variable: str, read: Callable[[], str], rest: str
) -> None:
    monkeypatch.setenv(variable, f"postgresql://{rest}")
    with pytest.raises(UsageError, match=f"{variable} can't be read") as caught:
        read()
    assert "hunter2" not in str(caught.value)
