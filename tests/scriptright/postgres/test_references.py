"""Nothing refers to a row that isn't there: whoever writes, in whatever order two transactions meet."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from vet_pipeline.scriptright.postgres.roles import Role, enter

ORPHANS = """
    SELECT count(*) FROM (
        SELECT practice_id FROM scriptright.client c WHERE NOT EXISTS (
            SELECT FROM scriptright.practice o WHERE o.practice_id = c.practice_id)
        UNION ALL SELECT practice_id FROM scriptright.pet p WHERE NOT EXISTS (
            SELECT FROM scriptright.client c
            WHERE (c.practice_id, c.client_id) = (p.practice_id, p.client_id))
        UNION ALL SELECT practice_id FROM scriptright.client_link l WHERE NOT EXISTS (
            SELECT FROM scriptright.client c
            WHERE (c.practice_id, c.client_id) = (l.practice_id, l.record_id))
        UNION ALL SELECT practice_id FROM scriptright.client_link l WHERE NOT EXISTS (
            SELECT FROM scriptright.pims_client b
            WHERE (b.practice_id, b.pims_id) = (l.practice_id, l.pims_id))
        UNION ALL SELECT practice_id FROM scriptright.pet_link l WHERE NOT EXISTS (
            SELECT FROM scriptright.pet t
            WHERE (t.practice_id, t.pet_id) = (l.practice_id, l.record_id))
        UNION ALL SELECT practice_id FROM scriptright.pet_link l WHERE NOT EXISTS (
            SELECT FROM scriptright.pims_pet b
            WHERE (b.practice_id, b.pims_id) = (l.practice_id, l.pims_id))) orphans
"""

NEW_PET = (
    "INSERT INTO scriptright.pet (practice_id, client_id, origin, name)"
    " VALUES ('oak', {owner}, 'home_delivery', 'Max')"
)
LINK = (
    "UPDATE scriptright.pims_{kind} SET record_id = {record_id}, link_method = 'created',"
    " link_load_id = 1, linked_at = now() WHERE practice_id = 'oak' AND pims_id = '{pims_id}'"
)
NEW_ROW = (
    "INSERT INTO scriptright.pims_{kind} (practice_id, pims_id, row_hash, first_load_id, load_id,"
    " record_id, link_method, link_load_id, linked_at)"
    " VALUES ('oak', '3', '', 1, 1, {record_id}, 'created', {load_id}, now())"
)
TWO_ROWS = (
    "INSERT INTO scriptright.pims_{kind} (practice_id, pims_id, row_hash, first_load_id, load_id)"
    " VALUES ('oak', '3', '', 1, 1), ('oak', '4', '', {first_load_id}, {load_id})"
)
UNLINK = (
    "UPDATE scriptright.pims_{kind} SET record_id = NULL, link_method = NULL, link_load_id = NULL,"
    " linked_at = NULL"
)


@pytest.fixture
def oak(engine: Engine) -> Engine:
    """Client 1 with pet 1, linked; client 2 and the PIMS rows 2 and 20, linked to nothing."""
    add_practice(engine)
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    with engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO scriptright.client (practice_id, client_id, origin)"
            " VALUES ('oak', 2, 'home_delivery')"))  # fmt: skip
        connection.execute(text(
            "INSERT INTO scriptright.pims_client (practice_id, pims_id, row_hash, first_load_id,"
            " load_id) VALUES ('oak', '2', '', 1, 1)"))  # fmt: skip
        connection.execute(text(
            "INSERT INTO scriptright.pims_pet (practice_id, pims_id, row_hash, first_load_id,"
            " load_id) VALUES ('oak', '20', '', 1, 1)"))  # fmt: skip
    return engine


def refused(engine: Engine, statement: str, role: Role | None = None) -> str:
    """The SQLSTATE and the rule that refused it."""
    with engine.connect() as connection:
        if role is not None:
            enter(connection, role, "oak")
        with pytest.raises(DBAPIError) as caught:
            connection.execute(text(statement))
    error = caught.value.orig
    return f"{error.sqlstate} {error.diag.constraint_name}"  # type: ignore[union-attr]


REFUSED = [
        (NEW_PET.format(owner=999), "pet_rows_known"),
        (LINK.format(kind="client", pims_id="2", record_id=999), "pims_client_moved_link_known"),
        (LINK.format(kind="pet", pims_id="20", record_id=999), "pims_pet_moved_link_known"),
        (NEW_ROW.format(kind="client", record_id=999, load_id=1), "pims_client_rows_known"),
        (NEW_ROW.format(kind="client", record_id=2, load_id=999), "pims_client_rows_known"),
        (TWO_ROWS.format(kind="client", first_load_id=1, load_id=999), "pims_client_rows_known"),
        (TWO_ROWS.format(kind="pet", first_load_id=999, load_id=1), "pims_pet_rows_known"),
        (
            "INSERT INTO scriptright.client (practice_id, client_id, origin, created_load_id)"
            " VALUES ('oak', 5, 'pims', 1), ('oak', 6, 'pims', 999)", "client_rows_known",
        ),
        (NEW_ROW.format(kind="pet", record_id=999, load_id=1), "pims_pet_rows_known"),
        (NEW_ROW.format(kind="pet", record_id=1, load_id=999), "pims_pet_rows_known"),
        (
            "INSERT INTO scriptright.client (practice_id, origin) VALUES ('elm', 'home_delivery')",
            "client_rows_known",
        ),
        ("UPDATE scriptright.pet SET client_id = 999", "pet_moved_rows_known"),
        ("UPDATE scriptright.client_link SET record_id = 999", "pims_client_moved_link_known"),
        ("UPDATE scriptright.client_link SET load_id = 999", "pims_client_moved_link_known"),
        ("UPDATE scriptright.pet_link SET record_id = 999", "pims_pet_moved_link_known"),
        ("UPDATE scriptright.pet_link SET load_id = 999", "pims_pet_moved_link_known"),
        ("UPDATE scriptright.pims_client SET first_load_id = 999", "pims_client_moved_rows_known"),
        ("UPDATE scriptright.pims_pet SET load_id = 999", "pims_pet_moved_rows_known"),
        ("DELETE FROM scriptright.client WHERE client_id = 1", "client_no_orphans"),
        ("DELETE FROM scriptright.pet", "pet_no_orphans"),
        ("TRUNCATE scriptright.client, scriptright.prescription", "client_not_emptied"),
        ("TRUNCATE scriptright.pet, scriptright.prescription", "pet_not_emptied"),
]  # fmt: skip
KEYS = [
    ("UPDATE scriptright.client SET client_id = 9 WHERE client_id = 2", "client_key_kept"),
    ("UPDATE scriptright.pet SET pet_id = 9", "pet_key_kept"),
    (
        "UPDATE scriptright.pims_client SET pims_id = '9' WHERE pims_id = '1'",
        "pims_client_key_kept",
    ),
    ("UPDATE scriptright.pims_pet SET pims_id = '9' WHERE pims_id = '10'", "pims_pet_key_kept"),
    ("UPDATE scriptright.client_link SET pims_id = '9'", "pims_client_key_kept"),
    ("UPDATE scriptright.pet_link SET pims_id = '9'", "pims_pet_key_kept"),
]


def test_what_would_refer_to_nothing_is_refused(oak: Engine) -> None:
    assert [refused(oak, statement) for statement, _ in REFUSED] == [
        f"23503 {rule}" for _, rule in REFUSED
    ]
    assert one(oak, ORPHANS) == 0


def test_a_key_that_can_be_referred_to_never_changes(oak: Engine) -> None:
    assert [refused(oak, statement) for statement, _ in KEYS] == [
        f"23001 {rule}" for _, rule in KEYS
    ]
    assert refused(oak, "UPDATE scriptright.practice SET practice_id = 'elm'").startswith("23")


def test_another_practices_load_is_no_load_of_ones_own(oak: Engine) -> None:
    add_practice(oak, "elm")
    load(oak, "elm", 1, [client("1")], [])
    elm = one(oak, "SELECT load_id FROM scriptright.load WHERE practice_id = 'elm'")
    one_row = NEW_ROW.format(kind="client", record_id=2, load_id=elm)
    two_rows = TWO_ROWS.format(kind="client", first_load_id=elm, load_id=elm)
    only_elms = "UPDATE scriptright.pims_client SET load_id = first_load_id, first_load_id = {}"
    assert [refused(oak, s) for s in (one_row, two_rows, only_elms.format(elm))] == [
        "23503 pims_client_rows_known",
        "23503 pims_client_rows_known",
        "23503 pims_client_moved_rows_known",
    ]


def test_what_nothing_refers_to_may_go_and_a_reference_may_move(oak: Engine) -> None:
    with oak.begin() as connection:
        connection.execute(text("UPDATE scriptright.pet SET client_id = 2"))
        connection.execute(text("DELETE FROM scriptright.pims_client"))
        connection.execute(text("DELETE FROM scriptright.client WHERE client_id = 1"))
    assert rows(oak, "SELECT client_id FROM scriptright.client") == [(2,)]
    assert one(oak, ORPHANS) == 0


def test_record_and_link_of_one_statement_know_each_other(oak: Engine) -> None:
    for number, links in (
        (77, LINK.format(kind="client", pims_id="2", record_id=77)),
        (78, NEW_ROW.format(kind="client", record_id=78, load_id=1)),
    ):
        with oak.begin() as connection:
            connection.execute(
                text(f"""
                WITH made AS (INSERT INTO scriptright.client (practice_id, client_id, origin)
                              VALUES ('oak', {number}, 'home_delivery'))
                {links}
            """)
            )
    assert one(oak, ORPHANS) == 0


def test_the_roles_that_write_are_checked_too(oak: Engine) -> None:
    removal = "DELETE FROM scriptright.client WHERE client_id = {owner}"
    wrong = {"load": 999, "review": 999, "shop": 999, "erase": 1}
    for role, owner in wrong.items():
        statement = removal if role == "erase" else NEW_PET
        assert refused(oak, statement.format(owner=owner), role)[:5] == "23503"  # type: ignore[arg-type]
    for role in ("load", "review", "shop"):
        with oak.begin() as connection:
            enter(connection, role, "oak")  # type: ignore[arg-type]
            connection.execute(text(NEW_PET.format(owner=2)))


def test_a_transaction_that_cannot_look_anew_is_refused(oak: Engine) -> None:
    removal = "DELETE FROM scriptright.client WHERE client_id = 2"
    for level in ("REPEATABLE READ", "SERIALIZABLE"):
        fixed = oak.execution_options(isolation_level=level)
        assert [refused(fixed, s)[:5] for s in (NEW_PET.format(owner=2), removal)] == ["25000"] * 2


RACES = [
    (NEW_PET.format(owner=2), "DELETE FROM scriptright.client WHERE client_id = 2"),
    (LINK.format(kind="client", pims_id="2", record_id=2),
     "DELETE FROM scriptright.client WHERE client_id = 2"),
    (NEW_ROW.format(kind="client", record_id=2, load_id=1),
     "DELETE FROM scriptright.client WHERE client_id = 2"),
    ("UPDATE scriptright.client_link SET record_id = 2",
     "DELETE FROM scriptright.client WHERE client_id = 2"),
    (LINK.format(kind="pet", pims_id="20", record_id=1),
     UNLINK.format(kind="pet") + " WHERE pims_id = '10'; TRUNCATE scriptright.pet, scriptright.prescription"),
]  # fmt: skip


@pytest.mark.parametrize(("refers", "removes"), RACES)
@pytest.mark.parametrize("first", ["refers", "removes"])
def test_of_two_that_meet_the_second_waits_and_is_refused(
    oak: Engine, refers: str, removes: str, first: str
) -> None:
    one_, other = (refers, removes) if first == "refers" else (removes, refers)
    outcome: list[str] = []
    with _open(oak) as ahead:
        ahead.execute(text(one_))
        second = threading.Thread(target=lambda: outcome.append(refused(oak, other)))
        second.start()
        _wait_until_somebody_waits(oak)
        assert outcome == []
        ahead.commit()
        second.join()
    assert [said[:5] for said in outcome] == ["23503"]
    assert one(oak, ORPHANS) == 0


@pytest.mark.parametrize(("refers", "removes"), RACES[:1])
@pytest.mark.parametrize("first", ["refers", "removes"])
def test_of_two_that_meet_the_second_goes_on_when_the_first_gives_up(
    oak: Engine, refers: str, removes: str, first: str
) -> None:
    one_, other = (refers, removes) if first == "refers" else (removes, refers)

    def run() -> None:
        with oak.begin() as connection:
            connection.execute(text(other))

    with _open(oak) as ahead:
        ahead.execute(text(one_))
        second = threading.Thread(target=run)
        second.start()
        _wait_until_somebody_waits(oak)
        ahead.rollback()
        second.join()
    assert one(oak, ORPHANS) == 0


def test_writers_of_new_references_dont_wait_for_each_other(oak: Engine) -> None:
    with _open(oak) as ahead, oak.begin() as connection:
        ahead.execute(text(NEW_PET.format(owner=2)))
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text(NEW_PET.format(owner=2)))


def test_another_practices_rows_may_be_removed_meanwhile(oak: Engine) -> None:
    add_practice(oak, "elm")
    with oak.begin() as connection:
        connection.execute(text(
            "INSERT INTO scriptright.client (practice_id, client_id, origin)"
            " VALUES ('elm', 3, 'home_delivery')"))  # fmt: skip
    with _open(oak) as ahead, oak.begin() as connection:
        ahead.execute(text(NEW_PET.format(owner=2)))
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        connection.execute(text("DELETE FROM scriptright.client WHERE practice_id = 'elm'"))


@contextmanager
def _open(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection


def _wait_until_somebody_waits(engine: Engine) -> None:
    """Until a backend of this database waits for a lock: the second statement has got there."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.execute(text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock'")).scalar():  # fmt: skip
            connection.execute(text("SELECT pg_sleep(0.01)"))
