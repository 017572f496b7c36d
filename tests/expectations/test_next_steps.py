"""What a red check says to do: what on-call is mailed, and `failed` shows."""

from __future__ import annotations

from automation.failures import read_failure
from tests.assets.conftest import World
from tests.expectations.test_accounts import Run, record_change


def told(world: World, run_id: str) -> tuple[str, str, str]:
    record = world.instance.get_run_record_by_id(run_id)
    assert record is not None
    failure = read_failure(world.instance, record)
    return failure.place, failure.what, failure.next_step


def test_rows_without_keys_are_looked_for_in_the_pims_and_not_tried_again(
    world: World, run_job: Run
) -> None:
    for _ in range(30):
        world.pims.add_client("", last_name="Keyless")
    assert told(world, run_job().run_id) == (
        "raw_clients_keep_the_contract",
        "Bad data: column_values_to_be_unique client_key (30 of 32 rows)",
        "nothing was applied; see with vet-pipeline connector check and the practice what its PIMS"
        " holds now, then vet-pipeline run elm-street",
    )


def test_a_load_that_does_not_add_up_pauses_the_practice_first(world: World, run_job: Run) -> None:
    run_job()
    record_change(world, "name", "refresh")
    assert told(world, run_job().run_id) == (
        "accounts_balance",
        "Does not hold: manual fields changed without a decision (1)",
        "vet-pipeline practice pause elm-street --by NAME, so that no other load comes on top;"
        " then report it with the run's id",
    )
