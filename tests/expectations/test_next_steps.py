"""What a red check says to do: what on-call is mailed, and `failed` shows."""

from __future__ import annotations

from typing import Any

import dagster as dg
import pytest

from automation.failures import read_failure
from expectations import checks, suites
from resources.snapshots import snapshot_at_hand
from tests.assets.conftest import World
from tests.assets.test_copy_practice import facts
from tests.expectations.test_accounts import Run, record_change
from vet_pipeline.definitions import build_definitions
from vet_pipeline.errors import DatabaseUnavailable
from vet_pipeline.registry import practices
from vet_pipeline.registry.practice_settings import Settings
from vet_pipeline.scriptright.decisions import holds


def told(world: World, run_id: str) -> tuple[str, str, str]:
    record = world.instance.get_run_record_by_id(run_id)
    assert record is not None
    failure = read_failure(world.instance, record)
    return failure.place, failure.what, failure.next_step


def test_a_broken_contract_is_looked_for_in_the_pims_and_not_tried_again(
    world: World, run_job: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_patients = suites.raw_table("patients", rows=2)
    monkeypatch.setattr(suites, "raw_table", lambda _kind, rows: of_patients)
    assert told(world, run_job().run_id) == (
        "raw_clients_keep_the_contract",
        "Bad data: table_columns_to_match_ordered_list",
        "nothing was applied; see with vet-pipeline connector check and the practice what its PIMS"
        " holds now, then vet-pipeline run elm-street",
    )


def test_rows_without_keys_wait_once_for_a_person_who_can_release_them(
    world: World, run_job: Run
) -> None:
    for _ in range(30):
        world.pims.add_client("", last_name="Keyless")
    _, what, next_step = told(world, run_job().run_id)
    assert what == "Snapshot 1 is held: clients without own key: 30 of 32 (more than 5 %)"
    assert "vet-pipeline release elm-street --snapshot 1 --by NAME" in next_step
    holds.release(world.engine, "elm-street", by="Dr. Test")
    applied = run_job("apply_stored_snapshot")
    assert applied.success
    found = facts(applied, "scriptright_records")
    assert (found["clients_read"], found["clients_new"], found["clients_quarantined"]) == (
        32,
        2,
        30,
    )
    assert run_job().success, "what had no key before either is no news"
    for _ in range(25):
        world.pims.add_client("", last_name="Keyless")
    _, what, _ = told(world, run_job().run_id)
    assert what == "Snapshot 3 is held: clients without own key: 25 of 57 (more than 5 %)"


def test_dates_written_the_other_way_round_wait_for_a_person_once(
    world: World, run_job: Run
) -> None:
    """Most are impossible by the order that is set, and the others are another day."""

    def write(born: str) -> None:
        world.pims.run("DELETE FROM vetpipeline_patients WHERE patient_key LIKE '100%'")
        for day in [*range(1, 29)] * 2:
            keys = world.pims.count("vetpipeline_patients")
            world.pims.add_patient(f"100{keys}", "1", name="Rex", birth_date=born.format(day))

    with world.engine.begin() as connection:
        dmy = Settings(date_order="dmy")
        practices.change_settings(connection, "elm-street", dmy, by="Dr. Test")
    write("{}/11/2020")
    assert run_job().success
    write("11/{}/2020")
    run_id = run_job().run_id
    assert told(world, run_id)[1] == (
        "Snapshot 2 is held: pets now refused: 32 of 58 (more than 10 %)"
    )
    holds.release(world.engine, "elm-street", by="Dr. Test")
    assert run_job("apply_stored_snapshot").success
    assert run_job().success, "what couldn't be taken before either is no news"


def test_a_load_that_does_not_add_up_pauses_the_practice_first(world: World, run_job: Run) -> None:
    run_job()
    record_change(world, "name", "refresh")
    assert told(world, run_job().run_id) == (
        "accounts_balance",
        "Does not hold: manual fields changed without a decision (1)",
        "vet-pipeline practice pause elm-street --by NAME --reason ledger, so that no other load comes"
        " on top; then report it with the run's id",
    )


def test_a_check_whose_database_was_away_for_a_moment_looks_again_and_a_red_one_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> dg.ExecuteInProcessResult:  # as the daemon does: nobody sits in front of it
        job = build_definitions(resources=world.resources).resolve_job_def("copy_practice")
        return job.execute_in_process(
            instance=world.instance, partition_key=world.practice_id, raise_on_error=False
        )

    def at_hand(*given: Any) -> Any:
        if next(away, False):
            raise DatabaseUnavailable("it restarts", next_step="wait")
        return snapshot_at_hand(*given)

    away = iter([True])
    monkeypatch.setattr(dg.RetryPolicy, "calculate_delay", lambda *_: 0)
    monkeypatch.setattr(checks, "snapshot_at_hand", at_hand)
    assert run().success
    record_change(world, "name", "refresh")
    red = run()
    assert told(world, red.run_id)[0] == "accounts_balance"
    assert not [e for e in red.all_events if e.event_type is dg.DagsterEventType.STEP_UP_FOR_RETRY]
