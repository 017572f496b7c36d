"""The rules that the database itself states: each refuses what breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.conftest import fresh_engine
from tests.scriptright.builders import add_practice, client, load, one, pet, rows
from vet_pipeline.errors import DatabaseRefused
from vet_pipeline.scriptright import web_shop
from vet_pipeline.scriptright.postgres.database import translate_errors
from vet_pipeline.scriptright.postgres.server import EmbeddedServer


def execute(engine: Engine, statement: str, **values: Any) -> None:
    with translate_errors(), engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A practice with one PIMS client and pet, one home client with pet and prescription."""
    _fill(engine)
    return engine


@pytest.fixture(scope="module")
def unchanged(postgres: EmbeddedServer) -> Iterator[Engine]:
    """The same for all statements that are refused: none leaves anything."""
    with fresh_engine(postgres) as engine:
        _fill(engine)
        yield engine


def _fill(engine: Engine) -> None:
    add_practice(engine)
    with engine.begin() as connection:
        home = web_shop.add_client(connection, "oak", {"last_name": "Berg"})
        dog = web_shop.add_pet(connection, "oak", home, {"name": "Max"})
        web_shop.add_prescription(connection, "oak", dog, label_name="Max", drug="Carprofen 75 mg")
    load(engine, "oak", 1, [client("1")], [pet("10", "1")])
    with engine.begin() as connection:
        connection.execute(text(HISTORY))


HISTORY = """
    INSERT INTO scriptright.rename_attestation (practice_id, suggestion_id, pet_id, pims_id,
        old_name, new_name, statement, attested_by, load_id, prescriptions)
    VALUES ('oak', 1, 1, '10', 'Max', 'Maxi', 'same animal', 'Test Person', 1, '{}');
    INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,
        new_value, cause, load_id)
    VALUES ('oak', 'pet', 1, 'name', '{}', '{}', 'refresh', 1)
"""


@pytest.mark.parametrize(
    "statement",
    [
        # what must never change or go
        "UPDATE scriptright.prescription SET label_name = 'Rex'",
        "UPDATE scriptright.audit SET actor = 'x'",
        "DELETE FROM scriptright.audit",
        "TRUNCATE scriptright.audit",
        "UPDATE scriptright.rename_attestation SET new_name = 'x'",
        "DELETE FROM scriptright.rename_attestation",
        "TRUNCATE scriptright.rename_attestation",
        "UPDATE scriptright.record_change SET new_value = '{}'",
        "DELETE FROM scriptright.load",
        "TRUNCATE scriptright.load CASCADE",
        "UPDATE scriptright.load SET snapshot_seq = 9",
        "UPDATE scriptright.load SET state = 'superseded'",
        # a record is what its parts say
        "UPDATE scriptright.client SET origin = 'pims' WHERE origin = 'home_delivery'",
        "UPDATE scriptright.client SET email = 'no address'",
        "UPDATE scriptright.client SET phones = '{}'",
        "UPDATE scriptright.pet SET weight_value = 0, weight_unit = 'kg'",
        "UPDATE scriptright.pet SET weight_value = -1, weight_unit = 'kg'",
        "UPDATE scriptright.pet SET weight_value = 3, weight_unit = 'kg', weight_kg = NULL",
        "UPDATE scriptright.pet SET weight_value = 3, weight_unit = 'unknown', weight_kg = 3",
        "UPDATE scriptright.pet SET weight_value = 3, weight_unit = 'stone', weight_kg = 19",
        "UPDATE scriptright.pet SET weight_value = NULL, weight_unit = NULL, weight_kg = NULL,"
        " weighed_on = '2026-01-01'",
        "UPDATE scriptright.pet SET deceased = false, deceased_on = '2026-01-01'",
        "UPDATE scriptright.pet SET birth_date = NULL, birth_date_estimated = true",
        "UPDATE scriptright.pet SET client_id = 999",
        "UPDATE scriptright.prescription SET pet_id = 999",
        "UPDATE scriptright.prescription SET state = 'needs_new_prescription'",
        "UPDATE scriptright.prescription SET new_name = 'Rex'",
        # links: one PIMS record never leads to two, and to nothing unknown
        "INSERT INTO scriptright.pims_client (practice_id, pims_id, row_hash, first_load_id, load_id)"
        " VALUES ('oak', '1', '', 1, 1)",
        "UPDATE scriptright.client_link SET record_id = 999",
        "UPDATE scriptright.client_link SET record_id = NULL",
        "UPDATE scriptright.client_link SET linked_at = NULL",
        "UPDATE scriptright.client_link SET method = NULL",
        "UPDATE scriptright.client_link SET method = 'guessed'",
        "UPDATE scriptright.client_link SET decided_by = 'Dana Field'",
        "UPDATE scriptright.client_link SET standalone = '{}'",
        "UPDATE scriptright.pims_client SET record_id = NULL, link_method = NULL,"
        " link_load_id = NULL, linked_at = NULL, link_score = 1",
        "UPDATE scriptright.client_link SET pims_id = '999'",
        "UPDATE scriptright.client_link SET method = 'person'",
        "UPDATE scriptright.client_link SET method = 'machine'",
        "UPDATE scriptright.client_link SET load_id = 999",
        "UPDATE scriptright.pims_client SET first_load_id = 999",
        "UPDATE scriptright.pims_pet SET load_id = 999",
        "UPDATE scriptright.client SET created_load_id = 999 WHERE origin = 'pims'",
        "UPDATE scriptright.pet SET created_load_id = 999 WHERE origin = 'pims'",
        "DELETE FROM scriptright.client",
        # the ledger: a snapshot once, by number and by content
        "INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state, read_at,"
        " counts) VALUES ('oak', 1, 'new', 'applied', now(), '{}')",
        "INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state, read_at,"
        " counts) VALUES ('oak', 2, 'oak-1', 'applied', now(), '{}')",
        "INSERT INTO scriptright.load (practice_id, snapshot_seq, snapshot_hash, state, read_at,"
        " counts, baseline_seq) VALUES ('oak', 2, 'new', 'applied', now(), '{}', 3)",
        # one confirmation email, decisions with a name, changes with a source
        "INSERT INTO scriptright.outbox (practice_id, kind, message_id, load_id)"
        " VALUES ('oak', 'first_load_confirmation', 'x', 1)",
        "UPDATE scriptright.outbox SET state = 'sent'",
        "INSERT INTO scriptright.hold (practice_id, snapshot_seq, breaches, released_at)"
        " VALUES ('oak', 1, '[]', now())",
        "INSERT INTO scriptright.match_decision (practice_id, record, pims_id, record_id, same,"
        " decided_by, pims_digest, record_digest) VALUES ('oak', 'pet', '1', 1, true, ' ', '', '')",
        "INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field,"
        " reason, old_value, new_value, load_id, state, decided_at)"
        " VALUES ('oak', 'client', 1, '1', 'name', 'changed', '{}', '{}', 1, 'confirmed', now())",
        "INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,"
        " new_value, cause) VALUES ('oak', 'pet', 1, 'name', '{}', '{}', 'refresh')",
        "UPDATE scriptright.practice SET odbc_env = 'X'",
        "UPDATE scriptright.practice SET quiet_from = '20:00'",
        "UPDATE scriptright.practice SET practice_id = 'Oak Hospital'",
    ],
)
def test_the_database_refuses_what_no_program_may_write(unchanged: Engine, statement: str) -> None:
    with pytest.raises(DatabaseRefused):
        execute(unchanged, statement)


def test_only_one_suggestion_a_field_and_pims_record_is_open(filled: Engine) -> None:
    insert = (
        "INSERT INTO scriptright.suggestion (practice_id, record, record_id, pims_id, field,"
        " reason, old_value, new_value, load_id)"
        " VALUES ('oak', 'client', 1, '1', 'name', 'changed', '{}', '{}', 1)"
    )
    execute(filled, insert)
    with pytest.raises(DatabaseRefused, match="suggestion_one_open"):
        execute(filled, insert)
    execute(filled, "UPDATE scriptright.suggestion SET state = 'superseded', decided_at = now()")
    execute(filled, insert)


def test_a_prescriptions_state_may_change_where_its_label_may_not(filled: Engine) -> None:
    execute(
        filled,
        "UPDATE scriptright.prescription SET state = 'needs_new_prescription', new_name = 'Maxi'",
    )
    assert rows(filled, "SELECT label_name, new_name FROM scriptright.prescription") == [
        ("Max", "Maxi")
    ]


def test_every_key_of_a_practices_rows_starts_with_the_practice(engine: Engine) -> None:
    without = """
        SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE n.nspname = 'scriptright' AND c.contype IN ('p', 'u', 'f')
          AND a.attname <> 'practice_id' ORDER BY 1, 2
    """
    # What on-call is told is about many practices; nothing of a client or pet is in these tables.
    assert rows(engine, without) == [
        ("scriptright.alert", "alert_pkey"),
        ("scriptright.alert_practice", "alert_practice_alert_id_fkey"),
        ("scriptright.watch", "watch_pkey"),
    ]


def test_a_refused_cell_is_in_no_error_message(filled: Engine) -> None:
    with pytest.raises(DatabaseRefused) as caught:
        execute(
            filled, "UPDATE scriptright.client SET email = 'canary' WHERE origin = :o", o="pims"
        )
    shown = f"{caught.value}{caught.value.__cause__}"
    assert "canary" not in shown
    assert "23514" in shown
    assert "client_email_check" in shown
    assert caught.value.__suppress_context__
    assert one(filled, "SELECT count(*) FROM scriptright.client WHERE email = 'canary'") == 0
