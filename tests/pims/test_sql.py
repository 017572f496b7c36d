"""Macros, and the law of pages: every row falls in exactly one page, whatever the bounds are."""

from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vet_pipeline.errors import ConnectorInvalid
from vet_pipeline.pims.engines import ENGINES, EngineName, engine_of
from vet_pipeline.pims.sql import Page, pages, render

KEYS = st.lists(st.one_of(st.none(), st.sampled_from(["", "a", "A", "a ", "b", "1", "10", "é"])))
BOUNDS = st.lists(st.sampled_from(["", "a", "A", "aa", "b", "10", "2"]), max_size=4)


@settings(deadline=None)
@given(keys=KEYS, bounds=BOUNDS, collation=st.sampled_from(["BINARY", "NOCASE", "RTRIM"]))
def test_each_row_is_in_exactly_one_page(
    keys: list[str | None], bounds: list[str], collation: str
) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute(f"CREATE TABLE t (k TEXT COLLATE {collation}, n INTEGER)")
    connection.executemany("INSERT INTO t VALUES (?, ?)", [(key, n) for n, key in enumerate(keys)])
    # Bounds come in the server's own order.
    listed = connection.execute(
        f"SELECT value FROM json_each(?) ORDER BY value COLLATE {collation}", [json.dumps(bounds)]
    )
    in_order = [row[0] for row in listed]
    found: list[int] = []
    for page in pages(in_order, has_nulls=None in keys):
        condition, parameters = page.condition("k")
        statement = f"SELECT n FROM t WHERE {condition}"
        found += [row[0] for row in connection.execute(statement, parameters)]
    connection.close()
    assert sorted(found) == list(range(len(keys)))


def test_macros_stand_in_macros_and_comments_are_taken_out() -> None:
    text, parameters = render(
        "SELECT {text: COALESCE({flag: a.b}, '0')} -- what? {x: y}\nFROM t\nWHERE {page: a.c} AND {page};\n",
        ENGINES["postgresql"],
        "a.k",
        Page(5, None),
    )
    assert text == (
        "SELECT left(CAST(COALESCE(left(CAST(a.b AS text), 40004), '0') AS text), 40004)  \nFROM t\n"
        "WHERE (a.c IS NOT NULL AND a.c > ?) AND (a.k IS NOT NULL AND a.k > ?)"
    )
    assert parameters == [5, 5]


def test_braces_in_a_literal_are_no_macro_s() -> None:
    """As GUIDs are written by one table and not by the other."""
    sql = "SELECT {text: CONCAT('{', UPPER({date: a}), '}')}, '{}' FROM t WHERE {page: CONCAT(b, '}')}"
    text, _ = render(sql, ENGINES["postgresql"], "k", Page(nulls=True))
    assert text == (
        "SELECT left(CAST(CONCAT('{', UPPER(left(CAST(a AS text), 40004)), '}') AS text), 40004), '{}'"
        " FROM t WHERE (CONCAT(b, '}') IS NULL)"
    )


def test_an_unknown_macro_is_refused() -> None:
    with pytest.raises(ConnectorInvalid, match="unknown macro {money:"):
        render("SELECT {money: a}", ENGINES["sqlite"], "k", Page())


@pytest.mark.parametrize(
    ("name", "version", "engine"),
    [
        ("SQLite", "3.39.3", "sqlite"),
        ("PostgreSQL", "18.0.4", "postgresql"),
        ("MariaDB", "10.11.000019", "mariadb"),
        ("MySQL", "5.5.5-10.6.12-MariaDB", "mariadb"),
        ("MySQL", "8.0.36", "mysql"),
        ("Microsoft SQL Server", "15.00.4355", "sqlserver"),
        ("ACCESS", "04.00.0000", None),
    ],
)
def test_the_engine_is_known_by_its_name(name: str, version: str, engine: str | None) -> None:
    assert engine_of(name, version) == engine


@pytest.mark.parametrize("more", ["; SELECT 1", ";\nDELETE FROM t", "; -- why\n SELECT ';'"])
def test_a_second_statement_is_the_fault_of_the_sql(more: str) -> None:
    sql = "SELECT {text: a} AS a FROM t WHERE {page}"
    with pytest.raises(ConnectorInvalid, match="more than one statement"):
        render(sql + more, ENGINES["sqlite"], "k", Page())


COMMENTS = [
    "; /* the end */",
    " /* clients; without the merged */",
    " /* the owner's */ AND a <> ';'",
    " AND a <> '/*' -- the owner's; */\n AND b <> ';';",
]


@pytest.mark.parametrize(
    "end", [";", "; -- the end", " AND a <> ';'", ' AND "a;b" <> `c;d`;'] + COMMENTS
)
def test_a_semicolon_at_the_end_or_between_marks_is_no_second_statement(end: str) -> None:
    sql = "SELECT {text: a} AS a FROM t WHERE {page}"
    text, _ = render(sql + end, ENGINES["sqlite"], "k", Page())
    assert text.startswith("SELECT ")


@pytest.mark.parametrize(
    ("engine", "end"),
    [
        ("mariadb", r" AND a <> 'it\'s; so'"),
        ("postgresql", r" AND a <> '\' || ';'"),
    ],
)
def test_a_backslash_is_read_as_the_engine_reads_it(engine: EngineName, end: str) -> None:
    sql = "SELECT {text: a} AS a FROM t WHERE {page}"
    text, _ = render(sql + end, ENGINES[engine], "k", Page())
    assert text.endswith(end)


@pytest.mark.parametrize("engine", ENGINES)
def test_two_dashes_in_a_literal_are_no_comment(engine: EngineName) -> None:
    sql = "SELECT NULLIF(a, '--') AS a, \"b--c\" -- what?\nFROM t WHERE {page}"
    text, _ = render(sql, ENGINES[engine], "k", Page())
    assert text.startswith("SELECT NULLIF(a, '--') AS a, \"b--c\"  \nFROM t WHERE (k ")


def test_mysql_takes_what_follows_a_number_sign_for_a_comment() -> None:
    sql = "SELECT a # the owner's; so\nFROM t WHERE {page}"
    text, _ = render(sql, ENGINES["mysql"], "k", Page())
    assert text.startswith("SELECT a  \nFROM t WHERE (k ")
