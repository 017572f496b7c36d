"""The accounts in ScriptRight after a load: what each rule finds when it is broken."""

from __future__ import annotations

from collections.abc import Callable

import dagster as dg
import pytest
from sqlalchemy import text

from expectations.accounts import Account, row_accounts, standing_accounts
from tests.assets.conftest import World

Run = Callable[..., dg.ExecuteInProcessResult]

IN_ORDER = [
    Account("linked records that also wait", 0),
    Account("manual fields changed without a decision", 0),
    Account("confirmations not requested once", 0),
]


def accounts(world: World) -> list[Account]:
    with world.engine.connect() as connection:
        return standing_accounts(connection, world.practice_id)


def change(world: World, statement: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(text(statement))


def record_change(world: World, field: str, cause: str) -> None:
    change(
        world,
        "INSERT INTO scriptright.record_change (practice_id, record, record_id, field, old_value,"
        " new_value, cause, load_id) SELECT practice_id, 'pet', pet_id, "
        f"'{field}', '{{}}', '{{}}', '{cause}', created_load_id FROM scriptright.pet LIMIT 1",
    )


def test_they_balance_before_and_after_a_first_copy(world: World, run_job: Run) -> None:
    assert accounts(world) == IN_ORDER
    assert run_job().success
    assert accounts(world) == IN_ORDER


def test_a_manual_field_changed_by_a_load_alone_is_found(world: World, run_job: Run) -> None:
    run_job()
    record_change(world, "name", "refresh")
    assert accounts(world)[1] == Account("manual fields changed without a decision", 1)
    alone = run_job(
        asset_selection=[dg.AssetKey("scriptright_records")],
    )
    assert [e.check_name for e in alone.get_asset_check_evaluations() if not e.passed] == [
        "accounts_balance"
    ]


def test_an_automatic_field_and_a_confirmed_change_are_in_order(world: World, run_job: Run) -> None:
    run_job()
    record_change(world, "weight", "refresh")
    record_change(world, "name", "confirmed")
    assert accounts(world) == IN_ORDER


def test_a_copied_practice_without_a_request_for_its_email_is_found(
    world: World, run_job: Run
) -> None:
    run_job()
    change(world, "DELETE FROM scriptright.outbox")
    assert accounts(world)[2] == Account("confirmations not requested once", 1)


def test_a_linked_record_that_also_waits_for_a_person_is_found(world: World, run_job: Run) -> None:
    run_job()
    change(
        world,
        "INSERT INTO scriptright.match_candidate (practice_id, record, pims_id, record_id,"
        " evidence, model_version, load_id) SELECT practice_id, 'client', pims_id, record_id,"
        " '{}', 'test', load_id FROM scriptright.client_link LIMIT 1",
    )
    assert accounts(world)[0] == Account("linked records that also wait", 1)


@pytest.mark.parametrize(("clients", "pets", "quarantined"), [(3, 3, 1), (1, 2, 0)])
def test_rows_that_went_missing_on_the_way_and_such_that_nobody_has_read_are_found(
    world: World, run_job: Run, clients: int, pets: int, quarantined: int
) -> None:
    run_job()
    read = {
        "client": {"rows_read": clients, "quarantined": 0},
        "pet": {"rows_read": pets, "quarantined": quarantined},
    }
    with world.engine.connect() as connection:
        assert row_accounts(connection, world.practice_id, read) == [
            Account("client rows unaccounted for", 1),
            Account("pet rows unaccounted for", 0),
        ]
