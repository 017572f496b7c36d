"""Each purpose has a role that may do no more than it needs, and sees one practice's rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from tests.scriptright.told_matcher import ToldMatcher
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright.decisions import review
from vet_pipeline.scriptright.postgres import grants
from vet_pipeline.scriptright.postgres.database import open_engine, translate_errors
from vet_pipeline.scriptright.postgres.logins import ROLES, WORKING, Role, role_name
from vet_pipeline.scriptright.postgres.migrate import migrate
from vet_pipeline.scriptright.postgres.roles import connected, enter, transaction
from vet_pipeline.scriptright.postgres.server import PROGRAM, SUPERUSER, EmbeddedServer

OF_PRACTICES = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'practice_id' AND c.relnamespace = 'scriptright'::regnamespace
      AND c.relkind IN ('r', 'p') ORDER BY 1
"""
VIEWS = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'scriptright'::regnamespace AND relkind = 'v'
"""


@pytest.fixture
def program(program_url: str) -> Iterator[Engine]:
    """An engine as the program opens it: on a login that has no rights but its roles'."""
    opened = open_engine(program_url)
    yield opened
    opened.dispose()


@pytest.fixture
def two(engine: Engine) -> Engine:
    """Two practices with a load each; a client, a pet and an open suggestion in both."""
    for practice_id in ("oak", "elm"):
        add_practice(engine, practice_id)
        matcher = ToldMatcher({})
        load(engine, practice_id, 1, [client("1")], [pet("7", "1")], matcher=matcher)
        later = [client("1", last_name="Moss")]
        load(engine, practice_id, 2, later, [pet("7", "1")], matcher=matcher)
    return engine


def test_every_table_of_practices_has_row_level_security_forced_and_its_policies(
    engine: Engine,
) -> None:
    tables = [name for (name,) in rows(engine, OF_PRACTICES)]
    assert len(tables) >= 20
    unsecured = """
        SELECT relname FROM pg_class WHERE relnamespace = 'scriptright'::regnamespace
          AND relname = ANY(:tables) AND NOT (relrowsecurity AND relforcerowsecurity)
    """
    assert rows(engine, unsecured, tables=tables) == []
    found = rows(
        engine,
        "SELECT tablename, policyname, permissive, cmd, roles::text[], qual, with_check"
        " FROM pg_policies WHERE schemaname = 'scriptright' ORDER BY 1, 2",
    )
    setting = "current_setting('scriptright.practice'::text, true)"
    own = f"(practice_id = ( SELECT {setting} AS current_setting))"
    working = sorted(map(role_name, WORKING))
    wanted = []
    for table in tables:
        if "ops" in grants.RIGHTS[table]:
            command = "ALL" if table in {"outbox", "alert_practice"} else "SELECT"
            ops = [role_name("ops")]
            wanted.append((table, "every_practice", "PERMISSIVE", command, ops, "true", None))
        wanted.append(
            (table, "migration", "PERMISSIVE", "ALL", [role_name("migrate")], "true", "true")
        )
        wanted.append((table, "own_practice", "PERMISSIVE", "ALL", working, own, own))
    assert [(*row[:4], sorted(row[4]), *row[5:]) for row in found] == wanted


def test_the_database_gives_each_role_what_the_table_of_rights_says_and_no_more(
    engine: Engine,
) -> None:
    whole = """
        SELECT c.relname, g.rolname, a.privilege_type, NULL FROM pg_class c,
          aclexplode(c.relacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
        WHERE c.relnamespace = 'scriptright'::regnamespace AND c.relkind IN ('r', 'p', 'v')
          AND g.rolname IS DISTINCT FROM 'scriptright_migrate'
    """
    columns = """
        SELECT c.relname, g.rolname, a.privilege_type, t.attname
        FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
        LEFT JOIN pg_roles g ON g.oid = a.grantee
        WHERE c.relnamespace = 'scriptright'::regnamespace
    """
    wanted = set()
    for table, rights in grants.RIGHTS.items():
        for role, privileges in rights.items():
            for privilege in privileges:
                word, _, names = privilege.partition(" (")
                for name in names.rstrip(")").split(", ") if names else [None]:
                    wanted.add((table, f"scriptright_{role}", word, name))
    assert set(rows(engine, whole)) | set(rows(engine, columns)) == wanted


def test_a_table_or_view_without_stated_rights_would_be_noticed(engine: Engine) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'scriptright'"
    known = {name for (name,) in rows(engine, tables)} | {name for (name,) in rows(engine, VIEWS)}
    assert known == set(grants.RIGHTS)


def test_a_view_shows_what_the_one_who_looks_may_see(engine: Engine) -> None:
    assert rows(engine, f"{VIEWS} AND NOT 'security_invoker=true' = ANY(reloptions)") == []
    assert len(rows(engine, VIEWS)) == 2


def test_nobody_may_change_or_remove_what_is_kept_for_good(engine: Engine) -> None:
    may = """
        SELECT r, t, p FROM unnest(CAST(:roles AS text[])) r,
            unnest(ARRAY['audit', 'rename_attestation', 'match_decision', 'record_change']) t,
            unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
        WHERE has_table_privilege(r, 'scriptright.' || t, p)
           OR (p = 'UPDATE' AND has_any_column_privilege(r, 'scriptright.' || t, p)) ORDER BY 1, 2, 3
    """
    assert rows(engine, may, roles=[role_name(r) for r in WORKING]) == [
        ("scriptright_erase", "match_decision", "DELETE"),  # of a practice that leaves
        ("scriptright_erase", "record_change", "DELETE"),
    ]
    roles = "SELECT count(*) FROM pg_roles WHERE rolname = ANY(:n) AND NOT rolcanlogin"
    assert one(engine, roles, n=[role_name(r) for r in ROLES]) == len(ROLES)
    strong = """
        SELECT count(*) FROM pg_roles WHERE rolname = ANY(:n)
          AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
    """
    assert one(engine, strong, n=[*map(role_name, ROLES), PROGRAM]) == 0


@pytest.mark.parametrize("role", WORKING)
def test_a_role_sees_its_practice_alone_by_hand_written_sql(
    two: Engine, program: Engine, role: Role
) -> None:
    tables = [name for (name,) in (*rows(two, OF_PRACTICES), *rows(two, VIEWS))]
    seen = 0
    for table in tables:
        readable = f"SELECT has_column_privilege('{role_name(role)}', 'scriptright.{table}', 'practice_id', 'SELECT')"
        if not one(two, readable) or role == "ops":
            continue
        query = text(f"SELECT DISTINCT practice_id FROM scriptright.{table}")
        with connected(program, role, "oak") as connection:
            found = connection.execute(query).scalars().all()
            assert found in ([], ["oak"]), table
            seen += found == ["oak"]
        with connected(program, role) as connection:  # of no practice: no row
            assert connection.execute(query).scalars().all() == [], table
    assert seen >= (0 if role == "ops" else 3)


def test_the_load_role_cannot_touch_another_practice_by_hand_written_sql(
    two: Engine, program: Engine
) -> None:
    changes = "SELECT t::text FROM scriptright.client t WHERE practice_id = 'elm'"
    before = rows(two, changes)
    harmless = (
        "UPDATE scriptright.client SET email = 'gone@example.com' WHERE practice_id = 'elm'",
        "UPDATE scriptright.practice SET applied_seq = 9 WHERE practice_id = 'elm'",
        "UPDATE scriptright.suggestion SET state = 'superseded', decided_at = now()"
        " WHERE practice_id <> 'oak'",
    )
    for statement in harmless:
        with transaction(program, "load", "oak") as connection:
            assert connection.execute(text(statement)).rowcount == 0, statement
    refused = (
        "INSERT INTO scriptright.client (practice_id, origin) VALUES ('elm', 'home_delivery')",
        "INSERT INTO scriptright.hold (practice_id, snapshot_seq, breaches) VALUES ('elm', 9, '[]')",
        "UPDATE scriptright.client SET practice_id = 'elm'",
        "DELETE FROM scriptright.client",
        "TRUNCATE scriptright.client CASCADE",
        "ALTER TABLE scriptright.client NO FORCE ROW LEVEL SECURITY",
        "SET row_security = off; SELECT * FROM scriptright.client",
        "SELECT scriptright.tell_planner('audit')",
        "INSERT INTO scriptright.rename_attestation (practice_id) VALUES ('oak')",
        "UPDATE scriptright.audit SET actor = 'nobody'",
    )
    for statement in refused:
        with pytest.raises(DatabaseRefused), transaction(program, "load", "oak") as connection:
            connection.exec_driver_sql(statement)
    assert rows(two, changes) == before


def test_ops_sees_what_waits_in_every_practice_but_no_client_and_no_pet(
    two: Engine, program: Engine
) -> None:
    with connected(program, "ops") as connection:
        assert connection.execute(
            text("SELECT practice_id, count(*) FROM scriptright.suggestion GROUP BY 1 ORDER BY 1")
        ).all() == [("elm", 1), ("oak", 1)]
    for query in (
        "SELECT 1 FROM scriptright.client",
        "SELECT 1 FROM scriptright.pet",
        "SELECT 1 FROM scriptright.pims_client",
        "SELECT pet_id FROM scriptright.prescription",
        "SELECT drug FROM scriptright.prescription",
        "SELECT 1 FROM scriptright.record_change",
        "SELECT new_value FROM scriptright.suggestion",
    ):
        with pytest.raises(DatabaseRefused), connected(program, "ops", "oak") as connection:
            connection.execute(text(query))


def test_a_statement_outside_of_a_role_is_refused(two: Engine, program: Engine) -> None:
    with (
        pytest.raises(DatabaseRefused, match=r"docs/security\.md"),
        translate_errors(),
        program.connect() as connection,
    ):
        connection.execute(text("SELECT count(*) FROM scriptright.client"))


def test_role_and_practice_end_with_the_transaction(two: Engine, program: Engine) -> None:
    now = text("SELECT current_user, current_setting('scriptright.practice', true)")
    with program.connect() as connection:
        enter(connection, "load", "oak")
        assert connection.execute(now).one() == ("scriptright_load", "oak")
        connection.commit()
        assert connection.execute(now).one() == (PROGRAM, "")


def test_a_login_for_one_purpose_cannot_take_the_role_of_another(
    two: Engine, postgres: EmbeddedServer, database_url: str
) -> None:
    with two.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS one_purpose"))
        connection.execute(text("CREATE ROLE one_purpose LOGIN NOINHERIT IN ROLE scriptright_read"))
    reader = open_engine(database_url.replace(f"//{SUPERUSER}@", "//one_purpose@"))
    with connected(reader, "read", "oak") as connection:
        assert [s.field for s in review.list_suggestions(connection, "oak")] == ["name"]
    with pytest.raises(DatabaseRefused, match=r"docs/security\.md"):
        review.reject(reader, "oak", 1, by="Test Person")
    with pytest.raises(DatabaseRefused), connected(reader, "ops"):
        pass
    reader.dispose()
    with two.begin() as connection:
        connection.execute(text("DROP ROLE one_purpose"))


def test_rights_taken_or_given_by_hand_are_put_right_by_the_next_migration(
    engine: Engine, database_url: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text("GRANT ALL ON scriptright.client TO scriptright_ops"))
        connection.execute(text("REVOKE ALL ON scriptright.client FROM scriptright_load"))
        connection.execute(text("ALTER TABLE scriptright.pet DISABLE ROW LEVEL SECURITY"))
        connection.execute(text("DROP POLICY own_practice ON scriptright.audit"))
    migrate(database_url)
    test_the_database_gives_each_role_what_the_table_of_rights_says_and_no_more(engine)
    test_every_table_of_practices_has_row_level_security_forced_and_its_policies(engine)


def test_a_login_that_may_not_make_roles_migrates_once_it_is_in_the_owner(
    engine: Engine, postgres: EmbeddedServer
) -> None:
    as_superuser = engine.execution_options(isolation_level="AUTOCOMMIT")
    with as_superuser.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS managed"))
        connection.execute(text("DROP ROLE IF EXISTS deployer"))
        connection.execute(text("CREATE ROLE deployer LOGIN"))
        connection.execute(text("CREATE DATABASE managed OWNER deployer"))
    url = postgres.url("managed", "psycopg", "deployer")
    try:
        with pytest.raises(DatabaseRefused):
            migrate(url)
        with as_superuser.connect() as connection:
            connection.execute(text("GRANT scriptright_migrate TO deployer"))
        migrate(url)
        managed = open_engine(postgres.url("managed", "psycopg", PROGRAM))
        with connected(managed, "ops") as connection:
            assert (
                connection.execute(text("SELECT count(*) FROM scriptright.practice")).scalar() == 0
            )
        managed.dispose()
    finally:
        with as_superuser.connect() as connection:
            connection.execute(text("DROP DATABASE managed WITH (FORCE)"))
            connection.execute(text("DROP ROLE deployer"))
